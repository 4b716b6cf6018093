// Errors, and how they show what was given.

/** What lanegrad throws: an error in what it was given, whose sentence says where, what was expected and what came. */
export class LanegradError extends Error {
  override name = 'LanegradError';
}

/** Runs `act`; what it throws of ours begins with where. */
export function beginningWith<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const beginning = `${where}: `;
    if (!(error instanceof LanegradError) || error.message.startsWith(beginning)) throw error;
    throw new LanegradError(beginning + error.message, { cause: error });
  }
}

/** Why there are no graph models, and what to do. */
export const noGraphModels =
  'lanegrad runs no graph models. Convert the Keras model to a layers model (tensorflowjs_converter ' +
  '--output_format=tfjs_layers_model) and load it with tf.loadLayersModel.';

/** There is nothing where something was to be read: no file, no entry of that name. */
export class MissingError extends LanegradError {}

/** A broken invariant of lanegrad itself: ours to fix, never the user's. */
export function internal(message: string): LanegradError {
  return new LanegradError(`internal: ${message}`);
}

/** The options. @throws LanegradError unless they are an object, which callers without types may forget. */
export function requireOptions<Options>(where: string, options: Options): Options {
  if (isObject(options) && !Array.isArray(options)) return options;
  throw noOptions(where, options);
}

/** The error for what is given where options should be. */
export const noOptions = (where: string, given: unknown): LanegradError =>
  new LanegradError(`${where}: takes its options in an object; ${got(given)}`);

/** Whether a value is an object, and not null. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a value is an object of no class, as options are. It may come from another frame, or Jest's outside. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return !prototype || !Object.getPrototypeOf(prototype);
}

/** Entries of a list, and keys of an object, that errors show. */
export const mostShown = 6;

/** What came, as sentences end. A function is often one that somebody forgot to call. */
export const got = (value: unknown): string =>
  `got ${shown(value)}.${typeof value === 'function' ? ' Call it, and give what it returns.' : ''}`;

/** A value as errors show it, whatever it is: shortened, and with no code of its own run. */
export function shown(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (!isObject(value)) return String(value);
  if (Array.isArray(value)) return depth > 2 ? 'a list' : `[${firstOf(value, depth)}]`;
  if (isPlain(value))
    return `an object with ${Object.keys(value).slice(0, mostShown).join(', ') || 'nothing'}`;
  const { name } = value.constructor ?? {};
  // Bundlers put a line before the names of classes that speak of themselves.
  const own = typeof name === 'string' ? name.replace(/^_/, '') : '';
  if (own === 'Promise') return 'a Promise (await it)';
  return own ? `${/^[AEIO]/.test(own) ? 'an' : 'a'} ${own}` : 'an object';
}

const firstOf = (list: readonly unknown[], depth: number): string =>
  Array.from(list.slice(0, mostShown), (each) => shown(each, depth + 1)).join() +
  (list.length > mostShown ? ',…' : '');
