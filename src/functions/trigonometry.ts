// Functions of angles and of hyperbolas.

import * as ops from '../graph/ops/trigonometry.ts';
import { lift, liftAlike } from './lift.ts';

const x = ['x'];
const float = ['x:float32'];

export const acos = liftAlike('acos', x, ops.acos);
export const acosh = liftAlike('acosh', x, ops.acosh);
export const asin = liftAlike('asin', x, ops.asin);
export const asinh = liftAlike('asinh', x, ops.asinh);
export const atan = liftAlike('atan', x, ops.atan);
export const atan2 = lift('atan2', ['a', 'b'], ops.atan2);
export const atanh = liftAlike('atanh', x, ops.atanh);
export const cos = liftAlike('cos', float, ops.cos);
export const cosh = liftAlike('cosh', float, ops.cosh);
export const sin = liftAlike('sin', float, ops.sin);
export const sinh = liftAlike('sinh', x, ops.sinh);
export const tan = liftAlike('tan', float, ops.tan);
