// Trigonometric and hyperbolic functions with their inverses: sin cos tan asin acos atan atan2 sinh cosh asinh acosh
// atanh. The inverses of angles are rarely worth a vector kernel, and are computed one element at a time.

import { Lane } from '../../../assembly/opcodes.ts';
import { unaryOp } from './conversion.ts';
import { add, binary, binaryOp, div, mul, neg, select, sqrt, square, sub, unary } from './elementwise.ts';

/** @internal */
export const trigonometricOps = {
  sin: unaryOp('sin', Lane.sin, (dy, x) => mul(dy, cos(x))),
  cos: unaryOp('cos', Lane.cos, (dy, x) => neg(mul(dy, sin(x)))),
  // d tan(x) = 1/cos²x = 1 + tan²x
  tan: unaryOp('tan', Lane.tan, (dy, _, y) => mul(dy, add(square(y), 1))),
  asin: unaryOp('asin', Lane.asin, (dy, x) => div(dy, sqrt(sub(1, square(x))))),
  acos: unaryOp('acos', Lane.acos, (dy, x) => neg(div(dy, sqrt(sub(1, square(x)))))),
  atan: unaryOp('atan', Lane.atan, (dy, x) => div(dy, add(square(x), 1))),
  sinh: unaryOp('sinh', Lane.sinh, (dy, x) => mul(dy, cosh(x))),
  cosh: unaryOp('cosh', Lane.cosh, (dy, x) => mul(dy, sinh(x))),
  asinh: unaryOp('asinh', Lane.asinh, (dy, x) => div(dy, sqrt(add(square(x), 1)))),
  // (x − 1)·(x + 1) is exact where x² − 1 cancels.
  acosh: unaryOp('acosh', Lane.acosh, (dy, x) => div(dy, sqrt(mul(sub(x, 1), add(x, 1))))),
  atanh: unaryOp('atanh', Lane.atanh, (dy, x) => div(dy, mul(sub(1, x), add(x, 1)))),
  // d atan(a/b) = (b da − a db) / (a² + b²), 0 at the origin
  atan2: binaryOp('atan2', Lane.atan2, (dy, a, b) => {
    const distance = add(square(a), square(b));
    const scaled = div(dy, select(distance, distance, 1));
    return [mul(scaled, b), neg(mul(scaled, a))];
  }),
};

/** The sine of x, in radians. */
export const sin = unary(trigonometricOps.sin);
/** The cosine of x, in radians. */
export const cos = unary(trigonometricOps.cos);
/** The tangent of x, in radians. */
export const tan = unary(trigonometricOps.tan);
/** The angle from −π/2 to π/2 whose sine is x; NaN outside of −1 to 1. */
export const asin = unary(trigonometricOps.asin);
/** The angle from 0 to π whose cosine is x; NaN outside of −1 to 1. */
export const acos = unary(trigonometricOps.acos);
/** The angle from −π/2 to π/2 whose tangent is x. */
export const atan = unary(trigonometricOps.atan);
/** The angle from −π to π of the point with height a and width b, broadcast as in NumPy. */
export const atan2 = binary(trigonometricOps.atan2);
/** The hyperbolic sine. */
export const sinh = unary(trigonometricOps.sinh);
/** The hyperbolic cosine. */
export const cosh = unary(trigonometricOps.cosh);
/** The number whose hyperbolic sine is x. */
export const asinh = unary(trigonometricOps.asinh);
/** The number, 0 or more, whose hyperbolic cosine is x; NaN below 1. */
export const acosh = unary(trigonometricOps.acosh);
/** The number whose hyperbolic tangent is x; NaN outside of −1 to 1. */
export const atanh = unary(trigonometricOps.atanh);
