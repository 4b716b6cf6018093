// Once in each process of the 'simd' project: the baseline build, whatever the runtime supports.

import { init } from '../src/engine/engine.ts';

init({ variant: 'simd' });
