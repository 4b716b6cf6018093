// Products read matrices where they lie, before these are transposed, cut or repeated, and write them where they are
// wanted: with the bits of products of copies, and without a command that copies.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions } from '../../src/compiler/program.ts';
import type { Value } from '../../src/graph/graph.ts';
import { broadcastTo } from '../../src/graph/ops/broadcasting.ts';
import { add, mul, neg, relu } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { concat, slice, transpose } from '../../src/graph/ops/movement.ts';
import { softmax } from '../../src/graph/ops/softmax.ts';
import { reshape } from '../../src/graph/ops/sources.ts';
import { reverse, strided } from '../../src/graph/ops/strides.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { asIs, copies, type Filled, filled, type Move, RandomMoves, run } from './moved.ts';
import { waysToCompile } from './ways-to-compile.ts';

const defaults = { ...compilerOptions };

afterEach(() => {
  Object.assign(compilerOptions, defaults);
});

/** [batch, times, heads · size] as [batch, heads, times, size]. */
const heads =
  (count: number): Move =>
  (x) => {
    const [batch, times, width] = x.shape;
    return transpose(reshape(x, [batch, times, count, width / count]), [0, 2, 1, 3]);
  };

const third =
  (i: number): Move =>
  (x) => {
    const width = x.shape[x.rank - 1] / 3;
    return slice(x, [...x.shape.slice(1).map(() => 0), i * width], [...x.shape.slice(0, -1), width]);
  };

interface ProductCase {
  readonly name: string;
  readonly shapes: readonly [Shape, Shape];
  readonly moves: readonly [Move, Move];
  readonly transposes?: readonly [boolean, boolean];
}

const readings: readonly ProductCase[] = [
  {
    name: 'heads of an attention: queries and keys',
    shapes: [
      [2, 14, 24],
      [2, 14, 24],
    ],
    moves: [heads(3), heads(3)],
    transposes: [false, true],
  },
  {
    name: 'heads of thirds of one array',
    shapes: [
      [2, 15, 72],
      [2, 15, 72],
    ],
    moves: [(x) => heads(3)(third(0)(x)), (x) => heads(3)(third(1)(x))],
    transposes: [false, true],
  },
  {
    name: 'weights of times, and values that are read where they lie',
    shapes: [
      [2, 3, 9, 9],
      [2, 9, 15],
    ],
    moves: [asIs, heads(3)],
  },
  {
    name: 'values in panels',
    shapes: [
      [2, 3, 20, 17],
      [2, 17, 33],
    ],
    moves: [asIs, heads(3)],
  },
  {
    name: 'both by columns',
    shapes: [
      [2, 17, 33],
      [2, 17, 30],
    ],
    moves: [heads(3), heads(3)],
    transposes: [true, false],
  },
  {
    name: 'a transposed matrix',
    shapes: [
      [23, 14],
      [23, 11],
    ],
    moves: [(x) => transpose(x), asIs],
  },
  {
    name: 'columns of matrices',
    shapes: [
      [19, 30],
      [10, 39],
    ],
    moves: [third(1), third(2)],
  },
  {
    name: 'columns of weights for few rows',
    shapes: [
      [2, 40],
      [40, 108],
    ],
    moves: [asIs, third(1)],
  },
  {
    name: 'every second row, from the last on',
    shapes: [
      [21, 12],
      [12, 9],
    ],
    moves: [(x) => reverse(strided(x, [0, 0], [2, 1], [11, 12]), [0]), asIs],
  },
  {
    name: 'matrices that are repeated',
    shapes: [
      [4, 3, 13, 10],
      [3, 10, 9],
    ],
    moves: [asIs, (x) => broadcastTo(x, [4, 3, 10, 9])],
  },
  {
    name: 'one row, whose elements are far from each other',
    shapes: [
      [30, 5],
      [30, 7],
    ],
    moves: [(x) => transpose(slice(x, [0, 2], [30, 1])), asIs],
  },
];

describe.each(waysToCompile)('%s', (_, options) => {
  test.each(readings)('$name', ({ shapes, moves, transposes = [false, false] }) => {
    const operands = shapes.map(filled);
    const copied = operands.map((operand, i) => run([operand], moves[i]));
    const expected = run(copied, (a, b) => matMul(a, b, ...transposes));
    Object.assign(compilerOptions, options);
    const { shape, numbers, text } = run(operands, (a, b) => matMul(moves[0](a), moves[1](b), ...transposes));
    expect(shape).toEqual(expected.shape);
    expect(numbers).toEqual(expected.numbers);
    expect(text).not.toMatch(copies);
  });

  test.each([
    ['heads side by side again', [2, 3, 15, 7], [2, 3, 7, 5], [0, 2, 1, 3]],
    ['columns that fill no vector', [2, 3, 13, 40], [2, 3, 40, 11], [0, 2, 1, 3]],
    ['batches that change places', [2, 3, 8, 9], [2, 3, 9, 8], [1, 0, 2, 3]],
    ['matrices below rows', [4, 9, 10], [4, 10, 12], [1, 0, 2]],
  ])('%s', (_name, left, right, permutation) => {
    const operands = [filled(left, 1), filled(right, 2)];
    const product = run(operands, (a, b) => matMul(a, b));
    const finish = (x: Value) => relu(add(transpose(x, permutation), 0.125));
    const expected = run([product], finish);
    Object.assign(compilerOptions, options);
    const { numbers, text } = run(operands, (a, b) => finish(matMul(a, b)));
    expect(numbers).toEqual(expected.numbers);
    expect(text).not.toMatch(copies);
  });

  test('products and element-wise nodes that are columns of one array', () => {
    const operands = [filled([2, 3, 15, 7], 1), filled([2, 3, 7, 5], 2), filled([2, 15, 4], 3)];
    const sideBySide = (x: Value) => reshape(transpose(x, [0, 2, 1, 3]), [2, 15, 15]);
    const product = run(operands.slice(0, 2), (a, b) => matMul(a, b));
    const expected = run([product, operands[2]], (x, c) =>
      concat([sideBySide(x), neg(c), sideBySide(mul(x, 2))]),
    );
    Object.assign(compilerOptions, options);
    const { numbers, text } = run(operands, (a, b, c) =>
      concat([sideBySide(matMul(a, b)), neg(c), sideBySide(matMul(mul(a, 2), b))]),
    );
    expect(numbers).toEqual(expected.numbers);
    expect(text).not.toMatch(copies);
  });
});

test('columns of one element each, which a product of one row cannot write', () => {
  const operands = [filled([1, 1], 1), filled([1, 27], 2), filled([27, 1], 3)];
  const product = run(operands.slice(0, 2), (a, b) => matMul(a, b));
  const { numbers } = run(operands, (a, b, c) => concat([transpose(matMul(a, b)), neg(c)], 1));
  const expected = run([product, operands[2]], (x, c) => concat([transpose(x), neg(c)], 1));
  expect(numbers).toEqual(expected.numbers);
});

describe('arrays moved at random', () => {
  test.each(Array.from({ length: 80 }, (_, i) => i))('%i', (i) => {
    const moves = new RandomMoves(i);
    const { below, order } = moves;
    const left = moves.moved();
    const { shape } = left.result;
    const isTransposed = below(2) === 1;
    const depth = shape[shape.length - (isTransposed ? 2 : 1)];
    const right = filled([1 + below(20), depth], 1);
    const product = (a: Value, b: Value) => matMul(a, transpose(b), isTransposed);
    const permutation = order(shape.length);
    const joined = (y: Value) => {
      const turned = transpose(y, permutation);
      return concat([turned, relu(turned)], 0);
    };
    const { result } = left;
    const expected = run([run([result, right], product)], joined);
    const { numbers } = run([left.array, right], (a, b) => joined(product(left.move(a), b)));
    expect(numbers).toEqual(expected.numbers);
    const plain = run([run([result, right], product)], (y) => transpose(y, permutation));
    const turned = run([left.array, right], (a, b) => transpose(product(left.move(a), b), permutation));
    expect(turned.numbers).toEqual(plain.numbers);
  });
});

describe('what is copied', () => {
  const commands = (arrays: readonly Filled[], build: (...inputs: Value[]) => Value) =>
    run(arrays, build).text.match(/^ *\d+ (transpose|slice|strided|expand|concat)/gm)?.length ?? 0;
  const left = filled([2, 3, 15, 7], 1);
  const right = filled([2, 3, 7, 5], 2);

  test('a product that is read as it is, too, is transposed by a command', () => {
    const build = (a: Value, b: Value) => {
      const product = matMul(a, b);
      return add(
        matMul(product, product, true),
        slice(transpose(product, [0, 1, 3, 2]), [0, 0, 0, 0], [2, 3, 5, 5]),
      );
    };
    expect(commands([left, right], build)).toBeGreaterThan(0);
  });

  test('matrices whose rows and columns are both apart', () => {
    const every = (x: Value) => strided(x, [0, 0], [1, 2], [20, 10]);
    expect(commands([filled([20, 20], 1), filled([10, 9], 2)], (a, b) => matMul(every(a), b))).toBe(1);
  });

  test('one of two batches that lie in groups of other sizes, where it is no panel', () => {
    const build = (a: Value, b: Value) =>
      matMul(
        reshape(transpose(a, [0, 2, 1, 3]), [12, 9, 3]),
        reshape(transpose(b, [0, 2, 1, 3]), [12, 3, 4]),
      );
    expect(commands([filled([4, 9, 3, 3], 1), filled([2, 3, 6, 4], 2)], build)).toBe(1);
  });

  test('what is transposed for other kernels', () => {
    expect(commands([left], (a) => softmax(transpose(a, [0, 2, 1, 3])))).toBe(1);
  });
});
