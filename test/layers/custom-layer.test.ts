// The layer of docs/custom-layers.md.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

interface ScaledDenseOptions extends tf.LayerOptions {
  readonly units: number;
}

class ScaledDense extends tf.layers.Layer<ScaledDenseOptions> {
  static readonly className = 'ScaledDense';
  #kernel!: tf.LayerVariable;
  #scale!: tf.LayerVariable;

  override build(inputShape: tf.ModelShape): void {
    const size = inputShape[inputShape.length - 1]!;
    this.#kernel = this.addWeight('kernel', [size, this.options.units], 'float32', 'heNormal');
    this.#scale = this.addWeight('scale', [1], 'float32', 'ones');
  }

  override call([x]: tf.Value[], { training }: tf.CallArguments): tf.Value {
    const y = tf.mul(tf.matMul(x, this.#kernel.read()), this.#scale.read());
    if (!training) return y;
    return tf.add(y, tf.mul(tf.sub(tf.randomUniform(y.graph, y.shape), 0.5), 0.01));
  }
}

test('a layer of one’s own has weights, a shape and gradients', async () => {
  tf.setSeed(2);
  const own = new ScaledDense({ units: 8, inputShape: [4], name: 'own' });
  const model = tf.sequential({ layers: [own, tf.layers.dense({ units: 1 })] });
  expect(model.layers[0].getWeights().map(({ shape }) => shape)).toEqual([[4, 8], [1]]);
  expect(own.countParams()).toBe(33);

  const x = tf.tensor2d(Array.from({ length: 64 }, (_, i) => [0, 1, 2, 3].map((j) => Math.sin(i + 2 * j))));
  const y = tf.tensor2d(Array.from({ length: 64 }, (_, i) => [Math.sin(i) - Math.cos(i)]));
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { epochs: 100, batchSize: 16, verbose: 0 });
  expect(history.loss[99]).toBeLessThan(0.001);
  const [scale] = own.getWeights().slice(1);
  expect(scale.dataSync()[0]).not.toBe(1);
  // Inference draws no noise: the same twice.
  const predict = () => Array.from((model.predict(x) as tf.Tensor).dataSync());
  expect(predict()).toEqual(predict());
});

test.each([
  [
    'of an operation',
    (x: tf.Tensor) => tf.matMul(x, x),
    'wrong: matMul: inner sizes 3 and 2 differ; shapes [2,3] and [2,3], transposeA false, transposeB false.',
  ],
  [
    'of an argument',
    (x: tf.Tensor) => x.reshape([5]),
    'wrong: reshape: Based on the provided shape, [5], the tensor should have 5 values but has 6.',
  ],
  [
    'of a layer inside',
    (x: tf.Tensor) => tf.layers.conv1d({ filters: 1, kernelSize: 1, name: 'inner' }).apply(x) as tf.Tensor,
    'wrong: inner: takes input with known channels, [null,length,channels]; got [2,3]. Inputs to Conv1D should have rank 3. Received input shape [2,3].',
  ],
])('an error %s inside call carries its name', (_, compute, sentence) => {
  class Wrong extends tf.layers.Layer {
    override call([x]: tf.Tensor[]): tf.Tensor {
      return compute(x);
    }
  }
  const make = () => tf.sequential({ layers: [new Wrong({ inputShape: [3], name: 'wrong' })] });
  expect(make).toThrow(expect.objectContaining({ message: sentence }));
});

test('a layer that takes gradients is traced as often as it must be', async () => {
  class Sloped extends tf.layers.Layer {
    static readonly className = 'Sloped';
    override call([x]: tf.Value[]): tf.Value {
      return tf.add(x, tf.grad((at) => at.square().sum())(x as tf.Tensor));
    }
  }
  // So many nodes of scripts that none of a model's has as high a number.
  for (let i = 0; i < 1000; i++) tf.add(i, 1);
  const model = tf.sequential({ layers: [new Sloped({ inputShape: [3] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  for (const samples of [1, 2, 4]) {
    const x = tf.ones([samples, 3]);
    // x + 2x
    expect((model.predict(x) as tf.Tensor).arraySync()).toEqual(tf.mul(3, x).arraySync());
    expect(model.evaluate(x, x) as tf.Tensor).toMatchObject({ shape: [] });
  }
});
