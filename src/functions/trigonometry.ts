// Functions of angles and of hyperbolas.

import * as ops from '../graph/ops/trigonometry.ts';
import { lift } from './lift.ts';

const x = ['x'];
const float = ['x:float32'];

export const acos = lift('acos', x, ops.acos);
export const acosh = lift('acosh', x, ops.acosh);
export const asin = lift('asin', x, ops.asin);
export const asinh = lift('asinh', x, ops.asinh);
export const atan = lift('atan', x, ops.atan);
export const atan2 = lift('atan2', ['a', 'b'], ops.atan2);
export const atanh = lift('atanh', x, ops.atanh);
export const cos = lift('cos', float, ops.cos);
export const cosh = lift('cosh', float, ops.cosh);
export const sin = lift('sin', float, ops.sin);
export const sinh = lift('sinh', x, ops.sinh);
export const tan = lift('tan', float, ops.tan);
