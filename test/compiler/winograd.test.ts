// Convolutions in tiles: chosen by sizes, each pixel the same bits whatever is computed beside it, and sums over many
// slabs of tiles.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../../src/graph/ops/convolution.ts';
import { relu } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { input } from '../../src/graph/ops/sources.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { expectClose } from '../close.ts';

const window = (padding = 1) => ({
  strides: [1, 1] as const,
  padding: [padding, padding, padding, padding] as const,
  dilation: [1, 1] as const,
  groups: 1,
});

/** What values of inputs are, and the program that computes them. */
function computed(shapes: readonly Shape[], build: (...inputs: Value[]) => Value[]) {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => input(graph, i, shape));
  const outputs = build(...inputs);
  const program = new Program(outputs, [], { inputs });
  for (const value of inputs) {
    const values = Float32Array.from({ length: value.size }, (_, i) => Math.sin(i * i + 1));
    engine().write(program.addressOf(value), values);
  }
  program.run();
  return {
    text: program.toString(),
    values: outputs.map((value) => engine().readFloats(program.addressOf(value), value.size)),
  };
}

const isInTiles = (x: Shape, w: Shape, attrs: object = {}): boolean =>
  computed([x, w], (...[a, b]) => [conv2d(a, b, { ...window(), ...attrs })]).text.includes('winograd');

test('is chosen for many channels and small filters, in images that tiles fit', () => {
  expect(isInTiles([1, 8, 8, 16], [3, 3, 16, 16])).toBe(true);
  expect(isInTiles([1, 8, 8, 12], [3, 3, 12, 16])).toBe(false);
  expect(isInTiles([1, 8, 8, 18], [3, 3, 18, 16])).toBe(false);
  expect(isInTiles([1, 8, 8, 16], [3, 3, 16, 400])).toBe(false);
  expect(isInTiles([1, 5, 5, 16], [3, 3, 16, 16])).toBe(false);
  expect(isInTiles([1, 8, 8, 16], [2, 3, 16, 16])).toBe(false);
  expect(isInTiles([1, 8, 8, 16], [3, 3, 16, 16], { strides: [2, 1] })).toBe(false);
  expect(isInTiles([1, 8, 8, 16], [3, 3, 16, 16], { dilation: [1, 2] })).toBe(false);
  expect(isInTiles([1, 8, 8, 32], [3, 3, 16, 32], { groups: 2 })).toBe(false);
});

test("an input's gradient is computed in tiles only where there is not much around it", () => {
  const isGradientInTiles = (padding: number) =>
    computed(
      [
        [1, 8, 8, 16],
        [3, 3, 16, 16],
      ],
      (dy, w) => [conv2dInputGradient(dy, w, [1, 10 - 2 * padding, 10 - 2 * padding, 16], window(padding))],
    ).text.includes('winograd');
  expect(isGradientInTiles(1)).toBe(true);
  expect(isGradientInTiles(0)).toBe(false);
});

// Six images of 36 tiles: slabs of 132 hold parts of them; with 380 outputs, slabs of 12 hold parts of rows of tiles.
test.each([
  [6, 12, 16, 20],
  [3, 26, 16, 380],
])('%i images of %i pixels, %i to %i channels: each image is as it is alone', (images, size, depth, n) => {
  const shapes = [
    [images, size, size, depth],
    [3, 3, depth, n],
    [images, size, size, n],
  ];
  const one = (x: Value, i: number) => slice(x, [i, 0, 0, 0], [1, ...x.shape.slice(1)]);
  const y = (x: Value, w: Value) => relu(conv2d(x, w, window()));
  const dx = (dy: Value, w: Value) => conv2dInputGradient(dy, w, [dy.shape[0], size, size, depth], window());
  const dw = (x: Value, dy: Value) => conv2dFilterGradient(x, dy, [3, 3, depth, n], window());
  const { values } = computed(shapes, (x, w, dy) => [
    ...[y(x, w), dx(dy, w), dw(x, dy)],
    ...Array.from({ length: images }, (_, i) => [
      y(one(x, i), w),
      dx(one(dy, i), w),
      dw(one(x, i), one(dy, i)),
    ]).flat(),
  ]);
  const [ys, dxs, dws, ...parts] = values;
  const joined = (which: number) => parts.filter((_, i) => i % 3 === which).flatMap((part) => [...part]);
  expect(joined(0).every((value, i) => Object.is(value, ys[i]))).toBe(true);
  expect(joined(1).every((value, i) => Object.is(value, dxs[i]))).toBe(true);
  const sums = Float64Array.from(dws, (_, j) =>
    parts.filter((_, i) => i % 3 === 2).reduce((sum, part) => sum + part[j], 0),
  );
  const largest = sums.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expectClose(
    dws.map((value) => value / largest),
    sums.map((value) => value / largest),
    1e-5,
    'dw',
  );
});
