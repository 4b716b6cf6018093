// What fails half-way has changed nothing: weights, and how a model is trained.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.ones([2, 2]);
const y = tf.ones([2, 1]);

function compiled(): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

function disposed(): tf.Tensor {
  const tensor = tf.ones([1]);
  tensor.dispose();
  return tensor;
}

describe('setWeights of which the last is wrong', () => {
  test.each<[string, () => unknown, string]>([
    ['no tensor', () => 'x', "only/bias: expected a tensor; got 'x'."],
    ['a tensor of another shape', () => tf.ones([3]), 'only/bias: expected weights of shape [1]; got [3].'],
    ['a tensor that was disposed of', disposed, 'Tensor is disposed.'],
    ['too many numbers', () => new Float32Array(3), 'only/bias: expected 1 numbers; got 3.'],
  ])('%s', (_, wrong, sentence) => {
    const model = compiled();
    const before = model.getWeights().map((tensor) => tensor.arraySync());
    expect(() => model.setWeights([tf.fill([2, 1], 9), wrong() as tf.Tensor])).toThrow(sentence);
    expect(model.getWeights().map((tensor) => tensor.arraySync())).toEqual(before);
  });
});

test('setWeights exchanges weights that are read as it writes', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [2], useBias: false }),
      tf.layers.dense({ units: 2, useBias: false }),
    ],
  });
  const [first, second] = model.weights;
  first.write(tf.fill([2, 2], 1));
  second.write(tf.fill([2, 2], 2));
  model.setWeights([second.read(), first.read()]);
  expect([first, second].map((weight) => weight.read().dataSync()[0])).toEqual([2, 1]);
});

class DifferentiatesItself extends tf.Optimizer {
  override computeGradients(): never {
    throw new Error('not called');
  }
}

/** An optimizer that remembers steps of a wider layer. */
async function ofOthers(): Promise<tf.Optimizer> {
  const wider = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
  wider.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await wider.trainOnBatch(x, tf.ones([2, 3]));
  const optimizer = tf.train.adam();
  await optimizer.setWeights(await wider.optimizer.getWeights());
  return optimizer;
}

describe('compile that fails', async () => {
  test.each<[string, Partial<tf.ModelCompileArgs>, string]>([
    ['an unknown loss', { loss: 'nope' }, 'Unknown loss "nope".'],
    ['an unknown metric', { metrics: ['nope'] }, 'Unknown metric "nope".'],
    ['losses of other outputs', { loss: ['mse', 'mse'] }, 'compile: loss has 2 entries'],
    [
      'an optimizer that fit cannot ask',
      { optimizer: new DifferentiatesItself() },
      'has computeGradients of its own, which fit does not call.',
    ],
    [
      'an optimizer that remembers other weights',
      { optimizer: await ofOthers() },
      'adam: remembers 5 arrays, of the shapes of 2 weights; got 5 that do not fit.',
    ],
  ])('%s: the model is trained as before', async (_, change, sentence) => {
    const [model, untouched] = [compiled(), compiled()];
    untouched.setWeights(model.getWeights());
    const { optimizer } = model;
    for (const each of [model, untouched]) await each.trainOnBatch(x, y);
    expect(() => model.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError', ...change })).toThrow(sentence);
    expect(model.optimizer).toBe(optimizer);
    expect(model.loss).toBe('meanSquaredError');
    for (const _step of [1, 2]) {
      expect(await model.trainOnBatch(x, y)).toBe(await untouched.trainOnBatch(x, y));
    }
  });

  test('of a model with a frozen layer leaves it frozen', async () => {
    const model = compiled();
    model.add(tf.layers.dense({ units: 1 }));
    const [frozen] = model.layers;
    frozen.trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    frozen.trainable = true;
    const optimizer = await ofOthers();
    expect(() => model.compile({ optimizer, loss: 'meanSquaredError' })).toThrow('do not fit');
    const before = frozen.getWeights().map((tensor) => tensor.arraySync());
    await model.trainOnBatch(x, y);
    expect(frozen.getWeights().map((tensor) => tensor.arraySync())).toEqual(before);
  });

  test('of a model that was not compiled leaves it so', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    expect(() => model.compile({ optimizer: 'sgd', loss: 'nope' })).toThrow('Unknown loss "nope".');
    expect(model.optimizer).toBeUndefined();
    await expect(model.trainOnBatch(x, y)).rejects.toThrow('trainOnBatch needs a compiled model.');
  });
});
