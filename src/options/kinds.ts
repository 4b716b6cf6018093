// Kinds of options that mean the same wherever they stand: numbers, words, lists.

import { isTypedArray } from '../bytes.ts';
import { got, isObject, LanegradError } from '../errors.ts';
import { plainName } from '../names.ts';
import type { Kind } from './option.ts';

/** The kind of one type's values for which `isOne` holds. */
// @__NO_SIDE_EFFECTS__
function where<Value>(expected: string, isOne: (given: unknown) => boolean): Kind<Value> {
  return { expected, read: (given) => (isOne(given) ? (given as Value) : undefined) };
}

// @__NO_SIDE_EFFECTS__
const numberWhere = (expected: string, isOne: (n: number) => boolean) =>
  where<number>(expected, (given) => typeof given === 'number' && isOne(given));

export const finite = /* @__PURE__ */ numberWhere('a finite number', Number.isFinite);
export const number = /* @__PURE__ */ numberWhere('a number', () => true);
export const positive = /* @__PURE__ */ numberWhere('positive', (n) => n > 0 && n < Infinity);
export const nonNegative = /* @__PURE__ */ numberWhere(
  'a finite number, 0 or more',
  (n) => n >= 0 && n < Infinity,
);
/** A share that is not all. */
export const fraction = /* @__PURE__ */ numberWhere('at least 0 and less than 1', (n) => n >= 0 && n < 1);
/** A share that may be all. */
export const share = /* @__PURE__ */ numberWhere('from 0 to 1', (n) => n >= 0 && n <= 1);
export const betweenZeroAndOne = /* @__PURE__ */ numberWhere('between 0 and 1', (n) => n > 0 && n < 1);
export const integer = /* @__PURE__ */ numberWhere('an integer', Number.isSafeInteger);
/** An axis; Keras saves it as a list of one. */
export const oneAxis: Kind<number | readonly number[], number> = {
  expected: 'an integer',
  read: (given) => integer.read(Array.isArray(given) && given.length === 1 ? given[0] : given),
};
export const positiveInteger = /* @__PURE__ */ numberWhere(
  'a positive integer',
  (n) => Number.isSafeInteger(n) && n > 0,
);
/** Yes or no; scripts for TensorFlow.js say it in numbers too. */
export const flag: Kind<boolean> = {
  expected: 'true or false',
  read: (given) => ([0, 1, true, false].includes(given as number) ? Boolean(given) : undefined),
};
export const text = /* @__PURE__ */ where<string>('a string', (given) => typeof given === 'string');

/** How much is said. */
export const verbosity: Kind<number | boolean> = {
  expected: 'a number',
  read: (given) => number.read(given) ?? flag.read(given),
};

/** A function; what it gives is checked where it is called. */
// @__NO_SIDE_EFFECTS__
export const functionOf = <Call extends (...args: never[]) => unknown>(): Kind<Call> =>
  where('a function', (given) => typeof given === 'function');

/** An object with some methods. */
// @__NO_SIDE_EFFECTS__
export const having = <Value extends object>(expected: string, ...methods: (keyof Value)[]): Kind<Value> =>
  where(
    expected,
    (given) =>
      typeof given === 'object' &&
      methods.every((name) => typeof (given as Value | null)?.[name] === 'function'),
  );

/** One of some words, in any case, with or without underscores. */
// @__NO_SIDE_EFFECTS__
export function oneOf<Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    expected: eitherOf(words.map((word) => `'${word}'`)),
    isWord: true,
    read(given) {
      if (typeof given !== 'string') return undefined;
      const plain = plainName(given);
      return words.find((word) => plainName(word) === plain);
    },
  };
}

/** 0, 1, 2 and so on, or Infinity, which stands for no end: of epochs, or of patience. */
export const nonNegativeInteger = /* @__PURE__ */ numberWhere(
  'a non-negative integer',
  (n) => n >= 0 && (Number.isSafeInteger(n) || n === Number.POSITIVE_INFINITY),
);

/** What is checked where it is used. */
// @__NO_SIDE_EFFECTS__
export const anything = <Value>(expected: string): Kind<Value> =>
  where(expected, (given) => given !== undefined);

/** 'a', 'b' or 'c'. */
const eitherOf = (words: readonly string[]) =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].join(' or ');

/** A list of values of a kind. */
// @__NO_SIDE_EFFECTS__
export function listOf<Given, Value>(
  kind: Kind<Given, Value>,
  expected: string,
): Kind<readonly Given[], readonly Value[]> {
  return {
    expected,
    read(given) {
      if (!Array.isArray(given)) return undefined;
      // `from` goes through holes too.
      const values = Array.from(given, (each) => kind.read(each));
      return values.includes(undefined) ? undefined : (values as Value[]);
    },
    save: (values) => values.map((value) => (kind.save ? kind.save(value) : value)),
  };
}

/** An object whose values are of a kind. */
// @__NO_SIDE_EFFECTS__
export function recordOf<Given, Value>(
  kind: Kind<Given, Value>,
  expected: string,
): Kind<Readonly<Record<string, Given>>, Readonly<Record<string, Value>>> {
  return {
    expected,
    read(given) {
      if (!isObject(given) || Array.isArray(given)) return undefined;
      const entries = Object.entries(given).map(([name, each]) => [name, kind.read(each)] as const);
      return entries.some(([, each]) => each === undefined)
        ? undefined
        : (Object.fromEntries(entries) as never);
    },
  };
}

/** A value of a kind, or a list of them. */
// @__NO_SIDE_EFFECTS__
export function oneOrList<Given, Value>(
  kind: Kind<Given, Value>,
  expected: string,
): Kind<Given | readonly Given[], Value | readonly Value[]> {
  const list = listOf(kind, expected);
  return { expected, read: (given) => (Array.isArray(given) ? list.read(given) : kind.read(given)) };
}

/** Whether it has a length and elements by number: an array or a typed one. */
export const isList = (given: unknown): given is readonly unknown[] =>
  Array.isArray(given) || isTypedArray(given);

/** The elements of a list, which may be a typed array; those of holes too. Undefined for what is none. */
export const elementsOf = (given: unknown): unknown[] | undefined =>
  isList(given) ? Array.from(given) : undefined;

/** Sizes of an array, of which some may be open: null. */
// @__NO_SIDE_EFFECTS__
export const openSizes = (
  expected: string,
  isSize: (size: unknown) => unknown,
): Kind<readonly (number | null)[]> => ({
  expected,
  read(given) {
    const sizes = elementsOf(given)?.map((size) => size ?? null);
    return sizes?.every((size) => size === null || isSize(size)) ? (sizes as number[]) : undefined;
  },
});

export const positiveSizes = /* @__PURE__ */ openSizes(
  'a list of positive integers and null',
  positiveInteger.read,
);

/** The shape of what a layer takes. One size may stand alone, as in scripts for TensorFlow.js. */
export const layerShape: Kind<number | readonly (number | null)[], readonly (number | null)[]> = {
  ...positiveSizes,
  read: (given) => positiveSizes.read(typeof given === 'number' ? [given] : given),
};

/** What fixes random numbers, whatever the script's own seed. */
export const seed: Kind<number> = finite;

/** What may stand in a saved configuration. */
export type ConfigDictValue = null | undefined | boolean | number | string | ConfigDict | ConfigDictArray;
/** A list in a saved configuration. */
export interface ConfigDictArray extends ReadonlyArray<ConfigDictValue> {}
/** A saved configuration. */
export interface ConfigDict {
  [name: string]: ConfigDictValue;
}

/** What is saved by its class and its options. */
export interface Configurable {
  readonly className: string;
  readonly config: object;
}

/** The same as TensorFlow.js's scripts ask for it. */
export interface Telling {
  /** The name of the class. */
  getClassName(): string;
  /** The options. */
  getConfig(): ConfigDict;
}

/** Both of these: what is made here. */
export interface Described extends Configurable, Telling {}

export const described = (className: string, config: object): Described => ({
  className,
  config,
  getClassName: () => className,
  getConfig: () => config as ConfigDict,
});

/**
 * What a class makes: the thing itself, its name, or its name and options as they are saved.
 * @param what for errors: 'an initializer'
 * @param method by which the thing itself is known
 * @param make the thing of a name and options
 */
// @__NO_SIDE_EFFECTS__
export function configurable<Value extends Configurable>(
  what: string,
  method: keyof Value,
  make: (name: string, config?: object) => Value,
): Kind<string | Value | Configurable, Value> {
  return {
    expected: `the name of ${what}, or ${what}`,
    read(given) {
      if (typeof given === 'string') return make(given);
      if (!isObject(given)) return undefined;
      const { className, config, [method]: act } = given as Value;
      if (typeof act === 'function') return given as Value;
      return typeof className === 'string' ? make(className, config ?? {}) : undefined;
    },
    save: asConfig,
  };
}

/** As saved models have it. @throws LanegradError for one that no class made, which would not come back. */
function asConfig(given: Configurable & Partial<Telling>): Configurable {
  const { className = (given.constructor as { className?: string }).className } = given;
  if (className) return { className, config: given.getConfig?.() ?? given.config ?? {} };
  throw new LanegradError('an object without a className cannot be saved. Give it by name.');
}

/** What is read of a kind. @throws LanegradError where it is none. @param where for the error */
export function readAs<Given, Value>(kind: Kind<Given, Value>, where: string, given: Given): Value {
  const value = kind.read(given);
  if (value !== undefined) return value;
  throw new LanegradError(`${where} must be ${kind.expected}; ${got(given)}`);
}
