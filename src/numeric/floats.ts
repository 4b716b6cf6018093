// Floats beside numbers.

/** The largest float32 from `min` to below `max`; where there is none, `min` as a float. */
export const lastFloatBetween = (min: number, max: number): number =>
  Math.max(floatBelow(max), Math.fround(min));

/** The largest float32 below a number. */
export function floatBelow(x: number): number {
  const float = Float32Array.of(x);
  if (float[0] < x) return float[0];
  // Neighbours differ by one as integers; what is negative grows away from 0, and below 0 is the first of these.
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) bits[0] = -0x7fffffff;
  else bits[0] += float[0] > 0 ? -1 : 1;
  return float[0];
}
