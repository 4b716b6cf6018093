// Quantile functions of the normal distribution, the same to the last bit on every engine.

import { log } from '../numeric/elementary.ts';

/** Horner's rule for a polynomial of degree 7; coefficients from the constant upwards. */
function polynomial(c: readonly number[], x: number): number {
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

// Numerators and denominators of AS241's PPND16: near the median, in the tails.
const CENTRAL_NUMERATOR = [
  3.3871328727963665, 1.3314166789178438e2, 1.9715909503065513e3, 1.373169376550946e4, 4.592195393154987e4,
  6.72657709270087e4, 3.343057558358813e4, 2.5090809287301227e3,
];
const CENTRAL_DENOMINATOR = [
  1, 4.231333070160091e1, 6.871870074920579e2, 5.394196021424751e3, 2.1213794301586597e4, 3.930789580009271e4,
  2.8729085735721943e4, 5.226495278852854e3,
];
const TAIL_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  2.417807251774506e-1, 2.2723844989269184e-2, 7.745450142783414e-4,
];
const TAIL_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 6.897673349851e-1, 1.4810397642748008e-1, 1.5198666563616457e-2,
  5.475938084995345e-4, 1.0507500716444169e-9,
];
/**
 * The standard normal quantile: the x below which a fraction p of the distribution lies, to about 1e-15 of x.
 *
 * M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
 * (1988), routine PPND16, without its far tails.
 * @param p no nearer to 0 and 1 than e^−25, as what words of 32 bits make is not; 0 and 1 give ∓Infinity, and NaN what
 *   lies outside, as its logarithm does
 */
export function normalQuantile(p: number): number {
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRAL_NUMERATOR, r)) / polynomial(CENTRAL_DENOMINATOR, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const distance = polynomial(TAIL_NUMERATOR, r - 1.6) / polynomial(TAIL_DENOMINATOR, r - 1.6);
  return q < 0 ? -distance : distance;
}

/** Φ(−2): the fraction of a normal distribution more than two standard deviations below its mean. */
export const belowTwoSigma = 0.022750131948179212;

/**
 * The quantile of the standard normal distribution cut off at ±2: what resampling every draw beyond two
 * standard deviations converges to. Φ⁻¹(Φ(−2) + p·(Φ(2) − Φ(−2))).
 */
export function truncatedNormalQuantile(p: number): number {
  return normalQuantile(belowTwoSigma + p * (1 - 2 * belowTwoSigma));
}
