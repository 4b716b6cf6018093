// Products of matrices.

import * as ops from '../graph/ops/matmul.ts';
import { lift } from './lift.ts';

export const matMul = lift('matMul', ['a', 'b'], ops.matMul);
