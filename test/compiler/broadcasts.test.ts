// What is repeated up to several shapes, and read in place: a function of it is another array for each shape.

import { expect, test } from 'vitest';
import { broadcastTo, sum } from '../../src/graph/ops/broadcasting.ts';
import { add, exp, mul } from '../../src/graph/ops/elementwise.ts';
import * as tf from '../../src/node.ts';
import { compute } from '../compute.ts';

const numbers = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i + 1) / 8),
    shape,
  );

test.each<[number[], number[][]]>([
  [[], [[2, 3], [4], []]],
  [[], [[4], [2, 3], [1]]],
  [
    [3],
    [
      [2, 3],
      [5, 3],
      [4, 1, 3],
    ],
  ],
  [
    [2, 1],
    [
      [2, 7],
      [2, 3],
    ],
  ],
])('%j as each of %j', (shape, shapes) => {
  const x = numbers(...shape);
  const one = (to: readonly number[]) => compute([x], (value) => [exp(broadcastTo(value, to))])[0].dataSync();
  const together = compute([x], (value) => shapes.map((to) => exp(broadcastTo(value, to))));
  expect(together.map((each) => each.shape)).toEqual(shapes);
  expect(together.map((each) => each.dataSync())).toEqual(shapes.map(one));
  const product = compute([x, x], (a, b) =>
    shapes.map((to) => sum(mul(broadcastTo(a, to), broadcastTo(b, to)))),
  );
  const squares = Array.from(x.dataSync()).reduce((total, each) => total + each * each, 0);
  for (const [i, to] of shapes.entries()) {
    expect(product[i].dataSync()[0]).toBeCloseTo((squares * to.reduce((a, b) => a * b, 1)) / x.size, 4);
  }
});

test('a gradient of one number goes to arrays of several shapes', () => {
  const f = (x: tf.Tensor) => {
    const total = x.sum();
    return tf.concat([x.flatten(), total.flatten(), total.exp().flatten()]);
  };
  const slope = 2 + Math.exp(0.125 + 0.25);
  expect(tf.grad(f)(numbers(2, 1)).dataSync()).toEqual(Float32Array.of(slope, slope));
  const both = compute([numbers(), numbers(2, 3)], (number, x) => [
    add(broadcastTo(number, [2, 3]), x),
    add(number, number),
    add(broadcastTo(number, [2, 3]), broadcastTo(number, [2, 3])),
  ]);
  expect(both[1].dataSync()).toEqual(Float32Array.of(0.25));
  expect(both[2].dataSync()).toEqual(new Float32Array(6).fill(0.25));
});
