// Layers and models applied to tensors: at once, with gradients, and in loops of one's own.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([[0, 1, 2], [3, -1, 0.5], [1, 1, 1], [0.2, 0.4, -2]]); // biome-ignore format: rows
const y = tf.tensor2d([[1], [0], [1], [0]]);

const network = () => {
  tf.setSeed(7);
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [3] }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'tanh' }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
};

const numbersOf = (model: tf.Model) => model.getWeights().map((w) => [...w.dataSync()]);

test('a layer gives what the model with that layer predicts', () => {
  const layer = tf.layers.dense({ units: 2, activation: 'relu' });
  const applied = layer.apply(x);
  expect(applied.shape).toEqual([4, 2]);
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, activation: 'relu', inputShape: [3] })],
  });
  model.setWeights(layer.getWeights());
  expect(applied.arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
});

test('gradients flow through layers, and through what a model predicts', () => {
  const model = network();
  const slope = tf.grad((input) => (model.apply(input) as tf.Tensor).sum())(x);
  const same = tf.grad((input) => (model.predict(input) as tf.Tensor).sum())(x);
  expect(slope.arraySync()).toEqual(same.arraySync());
  const shifted = (by: number) =>
    (model.predict(x.add(tf.oneHot([1], 3).cast('float32').mul(by))) as tf.Tensor).dataSync()[0];
  const expected = (shifted(1e-2) - shifted(-1e-2)) / 2e-2;
  expect((slope.arraySync() as number[][])[0][1]).toBeCloseTo(expected, 3);
});

test('moving averages move in training, at once', () => {
  const layer = tf.layers.batchNormalization({ momentum: 0.5 });
  layer.apply(x);
  expect([...layer.getWeights()[2].dataSync()]).toEqual([0, 0, 0]);
  layer.apply(x, { training: true });
  const [mean] = layer.getWeights().slice(2);
  expect([...mean.dataSync()]).toEqual([...x.mean(0).mul(0.5).dataSync()]);
});

test('a loop of one’s own over a model with normalisation goes the way of fit, to the bit', async () => {
  const [fitted, mine] = [network(), network()];
  mine.setWeights(fitted.getWeights());
  fitted.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
  await fitted.fit(x, y, { epochs: 10, batchSize: 4, shuffle: false, verbose: 0 });
  const optimizer = tf.train.adam(0.02);
  for (let i = 0; i < 10; i++) {
    optimizer.minimize(() =>
      (mine.apply(x, { training: true }) as tf.Tensor).sub(y).square().mean(-1).mean(),
    );
  }
  expect(numbersOf(mine)).toEqual(numbersOf(fitted));
});

test('variableGrads names the weights of layers, and applyGradients finds them', () => {
  const model = network();
  const before = numbersOf(model);
  const { grads } = tf.variableGrads(() => (model.apply(x) as tf.Tensor).sub(y).square().mean());
  expect(Object.keys(grads)).toEqual(model.trainableVariables.map(({ name }) => name));
  tf.train.sgd(0.1).applyGradients(grads);
  const moved = numbersOf(model)[0];
  const gradient = [...Object.values(grads)[0].dataSync()];
  for (const [i, w] of moved.entries()) expect(w).toBeCloseTo(before[0][i] - 0.1 * gradient[i], 6);
});

test('an array that was made of weights before fit holds what was there', async () => {
  const layer = tf.layers.dense({ units: 1, inputShape: [3] });
  const model = tf.sequential({ layers: [layer] });
  const taken = layer.apply(x);
  const expected = model.predict(x) as tf.Tensor;
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  expect(taken.arraySync()).toEqual(expected.arraySync());
});

test('dropout drops where the layer is applied for training', () => {
  tf.setSeed(1);
  const ones = tf.ones([100]);
  const layer = tf.layers.dropout({ rate: 0.5 });
  expect(
    layer
      .apply(ones)
      .dataSync()
      .every((v) => v === 1),
  ).toBe(true);
  const dropped = [...layer.apply(ones, { training: true }).dataSync()];
  expect(new Set(dropped)).toEqual(new Set([0, 2]));
});

test('what a class computes of nothing but its own tensors is a constant of the model', () => {
  class Positions extends tf.layers.Layer {
    static readonly className = 'Positions';
    override computeOutputShape(shape: tf.ModelShape): tf.ModelShape {
      return shape;
    }
    override call([input]: readonly tf.Value[]): tf.Value {
      return tf.range(0, input.shape[1], 1, 'int32').reshape([1, -1]);
    }
  }
  const input = tf.input({ shape: [null] });
  const table = tf.layers.embedding({ inputDim: 7, outputDim: 2 });
  const model = tf.model({ inputs: input, outputs: table.apply(new Positions().apply(input)) });
  const rows = table.getWeights()[0].arraySync() as number[][];
  expect((model.predict(tf.zeros([1, 3])) as tf.Tensor).arraySync()).toEqual([rows.slice(0, 3)]);
  expect((model.predict(tf.zeros([1, 5])) as tf.Tensor).arraySync()).toEqual([rows.slice(0, 5)]);
});

test('a class says its own output shape, also inside of a model that is applied', () => {
  class AtMostSeven extends tf.layers.Layer {
    static readonly className = 'AtMostSeven';
    override computeOutputShape(shape: tf.ModelShape): tf.ModelShape {
      return shape;
    }
    override call([input]: readonly tf.Value[]): tf.Value {
      return tf.add(input, tf.ones([7, 1]).slice([0, 0], [input.shape[1], 1]));
    }
  }
  const inner = tf.input({ shape: [null, 1] });
  const block = tf.model({ inputs: inner, outputs: new AtMostSeven().apply(inner) });
  const input = tf.input({ shape: [null, 1] });
  const outer = tf.model({ inputs: input, outputs: block.apply(input) as tf.SymbolicTensor });
  expect(outer.outputs[0].shape).toEqual([null, null, 1]);
  expect((outer.predict(tf.zeros([1, 2, 1])) as tf.Tensor).arraySync()).toEqual([[[1], [1]]]);
});

test('weights read where no layer is called are a tensor of what they are now', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const [kernel] = model.trainableWeights;
  const before = kernel.read() as tf.Tensor;
  expect([...before.dataSync()]).toEqual([...model.getWeights()[0].dataSync()]);
  model.layers[0].setWeights([tf.tensor2d([[1], [2]]), tf.tensor1d([0])]);
  expect([...(kernel.read() as tf.Tensor).mul(2).dataSync()]).toEqual([2, 4]);
  expect([...before.dataSync()]).not.toEqual([1, 2]);
});

test('apply takes a mask, and hands what else it is given to the call of a class', () => {
  const sum = tf.layers.simpleRNN({
    units: 1,
    activation: 'linear',
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
  });
  const x = tf.tensor3d([[[1], [2], [4]]]);
  const result = (mask?: number[]) => sum.apply(x, { mask: mask && tf.tensor2d([mask]) }).arraySync();
  expect(result()).toEqual([[7]]);
  expect(result([1, 0, 1])).toEqual([[5]]);
  class Times extends tf.layers.Layer {
    static readonly className = 'TimesGiven';
    override call(input: tf.Value, { by, training }: tf.CallArguments) {
      return tf.mul(input, (by as number) * (training ? -1 : 1));
    }
  }
  expect(new Times().apply(tf.tensor1d([1, 2]), { by: 3 }).arraySync()).toEqual([3, 6]);
  expect(new Times().apply(tf.tensor1d([1, 2]), { by: 3, training: true }).arraySync()).toEqual([-3, -6]);
});

test('call of a class gets what apply is given, and lists in models', () => {
  const given: string[] = [];
  class Noting extends tf.layers.Layer {
    static readonly className = 'Noting';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
      given.push(Array.isArray(inputs) ? `list of ${inputs.length}` : 'tensor');
      return [inputs].flat()[0].square();
    }
  }
  class Around extends tf.layers.Layer {
    static readonly className = 'AroundNoting';
    readonly inner = new Noting();
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
      return this.inner.apply([inputs].flat()[0]);
    }
  }
  const x = tf.tensor2d([[1, 2]]);
  for (const layer of [new Noting(), new Around()]) {
    given.length = 0;
    expect(layer.apply(x).arraySync()).toEqual([[1, 4]]);
    expect(layer.apply([x]).arraySync()).toEqual([[1, 4]]);
    expect(given.at(0)).toBe('tensor');
    expect(given.at(-1)).toBe(layer instanceof Around ? 'tensor' : 'list of 1');
  }
  given.length = 0;
  const input = tf.input({ shape: [2] });
  tf.model({ inputs: input, outputs: new Noting().apply(input) }).predict(x);
  expect(new Set(given)).toEqual(new Set(['list of 1']));
});

test('a script may call a layer or a model itself', () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })],
  });
  const x = tf.tensor2d([[1, 2]]);
  const called = [model, model.layers[0]].map(
    (layer) => [layer.call([x], {} as never)].flat()[0] as tf.Tensor,
  );
  expect(called.map((tensor) => tensor.arraySync())).toEqual([[[3]], [[3]]]);
});

test("call of a model gives a list, in a layer's call too, as in TensorFlow.js", () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })],
  });
  class Doubling extends tf.layers.Layer {
    static readonly className = 'Doubling';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return (model.call(inputs, {}) as tf.Tensor[])[0].mul(2);
    }
    override computeOutputShape(): tf.Shape {
      return [null, 1];
    }
  }
  const x = tf.tensor2d([[1, 2]]);
  expect((model.call(x, {}) as tf.Tensor[]).map((each) => each.arraySync())).toEqual([[[3]]]);
  const around = tf.sequential({ layers: [new Doubling({ inputShape: [2] })] });
  expect((around.predict(x) as tf.Tensor).arraySync()).toEqual([[6]]);
});

test('call of a built-in layer does what apply does, outside of a trace too', () => {
  const noise = tf.layers.gaussianNoise({ stddev: 1 });
  const x = tf.zeros([2, 4]);
  const drawn = [noise.call([x], { training: true } as never)].flat()[0] as tf.Tensor;
  expect(drawn.shape).toEqual([2, 4]);
  expect([...drawn.dataSync()].every((value) => value !== 0)).toBe(true);
  const still = [noise.call(x, {} as never)].flat()[0] as tf.Tensor;
  expect([...still.dataSync()]).toEqual(new Array(8).fill(0));
});

test('a layer of one input says so, built or not', () => {
  const layer = tf.layers.dense({ units: 1, name: 'one' });
  const list = [tf.ones([1, 2]), tf.ones([1, 2])];
  for (let times = 0; times < 2; times++) {
    expect(() => layer.apply(list)).toThrow('one: takes one input; got 2.');
    layer.apply(list[0]);
  }
});

test('a layer that adds says at every application that it takes two inputs', () => {
  const layer = tf.layers.add();
  layer.apply([tf.ones([1, 2]), tf.ones([1, 2])]);
  expect(() => layer.apply(tf.ones([1, 2]))).toThrow('It should be called on a list of at least 2 inputs.');
});
