// Gradients where functions have an edge: ties, zeros, ends of ranges.

import { expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import type { Value } from '../../src/graph/graph.ts';
import { maximum, minimum, pow } from '../../src/graph/ops/elementwise.ts';
import { sum } from '../../src/graph/ops/reductions.ts';
import { tensor1d } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

/** Gradients of Σ build(a, b). */
const gradients = (build: (a: Value, b: Value) => Value, a: number[], b: number[]) =>
  compute([tensor1d(a), tensor1d(b)], (x, y) =>
    differentiate(sum(build(x, y)), [x, y]).map((gradient) => gradient!),
  ).map((gradient) => Array.from(gradient.dataSync()));

test.each([
  ['maximum', maximum],
  ['minimum', minimum],
] as const)('%s of a tie has the gradient of the first', (_, build) => {
  expect(gradients(build, [2, -1], [2, -1])).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

test('a power of zero or less has no gradient by its exponent', () => {
  const [byBase, byExponent] = gradients(pow, [0, -2, 1], [2, 2, 2]);
  expect(byBase).toEqual([0, -4, 2]);
  expect(byExponent).toEqual([0, 0, 0]);
});
