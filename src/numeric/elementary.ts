// Elementary functions in float64 of + − × ÷ alone. Math.exp and others may differ in the last bit between
// engines; whatever decides a weight (learning rates, random numbers) uses these, which do not.

// ln 2 in two parts; the first has 32 significant bits, so that its product with an exponent is exact.
const ln2High = 6.931471803691238e-1;
const ln2Low = 1.9082149292705877e-10;

/**
 * Natural logarithm of a positive, finite x, to about 1 ulp; NaN elsewhere, −Infinity at 0.
 *
 * x = m·2^e with m in [√½, √2); ln x = e·ln 2 + 2·artanh(s), s = (m − 1)/(m + 1),
 * artanh(s) = s + s³/3 + s⁵/5 + … (|s| < 0.172: eleven terms reach 2^−59).
 */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return Number.NaN;
  let m = x;
  let exponent = 0;
  for (; m < Math.SQRT1_2; exponent--) m *= 2;
  for (; m >= Math.SQRT2; exponent++) m /= 2;
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 1 / 21;
  for (let n = 19; n >= 3; n -= 2) series = series * z + 1 / n;
  return exponent * ln2High + (2 * s + (2 * s * z * series + exponent * ln2Low));
}

/**
 * e^x, to about 1 ulp: x = k·ln 2 + r with |r| ≤ ln 2 / 2, e^r by its series (fourteen terms), times 2^k.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.78) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  let series = 1;
  for (let n = 14; n >= 1; n--) series = 1 + (r * series) / n;
  return scaleByPowerOfTwo(series, k);
}

/** x·2^k in steps that are exact; the last may round to a denormal. */
function scaleByPowerOfTwo(x: number, k: number): number {
  let result = x;
  for (let left = k; left > 0; left--) result *= 2;
  for (let left = k; left < 0; left++) result /= 2;
  return result;
}

/** x^y for x > 0; whole powers by repeated squaring, others as e^(y·ln x). */
export function pow(x: number, y: number): number {
  if (!Number.isInteger(y) || Math.abs(y) > 2 ** 31) return exp(y * log(x));
  let result = 1;
  let square = x;
  for (let n = Math.abs(y); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return y < 0 ? 1 / result : result;
}

/** Cosine for 0 ≤ x ≤ π, to 1e-15: by its series about 0 or, above π/2, as −cos(π − x). */
export function cos(x: number): number {
  if (x > Math.PI / 2) return -cos(Math.PI - x);
  const z = x * x;
  let series = 1;
  for (let n = 22; n >= 2; n -= 2) series = 1 - (z * series) / (n * (n - 1));
  return series;
}
