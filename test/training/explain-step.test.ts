// A step that is told: the step is that of trainOnBatch, to the bit; gradients are those of finite differences.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([
  [0.5, -1],
  [1, 2],
  [-0.25, 0.75],
]);

function network(optimizer: string | tf.Optimizer = tf.train.sgd(0.1), seed = 3): tf.Sequential {
  tf.setSeed(seed);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'hidden', units: 3, activation: 'tanh', inputShape: [2] }),
      tf.layers.dense({ name: 'out', units: 2, activation: 'sigmoid', kernelRegularizer: 'l2' }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}
const y = tf.tensor2d([
  [0, 1],
  [1, 1],
  [0.5, 0],
]);

/** The loss in float64, of weights that lie flat one after the other. */
function lossOf(weights: readonly number[]): number {
  const [w1, b1, w2, b2] = [
    [0, 6],
    [6, 9],
    [9, 15],
    [15, 17],
  ].map(([from, to]) => weights.slice(from, to));
  const rows = x.arraySync() as number[][];
  const targets = y.arraySync() as number[][];
  let sum = 0;
  for (const [i, row] of rows.entries()) {
    const hidden = b1.map((b, j) => Math.tanh(b + row[0] * w1[j] + row[1] * w1[3 + j]));
    const out = b2.map(
      (b, j) => 1 / (1 + Math.exp(-(b + hidden.reduce((s, h, k) => s + h * w2[2 * k + j], 0)))),
    );
    sum += out.reduce((s, o, j) => s + (targets[i][j] - o) ** 2, 0) / 2 / rows.length;
  }
  return sum + 0.01 * w2.reduce((s, w) => s + w * w, 0);
}

const flat = (tensors: readonly (tf.Tensor | undefined)[]) =>
  tensors.flatMap((each) => Array.from(each!.dataSync()));

test('gradients of every weight are those of finite differences', () => {
  const step = tf.explainStep(network(), x, y);
  const weights = step.layers.flatMap((layer) => layer.weights);
  const before = flat(weights.map((weight) => weight.before));
  const gradients = flat(weights.map((weight) => weight.gradient));
  expect(step.loss).toBeCloseTo(lossOf(before), 6);
  expect(step.lossAfter).toBeCloseTo(lossOf(flat(weights.map((weight) => weight.after))), 6);
  for (const [i, gradient] of gradients.entries()) {
    const moved = (by: number) => lossOf(before.map((weight, j) => (i === j ? weight + by : weight)));
    expect(gradient).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 6);
  }
});

test('outputs of every layer, and how the loss changes with them', () => {
  const model = network();
  const outputs = model.execute(x, ['hidden', 'out']) as tf.Tensor[];
  const step = tf.explainStep(model, x, y);
  for (const [i, layer] of step.layers.entries()) {
    expect(layer.outputs).toHaveLength(1);
    expect(flat(layer.outputs)).toEqual(flat([outputs[i]]));
  }
  // ∂/∂out of the mean of (y − out)² over 6 numbers.
  const expected = flat([outputs[1]]).map((out, i) => (2 * (out - flat([y])[i])) / 6);
  for (const [i, gradient] of flat(step.layers[1].outputGradients).entries()) {
    expect(gradient).toBeCloseTo(expected[i], 6);
  }
});

test.each(['sgd', 'adam', 'lamb'])('the step is that of trainOnBatch, to the bit: %s', async (optimizer) => {
  const make = () => {
    tf.setSeed(8);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [2], activation: 'relu' }),
        tf.layers.batchNormalization(),
        tf.layers.dropout({ rate: 0.4, seed: 5 }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    return model;
  };
  const [told, plain] = [make(), make()];
  for (let i = 1; i <= 3; i++) {
    const step = tf.explainStep(told, x, y);
    expect(step.loss).toBe(await plain.trainOnBatch(x, y));
    expect(step.step).toBe(i);
    expect(flat(told.getWeights())).toEqual(flat(plain.getWeights()));
    const after = step.layers.flatMap(({ weights }) => weights.map((weight) => weight.after));
    expect(flat(after)).toEqual(
      flat(told.layers.flatMap(({ variables }) => variables).map((v) => v.read() as never)),
    );
  }
});

test('with SGD, weights become weight − learning rate · gradient', () => {
  for (const { before, gradient, after } of tf
    .explainStep(network(), x, y)
    .layers.flatMap((each) => each.weights)) {
    expect(
      flat([
        after
          .sub(before.sub(gradient!.mul(0.1)))
          .abs()
          .max(),
      ])[0],
    ).toBeLessThan(1e-7);
  }
});

test('a frozen layer, softmax with its loss, a layer called twice, several outputs', () => {
  const input = tf.input({ shape: [2] });
  const shared = tf.layers.dense({ units: 2, name: 'shared' });
  const frozen = tf.layers.dense({ units: 2, name: 'frozen', trainable: false });
  const twice = shared.apply(shared.apply(input) as tf.SymbolicTensor) as tf.SymbolicTensor;
  const classes = tf.layers
    .dense({ units: 2, activation: 'softmax', name: 'classes' })
    .apply(frozen.apply(twice) as tf.SymbolicTensor);
  const value = tf.layers.dense({ units: 1, name: 'value' }).apply(twice);
  const model = tf.model({ inputs: input, outputs: [classes, value] as tf.SymbolicTensor[] });
  model.compile({ optimizer: 'sgd', loss: ['sparseCategoricalCrossentropy', 'meanSquaredError'] });
  const step = tf.explainStep(model, x, [tf.tensor1d([0, 1, 0]), tf.tensor1d([1, 2, 3])], {
    sampleWeight: [
      [1, 2, 1],
      [1, 1, 1],
    ],
  });
  const layer = (name: string) => step.layers.find((each) => each.name === name)!;
  expect(layer('shared').outputs).toHaveLength(2);
  expect(
    layer('frozen').weights.map(({ isTrained, before, after }) => [
      isTrained,
      flat([before]).join() === flat([after]).join(),
    ]),
  ).toEqual([
    [false, true],
    [false, true],
  ]);
  expect(layer('classes').outputGradients).toEqual([undefined]);
  expect(layer('value').outputGradients[0]?.shape).toEqual([3, 1]);
  expect(step.lossName).toBe('sparseCategoricalCrossentropy, meanSquaredError');
  expect(String(step)).toContain('classes (Dense): none; the loss is computed of what comes before it');
  expect(String(step)).toContain('frozen/kernel [2,2]: is not trained');
});

describe('the text', () => {
  const one = () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], name: 'line' })] });
    model.setWeights([tf.tensor2d([[0.5]]), tf.tensor1d([0])]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    return model;
  };

  test('is a walk through backpropagation', () => {
    expect(
      String(tf.explainStep(one(), tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [3]]))).split('\n'),
    ).toEqual([
      'Step 1: 2 samples, sgd, learning rate 0.1',
      '',
      'Forwards: what each layer makes of the batch.',
      '  line (Dense) [2,1]',
      '    0.5',
      '    1',
      '',
      'The loss, meanSquaredError, is 2.125.',
      '',
      'Backwards: how the loss changes with each output, from the last layer to the first.',
      '  line (Dense) [2,1]',
      '    −0.5',
      '    −2',
      '',
      'Weights: where the gradient is above 0, a larger weight makes the loss larger, so the weight is made smaller.',
      'Each becomes weight − learning rate · gradient.',
      '  line/kernel [1,1]',
      '    [0,0] 0.5 → 0.95, gradient −4.5',
      '  line/bias [1]',
      '    [0] 0 → 0.25, gradient −2.5',
      '',
      'The loss of the same batch is now 0.3812: 82.1 % less.',
    ]);
  });

  test('says what the rule is only where it is that', () => {
    expect(String(tf.explainStep(network(), x, y))).toContain('weight − learning rate · gradient');
    expect(String(tf.explainStep(network('adam'), x, y))).not.toContain('weight − learning rate · gradient');
  });

  test('shows the beginning of what is large', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 20, inputShape: [9], name: 'wide' })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const lines = String(tf.explainStep(model, tf.ones([50, 9]), tf.ones([50, 20]))).split('\n');
    expect(lines.length).toBeLessThan(50);
    expect(lines).toContain('    and 46 more rows');
    expect(lines).toContain('    and 172 more');
    expect(lines.some((line) => line.endsWith('  …'))).toBe(true);
    const whole = String(tf.explainStep(model, tf.ones([4, 9]), tf.ones([4, 20])));
    expect(whole).not.toContain('more rows');
  });
});

test('what cannot be explained is a sentence', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  expect(() => tf.explainStep(model, [1], [1])).toThrow('explainStep needs a compiled model');
  expect(() => tf.explainStep('model' as never, [1], [1])).toThrow(
    "explainStep: model must be a model; got 'model'.",
  );
  model.compile({ optimizer: tf.train.sgd(1e30), loss: 'meanSquaredError' });
  expect(() => tf.explainStep(model, [[1, 2]], [1])).toThrow(
    'explainStep: x: expected shape [null,1]; got [1,2]',
  );
  tf.explainStep(model, [1e9], [1]);
  expect(() => tf.explainStep(model, [1e9], [1])).toThrow('explainStep: the loss is');
});
