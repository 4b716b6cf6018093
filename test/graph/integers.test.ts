// What floats cannot show: integers of all 32 bits, NaN among what is compared, and what lies past an integer's range.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { type DType, Graph, type Value } from '../../src/graph/graph.ts';
import { relu6, stepWith } from '../../src/graph/ops/activations.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { integerConstant } from '../../src/graph/ops/conversion.ts';
import * as e from '../../src/graph/ops/elementwise.ts';
import { cast } from '../../src/graph/ops/elementwise.ts';
import {
  bincount,
  denseBincount,
  gather,
  scatterAdd,
  tensorScatterUpdate,
} from '../../src/graph/ops/gather.ts';
import { bitwiseAnd } from '../../src/graph/ops/integers.ts';
import * as logic from '../../src/graph/ops/logic.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import * as movement from '../../src/graph/ops/movement.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import { floorDiv, mod, round } from '../../src/graph/ops/rounding.ts';
import { cumprod, cumsum } from '../../src/graph/ops/scans.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { reverse } from '../../src/graph/ops/strides.ts';
import { topk } from '../../src/graph/ops/top-k.ts';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

interface Given {
  readonly shape?: readonly number[];
  readonly dtype: DType;
  readonly values: readonly number[];
}

const ints = (...values: number[]): Given => ({ dtype: 'int32', values });
const floats = (...values: number[]): Given => ({ dtype: 'float32', values });
const bools = (...values: number[]): Given => ({ dtype: 'bool', values });

/** What an op makes of arrays, in its own type. */
function applied(
  build: (...values: Value[]) => Value,
  ...given: Given[]
): { dtype: DType; values: number[] } {
  const graph = new Graph();
  const values = given.map(({ shape, dtype, values }, i) => input(graph, i, shape ?? [values.length], dtype));
  const y = build(...values);
  const program = new Program([y], [], { inputs: values });
  for (const [i, value] of values.entries()) {
    const array = given[i].dtype === 'int32' ? Int32Array : Float32Array;
    program.array(value).write(array.from(given[i].values));
  }
  program.run();
  const result = { dtype: y.dtype, values: Array.from(program.array(y).copy()) };
  program.dispose();
  return result;
}

const most = 2 ** 31 - 1;
const least = -(2 ** 31);

test.each<[string, (a: Value, b: Value) => Value, (a: number, b: number) => number]>([
  ['add', e.add, (a, b) => (a + b) | 0],
  ['sub', e.sub, (a, b) => (a - b) | 0],
  ['mul', e.mul, Math.imul],
  ['maximum', e.maximum, Math.max],
  ['minimum', e.minimum, Math.min],
  ['floorDiv', floorDiv, (a, b) => (b === 0 ? 0 : Math.floor(a / b) | 0)],
  ['mod', mod, (a, b) => (b === 0 ? 0 : (((a % b) + b) % b) | 0)],
  ['bitwiseAnd', bitwiseAnd, (a, b) => a & b],
])('%s of integers is exact, modulo 2³²', (_, build, exact) => {
  const numbers = [0, 1, -1, 7, -7, 123_456_789, -987_654_321, most, least];
  const a = numbers.flatMap((x) => numbers.map(() => x));
  const b = numbers.flatMap(() => numbers);
  const { dtype, values } = applied(build, ints(...a), ints(...b));
  expect(dtype).toBe('int32');
  expect(values).toEqual(a.map((x, i) => exact(x, b[i]) + 0));
});

test('powers of integers are exact, and lose their fractions', () => {
  const { values } = applied(e.pow, ints(3, -2, 7, 2, 0, -1, 1), ints(19, 31, 0, -1, 0, -3, -2));
  expect(values).toEqual([3 ** 19, least, 1, 0, 1, -1, 1]);
});

test('comparisons of integers see their last bit', () => {
  const [a, b] = [ints(most, most, least), ints(most - 1, most, least + 1)];
  expect(applied(e.greater, a, b)).toEqual({ dtype: 'bool', values: [1, 0, 0] });
  expect(applied(e.equal, a, b).values).toEqual([0, 1, 0]);
  expect(applied(e.notEqual, a, b).values).toEqual([1, 0, 1]);
  expect(applied(e.lessEqual, a, b).values).toEqual([0, 1, 1]);
});

test.each<[string, (x: Value) => Value, Given, { dtype: DType; values: number[] }]>([
  ['sum', sum, ints(most, 5, -3), { dtype: 'int32', values: [least + 1] }],
  ['prod', reductions.prod, ints(65_537, 65_537), { dtype: 'int32', values: [131_073] }],
  ['max', reductions.max, ints(most - 1, most), { dtype: 'int32', values: [most] }],
  ['min', reductions.min, ints(least + 1, least), { dtype: 'int32', values: [least] }],
  ['argMax', reductions.argMax, ints(most - 1, most, most), { dtype: 'int32', values: [1] }],
  ['argMin', reductions.argMin, ints(least + 1, least, least), { dtype: 'int32', values: [1] }],
  ['cumsum', cumsum, ints(most, 1, 1), { dtype: 'int32', values: [most, least, least + 1] }],
  ['cumprod', cumprod, ints(65_537, 65_537), { dtype: 'int32', values: [65_537, 131_073] }],
  ['reverse', reverse, ints(most, 5), { dtype: 'int32', values: [5, most] }],
  ['pad', (x) => movement.pad(x, [[1, 0]], most), ints(7), { dtype: 'int32', values: [most, 7] }],
  ['neg', e.neg, ints(most, least), { dtype: 'int32', values: [-most, least] }],
  ['abs', e.abs, ints(-most, least), { dtype: 'int32', values: [most, least] }],
  ['square', e.square, ints(65_537), { dtype: 'int32', values: [131_073] }],
  ['sign', e.sign, ints(most, least, 0), { dtype: 'int32', values: [1, -1, 0] }],
  ['relu', e.relu, ints(most, -5), { dtype: 'int32', values: [most, 0] }],
  ['relu6', relu6, ints(most, -5, 4), { dtype: 'int32', values: [6, 0, 4] }],
  ['step', stepWith, ints(most, -5, 0), { dtype: 'int32', values: [1, 0, 0] }],
  ['round', round, ints(most, -5), { dtype: 'int32', values: [most, -5] }],
  ['clip', (x) => e.clip(x, -3, most), ints(most, -5), { dtype: 'int32', values: [most, -3] }],
  [
    'clip from below alone',
    (x) => e.clip(x, -3, Infinity),
    ints(most, -5),
    { dtype: 'int32', values: [most, -3] },
  ],
  [
    'clip from above alone',
    (x) => e.clip(x, -Infinity, 3),
    ints(most, least),
    { dtype: 'int32', values: [3, least] },
  ],
  [
    'weights of bincount',
    (x) => bincount(integerConstant(x.graph, [1, 1], [2]), x, 2),
    ints(most - 1, 1),
    { dtype: 'int32', values: [0, most] },
  ],
  [
    'weights of denseBincount',
    (x) => denseBincount(integerConstant(x.graph, [1, 1], [2]), x, 2),
    ints(most - 1, 1),
    { dtype: 'int32', values: [0, most] },
  ],
  ['topk', (x) => topk(x, 2).values, ints(most - 1, 3, most), { dtype: 'int32', values: [most, most - 1] }],
  ['mean', reductions.mean, ints(1, 2), { dtype: 'float32', values: [1.5] }],
  ['sum of bools', sum, bools(1, 0, 1), { dtype: 'int32', values: [2] }],
  ['max of bools', reductions.max, bools(1, 0), { dtype: 'bool', values: [1] }],
  ['all', reductions.all, ints(1, 2, 0), { dtype: 'bool', values: [0] }],
  ['any', reductions.any, floats(0, nan), { dtype: 'bool', values: [1] }],
  ['logicalNot', logic.logicalNot, bools(1, 0), { dtype: 'bool', values: [0, 1] }],
  ['isNaN', logic.isNaN, floats(1, nan, infinity), { dtype: 'bool', values: [0, 1, 0] }],
  ['isInf', logic.isInf, floats(1, nan, -infinity), { dtype: 'bool', values: [0, 0, 1] }],
  ['isFinite', logic.isFinite, floats(1, nan, -infinity), { dtype: 'bool', values: [1, 0, 0] }],
])('%s keeps all bits and says its type', (_, build, given, expected) => {
  expect(applied((x) => build(x), given)).toEqual(expected);
});

test('casts drop fractions, and keep what is nearest in range', () => {
  const given = floats(1.9, -1.9, 3e9, -3e9, nan, 0);
  expect(applied((x) => cast(x, 'int32'), given).values).toEqual([1, -1, most, least, 0, 0]);
  expect(applied((x) => cast(x, 'bool'), given).values).toEqual([1, 1, 1, 1, 1, 0]);
  expect(applied((x) => cast(x, 'bool'), ints(0, 2 ** 24 + 1, least)).values).toEqual([0, 1, 1]);
  expect(applied((x) => cast(x, 'int32'), bools(1, 0))).toEqual({ dtype: 'int32', values: [1, 0] });
});

test('integers with floats are floats', () => {
  expect(applied(e.add, ints(1, 2), floats(0.5, 0.5))).toEqual({ dtype: 'float32', values: [1.5, 2.5] });
  expect(applied((x) => e.mul(x, 2.5), ints(1, 2))).toEqual({ dtype: 'float32', values: [2.5, 5] });
  expect(applied((x) => e.select(e.greater(x, 1), x, 0.5), ints(1, 2)).dtype).toBe('float32');
});

test('products of matrices of integers are integers', () => {
  const matrix = { ...ints(1, 2, 3, 4), shape: [2, 2] };
  expect(applied((a, b) => matMul(a, b), matrix, matrix)).toEqual({
    dtype: 'int32',
    values: [7, 10, 15, 22],
  });
});

test('the first NaN is the largest and the smallest, and ranks before all numbers', () => {
  const given = floats(1, nan, 3, nan, infinity);
  expect(applied((x) => reductions.argMax(x), given).values).toEqual([1]);
  expect(applied((x) => reductions.argMin(x), given).values).toEqual([1]);
  expect(applied((x) => topk(x, 5).indices, given).values).toEqual([1, 3, 4, 2, 0]);
});

test('rows that are not there are NaN, or 0 among integers; what is scattered there is dropped', () => {
  const places = ints(1, -1, 2, most);
  expect(applied((x, i) => gather(x, i), floats(5, 6), places).values).toEqual([6, nan, nan, nan]);
  expect(applied((x, i) => gather(x, i), ints(most, 6), places).values).toEqual([6, 0, 0, 0]);
  expect(applied((x, i) => scatterAdd(i, x, 2), ints(most, 1, 2, 3), places).values).toEqual([0, most]);
});

test('of several updates of one place the last one stays', () => {
  const build = (x: Value, i: Value, v: Value) => tensorScatterUpdate(x, i, v);
  const places = ints(1, 0, 1);
  expect(applied(build, ints(7, 8, most), places, ints(1, 2, 3)).values).toEqual([2, 3, most]);
});
