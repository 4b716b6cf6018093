// Anything can be an output: what is computed, what is given, and what is known beforehand.

import { expect, test } from 'vitest';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { constant, reshape } from '../../src/graph/ops/sources.ts';
import { tensor1d } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

test('constants, inputs, their reshapes and computed values side by side', () => {
  const results = compute([tensor1d([1, 2, 3, 4])], (x) => [
    constant(x.graph, [5, 6], [2]),
    x,
    reshape(x, [2, 2]),
    add(mul(x, 2), constant(x.graph, [7])),
    constant(x.graph, [8]),
  ]);
  expect(results.map((result) => result.arraySync())).toEqual([
    [5, 6],
    [1, 2, 3, 4],
    [
      [1, 2],
      [3, 4],
    ],
    [9, 11, 13, 15],
    8,
  ]);
});
