// Pixels that no window of a pool sees are not computed, unless somebody else reads them; no bit changes.

import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, mul, relu, square } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { cumsum } from '../../src/graph/ops/scans.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import { conv2d } from '../../src/graph/ops/spatial.ts';
import { averagePool2d, maxPool2d } from '../../src/graph/ops/window-folds.ts';
import * as tf from '../../src/index.ts';

const size = [3, 8, 9, 2];
const images = tf.tensor(
  Float32Array.from({ length: 3 * 8 * 9 * 2 }, (_, i) => ((i * 37) % 101) / 50 - 1),
  size,
);
const labels = tf.tensor1d(Int32Array.of(0, 2, 1));
const pools = ['maxPooling2d', 'averagePooling2d'] as const;

/** A convolution, its activation, a pool, a classifier; with `watched` the values before the pool are an output. */
function network(pool: (typeof pools)[number], watched: 'nothing' | 'convolution' | 'activation'): tf.Model {
  tf.setSeed(3);
  const input = tf.input({ shape: size.slice(1) });
  const convolution = tf.layers
    .conv2d({ filters: 5, kernelSize: 3, strides: [1, 2], name: 'conv' })
    .apply(input);
  const activation = tf.layers.activation({ activation: 'relu', name: 'act' }).apply(convolution);
  const pooled = tf.layers[pool]({ poolSize: [4, 3], name: 'pool' }).apply(activation);
  const flat = tf.layers.flatten({ name: 'flat' }).apply(pooled);
  const classes = tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }).apply(flat);
  const seen = { nothing: [], convolution: [convolution], activation: [activation] }[watched];
  const model = tf.model({ inputs: input, outputs: [classes, ...seen] });
  const unweighted = seen.map(() => (_: tf.Value, y: tf.Value) => tf.mul(tf.sum(y, [1, 2, 3]), 0));
  model.compile({ optimizer: 'sgd', loss: ['sparseCategoricalCrossentropy', ...unweighted] });
  return model;
}

const targets = (model: tf.Model) => [labels, ...model.outputs.slice(1).map(() => tf.zeros([3, 1]))];

describe.each(pools)('%s', (pool) => {
  test('makes the convolution smaller where it alone reads it', () => {
    const shapeIn = (watched: Parameters<typeof network>[1]) => {
      const model = network(pool, watched);
      return /conv2d \[(.*?)\]/.exec(model.printProgram(images, targets(model)))?.[1];
    };
    expect(shapeIn('nothing')).toBe('3,4,3,5');
    expect(shapeIn('convolution')).toBe('3,6,4,5');
    expect(shapeIn('activation')).toBe('3,6,4,5');
  });

  test('learns the same bits', async () => {
    const weights = async (watched: Parameters<typeof network>[1]) => {
      const model = network(pool, watched);
      await model.fit(images, targets(model), { epochs: 4, verbose: 0 });
      return model.getWeights().map((weight) => weight.arraySync());
    };
    const alone = await weights('nothing');
    expect(await weights('convolution')).toEqual(alone);
  });
});

test.each([
  [4, 4],
  [4, 5],
  [5, 4],
  [5, 5],
])('images of %i by %i in pools of 2 by 2: 4 by 4 are computed', (height, width) => {
  const layers = [
    tf.layers.conv2d({ filters: 1, kernelSize: 2, padding: 'same', inputShape: [height, width, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const program = model.printProgram(tf.ones([1, height, width, 1]), tf.ones([1, 2, 2, 1]));
  expect(program).toContain('conv2d [1,4,4,1]');
});

test('random numbers before the pool keep their size', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 9, 2] }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.maxPooling2d({ poolSize: [4, 3] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const { history } = await model.fit(images, labels, { epochs: 1, verbose: 0 });
  expect(Number.isFinite(history.loss[0])).toBe(true);
});

test('a penalty on the values reads them too', () => {
  const layers = [
    tf.layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], activityRegularizer: 'l1l2' }),
    tf.layers.maxPooling2d(),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const program = model.printProgram(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 2]));
  expect(program).toContain('conv2d [1,3,3,2]');
  expect(program).not.toContain('conv2d [1,2,2,2]');
});

describe('strides, paddings and what follows the convolution', () => {
  interface Windows {
    /** Of the convolution of 3 by 2: strides, and paddings above, below, left and right. */
    readonly strides: readonly [number, number];
    readonly padding: readonly [number, number, number, number];
    /** Of the pool. */
    readonly size: readonly [number, number];
    readonly steps: readonly [number, number];
    readonly margin: readonly [number, number, number, number];
    /** Rows and columns of the convolution that the pool sees, of those that there would be. */
    readonly seen: readonly [number, number];
    readonly all: readonly [number, number];
  }
  // Of images of 12 by 11.
  const windows: readonly Windows[] = [
    {
      strides: [1, 1],
      padding: [0, 0, 0, 0],
      size: [3, 4],
      steps: [3, 4],
      margin: [0, 0, 0, 0],
      seen: [9, 8],
      all: [10, 10],
    },
    {
      strides: [2, 1],
      padding: [1, 0, 0, 1],
      size: [2, 3],
      steps: [2, 3],
      margin: [0, 0, 0, 0],
      seen: [6, 9],
      all: [6, 11],
    },
    {
      strides: [2, 3],
      padding: [0, 1, 2, 0],
      size: [2, 3],
      steps: [2, 3],
      margin: [0, 0, 0, 0],
      seen: [6, 3],
      all: [6, 4],
    },
    {
      strides: [3, 2],
      padding: [1, 1, 1, 2],
      size: [3, 2],
      steps: [3, 4],
      margin: [0, 0, 0, 0],
      seen: [3, 6],
      all: [4, 7],
    },
    {
      strides: [1, 1],
      padding: [0, 0, 0, 0],
      size: [3, 3],
      steps: [3, 3],
      margin: [1, 0, 2, 0],
      seen: [8, 10],
      all: [10, 10],
    },
    {
      strides: [1, 1],
      padding: [0, 0, 0, 0],
      size: [3, 3],
      steps: [3, 3],
      margin: [1, 0, 1, 0],
      seen: [8, 8],
      all: [10, 10],
    },
    {
      strides: [1, 1],
      padding: [0, 0, 0, 0],
      size: [4, 3],
      steps: [4, 5],
      margin: [0, 1, 1, 0],
      seen: [8, 7],
      all: [10, 10],
    },
    {
      strides: [1, 1],
      padding: [0, 0, 0, 0],
      size: [2, 2],
      steps: [2, 2],
      margin: [0, 0, 0, 0],
      seen: [10, 10],
      all: [10, 10],
    },
  ];
  const between: Readonly<Record<string, (x: Value, row: Value, same: Value) => Value>> = {
    nothing: (x) => x,
    relu: (x) => relu(x),
    'a row and its square': (x, row) => square(add(x, row)),
    'the same array twice': (x) => mul(x, square(x)),
    'another array': (x, _, same) => add(x, same),
    'a row for each column': (x, _, same) => add(x, reshape(slice(same, [0, 0], [1, 1]), x.shape.slice(2))),
    'sums from the end': (x) => cumsum(x, 1, false, true),
  };

  /** Neither where two nodes read it, nor where what follows reads other arrays of its size, or all of it for each pixel. */
  const isCropped = (what: string) => ['nothing', 'relu', 'a row and its square'].includes(what);

  test.each(
    windows.flatMap((each) =>
      Object.keys(between).map((what) => [JSON.stringify(each.seen), what, each] as const),
    ),
  )('%s, with %s between', (_, what, each) => {
    const graph = new Graph();
    const x = input(graph, 0, [2, 12, 11, 2]);
    const w = input(graph, 1, [3, 2, 2, 3]);
    const row = input(graph, 2, [3]);
    const [top, bottom, left, right] = each.padding;
    const made = conv2d(x, w, each.strides, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    expect(made.shape).toEqual([2, ...each.all, 3]);
    const same = input(graph, 3, made.shape);
    const images = between[what](made, row, same);
    const attrs = { size: each.size, strides: each.steps, padding: each.margin, dilation: [1, 1] as const };
    const inputs = [x, w, row, same];
    const compute = (y: Value, ...watched: Value[]) => {
      const program = new Program([y, ...watched], [], { inputs });
      for (const [i, value] of inputs.entries())
        program
          .array(value)
          .write(Float32Array.from({ length: value.size }, (_each, at) => Math.sin(at * at + i)));
      program.run();
      const shape = /conv2d [^\n]*?\[2,(\d+),(\d+),3\]/.exec(program.toString());
      return { result: Array.from(program.array(y).read()), shape: [Number(shape?.[1]), Number(shape?.[2])] };
    };
    for (const pool of [maxPool2d, averagePool2d]) {
      const y = pool(images, attrs);
      const alone = compute(y);
      const watched = compute(y, made);
      expect(alone.result).toEqual(watched.result);
      expect(watched.shape).toEqual(each.all);
      expect(alone.shape).toEqual(isCropped(what) ? each.seen : each.all);
    }
  });
});
