// What kinds of options and arguments take at their edges, and what they refuse there.

import { describe, expect, test } from 'vitest';
import { kindOf } from '../../src/options/arguments.ts';
import * as kinds from '../../src/options/kinds.ts';
import type { Kind } from '../../src/options/option.ts';

type Edges = readonly [taken: readonly unknown[], refused: readonly unknown[]];

const { NaN: none, POSITIVE_INFINITY: infinity, MAX_SAFE_INTEGER: largest } = Number;

const ofOptions: Readonly<Record<string, Edges>> = {
  finite: [
    [0, -1.5],
    [infinity, none, '0'],
  ],
  number: [
    [infinity, none],
    ['0', undefined, null],
  ],
  positive: [
    [5e-324, 1e308],
    [0, -1, infinity, none],
  ],
  nonNegative: [
    [0, 1e308],
    [-5e-324, infinity, none],
  ],
  fraction: [
    [0, 1 - 2 ** -53],
    [1, -5e-324, none],
  ],
  share: [
    [0, 1],
    [1 + 2 ** -52, -5e-324, none],
  ],
  betweenZeroAndOne: [
    [5e-324, 1 - 2 ** -53],
    [0, 1, none],
  ],
  integer: [
    [0, -largest, largest],
    [0.5, largest + 1, infinity],
  ],
  positiveInteger: [
    [1, largest],
    [0, 1.5, largest + 1, infinity],
  ],
  nonNegativeInteger: [
    [0, largest, infinity],
    [-1, 0.5, largest + 1, none, -infinity],
  ],
  oneAxis: [
    [-1, [2]],
    [[], [1, 2], 0.5, [0.5]],
  ],
  flag: [
    [true, false, 0, 1],
    [2, '', null, undefined],
  ],
  layerShape: [
    [3, [], [null, 2]],
    [0, [0], [1.5], 'a', new Float32Array(2)],
  ],
};

const ofArguments: Readonly<Record<string, Edges>> = {
  integers: [
    [[], [-1, largest], new Int32Array(2)],
    [[0.5], [largest + 1], 1, 'a', new Array(1)],
  ],
  numbers: [
    [[], [0.5, none], new Float32Array(2)],
    [['1'], 1, new Array(1)],
  ],
  size: [
    [0, 2 ** 32],
    [-1, 0.5, 2 ** 32 + 1, '1'],
  ],
  rank: [
    [0, 100],
    [-1, 0.5, 101],
  ],
  sizes: [
    [[], [0, largest]],
    [[-1], [0.5], [largest + 1], 1],
  ],
  shape: [
    [[], [0], [2 ** 16, 2 ** 16], new Int32Array(2)],
    [[-1], [2 ** 16, 2 ** 16 + 1], 1],
  ],
  axes: [
    [0, -1, [], [0, 1]],
    [0.5, [0.5], 'a'],
  ],
  axis: [
    [0, -1, [2]],
    [[], [1, 2], [0.5]],
  ],
  perAxis: [
    [1, 0.5, [1, 2]],
    [['1'], 'a'],
  ],
  pad: [
    ['same', 0, [1, 2], [[0, 0]]],
    [0.5, [0.5], [['0']]],
  ],
  imageSize: [[[1, 1]], [[1], [0, 1], [1, 1, 1], 1]],
  openShape: [
    [[], [null, 0], new Array(1)],
    [[-1], [0.5], 1],
  ],
  texts: [
    [[], ['a']],
    ['a', [1], new Array(1)],
  ],
  numberOrText: [
    [0.5, ''],
    [null, undefined, true],
  ],
  list: [
    [[], new Uint8Array(1)],
    ['a', { length: 1 }],
  ],
  buffers: [
    [new ArrayBuffer(1), [new ArrayBuffer(1)], []],
    [new Uint8Array(1), [1]],
  ],
  dtype: [
    ['float32', 'int32', 'uint8', 'bool'],
    ['float', 'Float32', undefined],
  ],
  'left|right': [
    ['left', 'right'],
    ['up', 1],
  ],
};

const named = new Map<string, unknown>(Object.entries(kinds));
const cases: readonly (readonly [string, Kind<unknown, unknown>, Edges])[] = [
  ...Object.entries(ofOptions).map(
    ([name, edges]) => [name, named.get(name) as Kind<unknown, unknown>, edges] as const,
  ),
  ...Object.entries(ofArguments).map(([word, edges]) => [`argument ${word}`, kindOf(word), edges] as const),
];

describe.each(cases)('%s', (_, kind, [taken, refused]) => {
  test.each(taken.map((given) => [given]))('takes %j', (given) => {
    expect(kind.read(given)).not.toBeUndefined();
  });

  test.each(refused.map((given) => [given]))('refuses %j', (given) => {
    expect(kind.read(given)).toBeUndefined();
  });
});

test('a word for no kind is a mistake in what declares it', () => {
  expect(() => kindOf('axess')).toThrow('internal: no kind axess.');
  expect(kindOf('left|right').read('right')).toBe('right');
});
