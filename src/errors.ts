/** An error in what lanegrad was given. Its sentence says where, what was expected and what came. */
export class LanegradError extends Error {
  override name = 'LanegradError';
}

/** A broken invariant of lanegrad itself: ours to fix, never the user's. */
export function internal(message: string): LanegradError {
  return new LanegradError(`internal: ${message}`);
}

/** @throws LanegradError unless `value` is a positive integer. @param where the method or layer, for the error */
export function requirePositiveInteger(where: string, option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new LanegradError(`${where}: ${option} must be a positive integer; got ${shown(value)}.`);
}

/** The options. @throws LanegradError unless they are an object, which callers without types may forget. */
export function requireOptions<Options>(where: string, options: Options): Options {
  if (typeof options === 'object' && options !== null) return options;
  throw new LanegradError(`${where}: takes its options in an object; got ${shown(options)}.`);
}

/** A value as errors show it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(',')}]`;
  const name = value.constructor?.name ?? 'Object';
  return name === 'Object' ? `an object with ${Object.keys(value).join(', ') || 'nothing'}` : name;
}
