// Float64 oracles of the elementary functions, and the unit that errors are told in.

/** Distance of float32 `got` from `exact`, in units in the last place of float32 at `exact`. */
export function ulpError(got: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(got) ? 0 : Number.POSITIVE_INFINITY;
  const rounded = Math.fround(exact);
  if (got === rounded) return Number.isFinite(rounded) ? Math.abs(got - exact) / ulpOf(exact) : 0;
  return Math.abs(got - exact) / ulpOf(exact);
}

function ulpOf(exact: number): number {
  const size = Math.min(Math.max(Math.abs(exact), 2 ** -126), 2 ** 127);
  return 2 ** (Math.floor(Math.log2(size)) - 23);
}

export const sigmoid64 = (x: number): number =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));

export const softplus64 = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The error function to 1e-15: its Maclaurin series below 3, the continued fraction of erfc above
 * (Abramowitz and Stegun 7.1.5 and 7.1.14).
 */
export function erf64(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let k = 60; k >= 1; k--) fraction = size + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction);
}
