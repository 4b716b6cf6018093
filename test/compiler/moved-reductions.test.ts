// Reductions read what was moved where it lies: with the numbers of reductions of copies, and without a command that copies.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions } from '../../src/compiler/program.ts';
import type { Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';

import { cast, greater, mul, sub } from '../../src/graph/ops/elementwise.ts';
import { concat, slice, transpose } from '../../src/graph/ops/movement.ts';
import { argMax, argMin, max, mean, min, prod, variance } from '../../src/graph/ops/reductions.ts';
import { reshape } from '../../src/graph/ops/sources.ts';
import { moments } from '../../src/graph/ops/statistics.ts';
import { strided } from '../../src/graph/ops/strides.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { asIs, copies, type Filled, filled, type Move, RandomMoves, run } from './moved.ts';
import { waysToCompile } from './ways-to-compile.ts';

const defaults = { ...compilerOptions };

afterEach(() => {
  Object.assign(compilerOptions, defaults);
});

/** Small integers, whose sums and products are the same in any order. */
const integers = ({ shape, numbers }: Filled): Filled => ({
  shape,
  numbers: numbers.map((x) => Math.round(3 * x)),
});

interface Reduction {
  readonly name: string;
  /** What becomes of an array before it is moved. */
  readonly before?: Move;
  readonly of: (x: Value, axes: readonly number[]) => Value;
  /** Whether the result is the same in any order of the elements. */
  readonly isExact: boolean;
  /** Whether there is one for several axes, along one of which after the other it can be taken. */
  readonly axes: 'in parts' | 'at once' | 'one';
}

const asInteger: Move = (x) => cast(x, 'int32');
const asFloat: Move = (x) => cast(x, 'float32');
const asSign: Move = (x) => sub(mul(asFloat(greater(x, 0)), 2), 1);

const reductions: readonly Reduction[] = [
  { name: 'sum', of: sum, isExact: true, axes: 'in parts' },
  { name: 'max', of: max, isExact: true, axes: 'in parts' },
  { name: 'min', of: min, isExact: true, axes: 'in parts' },
  { name: 'prod', before: asSign, of: prod, isExact: true, axes: 'in parts' },
  { name: 'mean', of: mean, isExact: false, axes: 'in parts' },
  {
    name: 'sum of integers',
    before: asInteger,
    of: (x, axes) => asFloat(sum(x, axes)),
    isExact: true,
    axes: 'in parts',
  },
  {
    name: 'largest integer',
    before: asInteger,
    of: (x, axes) => asFloat(max(x, axes)),
    isExact: true,
    axes: 'in parts',
  },
  { name: 'argMax', of: (x, [axis]) => asFloat(argMax(x, axis)), isExact: true, axes: 'one' },
  { name: 'argMin', of: (x, [axis]) => asFloat(argMin(x, axis)), isExact: true, axes: 'one' },
  { name: 'variance', of: variance, isExact: false, axes: 'at once' },
  {
    name: 'mean beside variance',
    of: (x, axes) => {
      const both = moments(x, axes);
      return concat([reshape(both.variance, [-1]), reshape(both.mean, [-1])]);
    },
    isExact: false,
    axes: 'at once',
  },
];

/** Checks the reduction of a moved array against that of a copy, and gives the program's text. */
function check(
  { before = asIs, of, isExact }: Reduction,
  array: Filled,
  move: Move,
  axes: readonly number[],
) {
  const copy = run([run([array], (x) => asFloat(move(before(x))))], (x) => x);
  const isOfIntegers = before === asInteger;
  const expected = run([copy], (x) => of(isOfIntegers ? asInteger(x) : x, axes));
  const got = run([array], (x) => of(move(before(x)), axes));
  expect(got.shape).toEqual(expected.shape);
  if (isExact) expect(got.numbers).toEqual(expected.numbers);
  else for (const [i, each] of got.numbers.entries()) expect(each).toBeCloseTo(expected.numbers[i], 5);
  return got.text;
}

/** Elements of the largest array that a command of a program copies. */
const largestCopy = (text: string): number =>
  Math.max(
    0,
    ...[...text.matchAll(new RegExp(`${copies.source}[^[]*\\[([\\d,]*)\\]`, 'g'))].map(([, , shape]) =>
      shape.split(',').reduce((product, size) => product * Number(size), 1),
    ),
  );

interface Case {
  readonly name: string;
  readonly shape: Shape;
  readonly move: Move;
  /** The last of them where a reduction is over one. */
  readonly axes: readonly number[];
  /** Reductions that must copy it first, as no single pass over memory does them. */
  readonly copiedFor?: Reduction['axes'];
}

const cases: readonly Case[] = [
  { name: 'columns of a transposed matrix', shape: [19, 30], move: (x) => transpose(x), axes: [0] },
  { name: 'rows of a transposed matrix', shape: [19, 30], move: (x) => transpose(x), axes: [1] },
  { name: 'all of a transposed matrix', shape: [19, 30], move: (x) => transpose(x), axes: [0, 1] },
  { name: 'rows of some columns', shape: [19, 30], move: (x) => slice(x, [0, 4], [19, 9]), axes: [1] },
  { name: 'some columns', shape: [19, 30], move: (x) => slice(x, [0, 4], [19, 9]), axes: [0] },
  {
    name: 'a box',
    shape: [7, 19, 30],
    move: (x) => slice(x, [1, 3, 0], [5, 11, 30]),
    axes: [1, 2],
    copiedFor: 'one',
  },
  { name: 'rows of a box', shape: [7, 19, 30], move: (x) => slice(x, [0, 3, 2], [7, 11, 17]), axes: [1] },
  {
    name: 'more rows than a sum has in single precision',
    shape: [700, 30],
    move: (x) => slice(x, [0, 3], [700, 20]),
    axes: [0],
  },
  {
    name: 'every second row',
    shape: [40, 18],
    move: (x) => strided(x, [0, 0], [2, 1], [20, 18]),
    axes: [0],
  },
  { name: 'what is left, transposed', shape: [3, 5, 7], move: (x) => transpose(x, [2, 1, 0]), axes: [1] },
  {
    name: 'channels first, of channels last',
    shape: [4, 6, 5, 9],
    move: (x) => transpose(x, [0, 3, 1, 2]),
    axes: [2, 3],
  },
  {
    name: 'heads, of their times',
    shape: [2, 9, 12],
    move: (x) => transpose(reshape(x, [2, 9, 3, 4]), [0, 2, 1, 3]),
    axes: [2],
  },
  {
    name: 'two axes that are apart',
    shape: [4, 6, 5, 9],
    move: (x) => transpose(x, [1, 3, 0, 2]),
    axes: [2, 3],
    copiedFor: 'at once',
  },
  {
    name: 'nothing moved, over axes that are apart',
    shape: [4, 6, 5, 9],
    move: asIs,
    axes: [0, 2],
    copiedFor: 'at once',
  },
];

describe.each(waysToCompile)('%s', (_, options) => {
  describe.each(reductions)('$name', (reduction) => {
    test.each(cases)('$name', ({ shape, move, axes, copiedFor }) => {
      Object.assign(compilerOptions, options);
      const chosen = reduction.axes === 'one' ? axes.slice(-1) : axes;
      const text = check(reduction, integers(filled(shape, 1)), move, chosen);
      const moved = run([filled(shape, 1)], move);
      // What is left may be transposed once it is reduced.
      if (reduction.axes === copiedFor) expect(largestCopy(text)).toBe(moved.numbers.length);
      else expect(largestCopy(text)).toBeLessThan(moved.numbers.length);
    });
  });
});

test.each(Array.from({ length: 60 }, (_, i) => i))('an array moved at random: %i', (i) => {
  const { below, moved } = new RandomMoves(i);
  const { array, move, result } = moved();
  const reduction = reductions[below(reductions.length)];
  const axes = result.shape.flatMap((_, axis) => (below(2) === 1 ? [axis] : []));
  check(reduction, integers(array), move, reduction.axes === 'one' ? [below(result.shape.length)] : axes);
});
