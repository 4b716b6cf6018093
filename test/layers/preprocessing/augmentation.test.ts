// What layers of augmentation make of small images whose result is known by hand: a factor of [v, v] leaves nothing
// to chance.

import { describe, expect, test } from 'vitest';
import { Program } from '../../../src/compiler/program.ts';
import { engine } from '../../../src/engine/engine.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { input } from '../../../src/graph/ops/sources.ts';
import * as tf from '../../../src/index.ts';
import { newRange } from '../../../src/state/range.ts';
import { ProgramTrace } from '../../../src/state/trace.ts';

/** Rows of one image of one channel. */
type Image = readonly (readonly number[])[];

/** What a layer makes of copies of an image in one step of training. */
function seen(layer: tf.Layer, image: Image, copies = 1, seed = 3): number[][][] {
  const shape = [copies, image.length, image[0].length, 1];
  const randomState = newRange('a random state', [4]);
  randomState.block.write(0, Int32Array.of(seed, 9, 0));
  const trace = new ProgramTrace(new Graph(), { training: true, randomState });
  const x = input(trace.graph, 0, shape);
  layer.ensureBuilt([null, ...shape.slice(1)]);
  const [y] = trace.run(() => layer.trace(trace, [x]));
  const program = new Program([y], [], { inputs: [x] });
  engine().write(program.addressOf(x), Float32Array.from(new Array(copies).fill(image.flat()).flat()));
  program.run();
  const values = tf.tensor(engine().readFloats(program.addressOf(y), y.size), shape.slice(0, 3));
  return values.arraySync() as number[][][];
}

function expectImage(got: Image, expected: Image): void {
  for (const [row, values] of expected.entries()) {
    for (const [column, value] of values.entries()) expect(got[row][column]).toBeCloseTo(value, 4);
  }
}

const image = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 10, 11, 12],
  [13, 14, 15, 16],
];
const across = image.map((row) => [...row].reverse());
const down = [...image].reverse();
const both = [...across].reverse();

describe('randomFlip', () => {
  test.each([
    ['horizontal', [image, across]],
    ['vertical', [image, down]],
    ['horizontal_and_vertical', [image, across, down, both]],
  ] as const)('%s: each of its results, about as often', (mode, results) => {
    const all = seen(tf.layers.randomFlip({ mode }), image, 400).map((one) => JSON.stringify(one));
    const counts = results.map((result) => all.filter((one) => one === JSON.stringify(result)).length);
    expect(counts.reduce((a, b) => a + b)).toBe(400);
    const expected = 400 / results.length;
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

describe('randomTranslation', () => {
  const right = (fillMode: 'reflect' | 'wrap' | 'constant' | 'nearest') =>
    tf.layers.randomTranslation({ heightFactor: 0, widthFactor: [0.5, 0.5], fillMode, fillValue: -1 });

  test.each([
    ['reflect', [2, 1, 1, 2]],
    ['wrap', [3, 4, 1, 2]],
    ['constant', [-1, -1, 1, 2]],
    ['nearest', [1, 1, 1, 2]],
  ] as const)('by two pixels, fillMode %s', (mode, row) => {
    expect(seen(right(mode), image)[0][0]).toEqual(row);
  });

  test('down by one pixel, and by half a pixel', () => {
    const by = (share: number) =>
      tf.layers.randomTranslation({ heightFactor: [share, share], widthFactor: 0, fillMode: 'nearest' });
    expectImage(seen(by(0.25), image)[0], [image[0], image[0], image[1], image[2]]);
    expectImage(seen(by(0.125), image)[0], [
      [1, 2, 3, 4],
      [3, 4, 5, 6],
      [7, 8, 9, 10],
      [11, 12, 13, 14],
    ]);
  });

  test('draws within its factors, for each image by itself', () => {
    const ramp = [Array.from({ length: 101 }, (_, i) => i)];
    const layer = tf.layers.randomTranslation({ heightFactor: 0, widthFactor: 0.1, fillMode: 'nearest' });
    const shifts = seen(layer, ramp, 300).map((one) => 50 - one[0][50]);
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(10.1);
    expect(Math.max(...shifts)).toBeGreaterThan(9);
    expect(Math.min(...shifts)).toBeLessThan(-9);
  });
});

describe('randomRotation', () => {
  const turned = (share: number) => tf.layers.randomRotation({ factor: [share, share] });

  test('by a quarter counter-clockwise, by half a turn, by a whole one', () => {
    const quarter = [3, 2, 1, 0].map((column) => image.map((row) => row[column]));
    expectImage(seen(turned(0.25), image)[0], quarter);
    expectImage(seen(turned(0.5), image)[0], both);
    expectImage(seen(turned(-1), image)[0], image);
  });
});

describe('randomZoom', () => {
  test('shows twice as much, or half', () => {
    const out = tf.layers.randomZoom({ heightFactor: [1, 1], fillMode: 'constant', fillValue: 0 });
    // Read at −1.5, 0.5, 2.5, 4.5 both ways: means of four pixels, and nothing outside.
    expectImage(seen(out, image)[0], [
      [0, 0, 0, 0],
      [0, 3.5, 5.5, 0],
      [0, 11.5, 13.5, 0],
      [0, 0, 0, 0],
    ]);
    const closer = tf.layers.randomZoom({ heightFactor: 0, widthFactor: [-0.5, -0.5] });
    expectImage(seen(closer, image)[0].slice(0, 1), [[1.75, 2.25, 2.75, 3.25]]);
  });
});

const factories = [
  tf.layers.randomFlip({ inputShape: [4, 4, 1] }),
  tf.layers.randomTranslation({ heightFactor: 0.5, widthFactor: 0.5, inputShape: [4, 4, 1] }),
  tf.layers.randomRotation({ factor: 0.5, inputShape: [4, 4, 1] }),
  tf.layers.randomZoom({ heightFactor: 0.5, inputShape: [4, 4, 1] }),
];

test.each(factories.map((layer) => [layer.className, layer] as const))('%s', (_, layer) => {
  // In inference nothing happens; a step's seed decides, unless the layer has its own.
  const model = tf.sequential({ layers: [layer] });
  const x = tf.tensor(image.flat(), [1, 4, 4, 1]);
  expect((model.predict(x) as tf.Tensor).dataSync()).toEqual(x.dataSync());
  expect(seen(layer, image, 8, 1)).toEqual(seen(layer, image, 8, 1));
  expect(seen(layer, image, 8, 1)).not.toEqual(seen(layer, image, 8, 2));
});

test('a seed of its own fixes what a layer does', () => {
  const layer = tf.layers.randomRotation({ factor: 0.5, seed: 4 });
  expect(seen(layer, image, 4, 1)).toEqual(seen(layer, image, 4, 2));
});

test.each([
  [
    () => tf.layers.randomFlip({ mode: 'diagonal' as 'vertical', name: 'r' }),
    "r: mode must be 'horizontal', 'vertical' or 'horizontal_and_vertical'; got 'diagonal'.",
  ],
  [
    () => tf.layers.randomRotation({ factor: -0.1, name: 'r' }),
    'r: factor must be a positive number or [min, max]; got -0.1.',
  ],
  [
    () => tf.layers.randomZoom({ heightFactor: [-2, 0], name: 'r' }),
    'r: heightFactor must be a positive number or [min, max] from -1 up; got [-2,0].',
  ],
  [
    () => tf.layers.randomZoom({ heightFactor: 0.1, fillMode: 'mirror' as 'wrap', name: 'r' }),
    "r: fillMode must be 'reflect', 'wrap', 'constant' or 'nearest'; got 'mirror'.",
  ],
  [
    () => tf.layers.randomRotation({ factor: 1, name: 'r' }).apply(tf.input({ shape: [4, 4] })),
    'r: takes input with known channels, [null,height,width,channels]; got [null,4,4].',
  ],
])('wrong options are sentences %#', (make, sentence) => {
  expect(make).toThrow(sentence);
});
