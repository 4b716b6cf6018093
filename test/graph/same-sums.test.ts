// Sums over pixels of a pool's gradient are taken of what the pool was given: an op that says so is held to it.

import { expect, test } from 'vitest';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/reductions.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { averagePool2d, maxPool2d, type Pool, windowFoldOps } from '../../src/graph/ops/window-folds.ts';
import { tensor } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

const pool = { size: [3, 2], strides: [2, 1], padding: [1, 1, 0, 1], dilation: [1, 1] } as const;
const ramp = (shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 37) % 101) / 64),
    shape,
  );

test.each([
  ['maxPool2d', maxPool2d, windowFoldOps.maxPool2d.gradient],
  ['averagePool2d', averagePool2d, windowFoldOps.averagePool2d.gradient],
] as const)('%s', (_, build, rule) => {
  const [x, dy] = [ramp([2, 5, 4, 3]), ramp([2, 3, 4, 3])];
  const [dx, sums] = compute([x, dy], (images, dOutput) => {
    const [dImages] = rule(dOutput, build(images, pool) as Value<Pool>);
    return [dImages, sum(dImages, [0, 1, 2])];
  });
  for (const channel of [0, 1, 2]) {
    const values = Array.from(dx.dataSync()).filter((_, i) => i % 3 === channel);
    expect(sums.dataSync()[channel]).toBeCloseTo(
      values.reduce((a, b) => a + b),
      4,
    );
  }
});

test('only where all axes but the last are summed', () => {
  const graph = new Graph();
  const y = maxPool2d(input(graph, 0, [2, 5, 4, 3]), pool);
  const dy = input(graph, 1, y.shape);
  const [dx] = windowFoldOps.maxPool2d.gradient(dy, y as Value<Pool>);
  expect(sum(dx, [0, 1, 2]).inputs).toEqual([dy]);
  for (const axes of [[0, 1], [1, 2, 3], undefined]) expect(sum(dx, axes).inputs).toEqual([dx]);
});
