// A page whose policy allows its own scripts and WebAssembly, and nothing else.

import * as digits from './digits.mjs';
import { fixedRun } from './fixed-run.mjs';
import * as tf from './node_modules/lanegrad/dist/index.js';

document.title = JSON.stringify(await fixedRun(tf, digits));
