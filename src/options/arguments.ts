// What functions take in order, beside tensors: each argument is declared by a name and a word for its kind.

import { isBuffer } from '../bytes.ts';
import { internal, isObject } from '../errors.ts';
import {
  anything,
  elementsOf,
  flag,
  functionOf,
  integer,
  isList,
  listOf,
  number,
  oneOf,
  openSizes,
  positiveInteger,
  readAs,
  text,
} from './kinds.ts';
import type { Kind } from './option.ts';

/** Types of numbers, from the one that holds the fewest to the one that holds the most. */
export const dataTypes = ['bool', 'uint8', 'int32', 'float32'] as const;

/** Numbers of elements beyond this are none that memory could hold. */
export const maxElements = 2 ** 32;

const isSize = (given: unknown): given is number => Number.isSafeInteger(given) && (given as number) >= 0;

/** Lists of numbers may be typed arrays; they become lists. */
const listWhere = (expected: string, isOne: (each: unknown) => boolean): Kind<readonly number[]> => ({
  expected,
  read(given) {
    const list = elementsOf(given);
    return list?.every(isOne) ? (list as number[]) : undefined;
  },
});

export const integers = /* @__PURE__ */ listWhere('a list of integers', Number.isSafeInteger);
const numbers = /* @__PURE__ */ listWhere('a list of numbers', (given) => typeof given === 'number');
export const sizes = /* @__PURE__ */ listWhere('a list of sizes, integers from 0 on', isSize);

/** One of a kind, or a list. */
const orList = (one: Kind<number>, list: Kind<readonly number[]>): Kind<number | readonly number[]> => ({
  expected: `${one.expected} or ${list.expected}`,
  read: (given) => one.read(given) ?? list.read(given),
});

/** Sizes of axes. @throws LanegradError where memory could not hold so many elements */
export const shape: Kind<readonly number[]> = {
  expected: sizes.expected,
  read(given) {
    const list = sizes.read(given);
    return list && list.reduce((product, size) => product * size, 1) <= maxElements ? list : undefined;
  },
};

const sizeUpTo = (most: number): Kind<number> => ({
  expected: `an integer from 0 to ${most}`,
  read: (given) => (isSize(given) && given <= most ? given : undefined),
});

const pairs = /* @__PURE__ */ listOf(integers, 'a list of pairs of integers');

const kinds = {
  number,
  integer,
  positiveInteger,
  integers,
  numbers,
  size: /* @__PURE__ */ sizeUpTo(maxElements),
  rank: /* @__PURE__ */ sizeUpTo(100),
  sizes,
  shape,
  flag,
  text,
  pairs,
  numberOrText: { expected: 'a number or a string', read: (given) => number.read(given) ?? text.read(given) },
  axes: /* @__PURE__ */ orList(integer, integers),
  /** An axis, which may stand in a list. */
  axis: {
    expected: 'an integer',
    read(given) {
      const list = integers.read(given);
      return integer.read(given) ?? (list?.length === 1 ? list[0] : undefined);
    },
  },
  perAxis: /* @__PURE__ */ orList(number, numbers),
  pad: {
    expected: "'same', 'valid', an integer, or a list of pairs of integers",
    read: (given) => text.read(given) ?? integer.read(given) ?? integers.read(given) ?? pairs.read(given),
  },
  imageSize: {
    expected: 'a height and a width, integers from 1 on',
    read(given) {
      const list = shape.read(given);
      return list?.length === 2 && list.every((each) => each > 0) ? list : undefined;
    },
  },
  openShape: /* @__PURE__ */ openSizes('a list of sizes and null', isSize),
  list: {
    expected: 'an array',
    read: (given) => (isList(given) ? given : undefined),
  },
  texts: /* @__PURE__ */ listOf(text, 'a list of strings'),
  object: {
    expected: 'an object',
    read: (given) => (isObject(given) ? given : undefined),
  },
  buffers: {
    expected: 'an ArrayBuffer, or a list of some',
    read: (given) => ([given].flat().every(isBuffer) ? given : undefined),
  },
  bytes: {
    expected: 'a Uint8Array',
    read: (given) => (given instanceof Uint8Array ? given : undefined),
  },
  dtype: {
    expected: 'float32, int32, uint8 or bool',
    read: (given) => dataTypes.find((known) => known === given),
  },
  function: /* @__PURE__ */ functionOf(),
  any: /* @__PURE__ */ anything('given'),
} satisfies Record<string, Kind<unknown, unknown>>;

/** The kind that a word means: one of those above, or texts of which one is taken: `left|right`. */
export function kindOf(word: string): Kind<unknown, unknown> {
  if (Object.hasOwn(kinds, word)) return kinds[word as keyof typeof kinds] as Kind<unknown, unknown>;
  if (!word.includes('|')) throw internal(`no kind ${word}.`);
  return oneOf(...word.split('|')) as Kind<unknown, unknown>;
}

/** An argument of a kind. @param where the function and the argument, for the error: 'linspace: num' */
export const requireArgument = (where: string, word: string, given: unknown): unknown =>
  readAs(kindOf(word), where, given);

/** An argument as a text declares it: `…` before the name for a list, `?` behind it, a colon and a word for its kind. */
export interface Declared {
  readonly name: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly word: string | undefined;
}

/** Reads such a text. */
export function declaredBy(text: string): Declared {
  const [declared, word] = text.split(':') as [string, string?];
  return {
    name: declared.replace(/[…?]/g, ''),
    isList: declared.startsWith('…'),
    isOptional: declared.endsWith('?'),
    word,
  };
}

/** Arguments that are numbers, by name. */
export function requireNumbers(where: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, given] of Object.entries(numbers)) requireArgument(`${where}: ${name}`, 'number', given);
}

/**
 * A function that checks what it is given.
 * @param where its name, for errors
 * @param declared its arguments in order, each a name and a word for its kind, 'count:integer'; with `?` behind the name
 *   it may be left out
 */
// @__NO_SIDE_EFFECTS__
export function checked<Call extends (...args: never[]) => unknown>(
  where: string,
  declared: readonly string[],
  call: Call,
): Call {
  const parameters = declared.map(declaredBy).map((each) => ({ ...each, kind: kindOf(each.word!) }));
  return ((...given: readonly unknown[]) => {
    const read = parameters.map(({ name, isOptional, kind }, i) => {
      const isLeftOut = isOptional && (given[i] === undefined || given[i] === null);
      return isLeftOut ? undefined : readAs(kind, `${where}: ${name}`, given[i]);
    });
    return call(...(read as never[]));
  }) as unknown as Call;
}
