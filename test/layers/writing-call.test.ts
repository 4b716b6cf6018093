// Layers of one's own that write weights in `call`, as TensorFlow.js's batch normalisation does.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

/** It gives its input, and follows the mean of each batch that it trains on. */
class Following extends tf.Layer {
  static readonly className = 'Following';
  #mean!: tf.LayerVariable;
  #steps!: tf.LayerVariable;

  override build([, features]: readonly number[]): void {
    this.#mean = this.addWeight('mean', [features], 'float32', 'zeros', null, false);
    this.#steps = this.addWeight('steps', [], 'float32', 'zeros', null, false);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: tf.CallArguments): tf.Value {
    const [x] = [inputs].flat();
    if (training) {
      this.#mean.write(tf.add(tf.mul(this.#mean.read(), 0.5), tf.mul(tf.mean(x, 0), 0.5)));
      this.#steps.write(tf.add(this.#steps.read(), tf.scalar(1, 'int32')));
    }
    return tf.sub(x, this.#mean.read());
  }
}

const x = tf.tensor2d([
  [1, 2],
  [3, 6],
  [5, 0],
  [7, 4],
]);
/** After the batches [2, 4] and [6, 2], whose means these are. */
const afterTwo = [0.5 * 0.5 * 2 + 0.5 * 6, 0.5 * 0.5 * 4 + 0.5 * 2];

function network() {
  const layer = new Following();
  const input = tf.layers.dense({
    units: 2,
    inputShape: [2],
    useBias: false,
    trainable: false,
    kernelInitializer: 'identity',
  });
  const model = tf.sequential({ layers: [input, layer, tf.layers.dense({ units: 1 })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return { model, layer };
}

const held = (layer: tf.Layer) => layer.getWeights().map((weight) => [...weight.dataSync()]);

describe('what call writes', () => {
  test('is where gradients end, in fit and in loops of one’s own', async () => {
    const trained = [0, 1].map(() => {
      const { model } = network();
      const first = model.layers[0];
      first.trainable = true;
      model.layers[2].setWeights([tf.tensor2d([[1], [2]]), tf.zeros([1])]);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      return model;
    });
    await trained[0].fit(x, tf.zeros([4, 1]), { verbose: 0 });
    const cost = () => trained[1].apply<tf.Tensor>(x, { training: true }).square().mean();
    tf.train.sgd(0.1).minimize(cost as () => tf.Scalar);
    for (const [i, weight] of trained[0].getWeights().entries())
      expect(trained[1].getWeights()[i].arraySync()).toEqual(weight.arraySync());
  });

  test('is written at each step of fit, and read by predict', async () => {
    const { model, layer } = network();
    await model.fit(x, tf.zeros([4, 1]), { batchSize: 2, shuffle: false, verbose: 0 });
    expect(held(layer)).toEqual([afterTwo, [2]]);
    const inner = tf.model({ inputs: model.inputs, outputs: layer.output as tf.SymbolicTensor });
    const expected = x.sub(tf.tensor1d(afterTwo));
    expect((inner.predict(x) as tf.Tensor).arraySync()).toEqual(expected.arraySync());
    model.evaluate(x, tf.zeros([4, 1]));
    expect(held(layer)).toEqual([afterTwo, [2]]);
  });

  test('is the mean of what the parts of a batch write, in micro-batches', async () => {
    const { model, layer } = network();
    await model.fit(x, tf.zeros([4, 1]), { batchSize: 4, microBatches: 2, shuffle: false, verbose: 0 });
    expect(held(layer)).toEqual([[2, 1.5], [1]]);
  });

  test('is written at once where the layer is applied to tensors, and read in the same call', () => {
    const layer = new Following();
    const made = layer.apply(x, { training: true });
    expect(held(layer)).toEqual([[2, 1.5], [1]]);
    expect(made.arraySync()).toEqual(x.sub(tf.tensor1d([2, 1.5])).arraySync());
    layer.apply(x);
    expect(held(layer)[1]).toEqual([1]);
  });

  test('is written once by each step of minimize', () => {
    const layer = new Following();
    const scale = tf.variable(tf.scalar(1));
    const optimizer = tf.train.sgd(0.1);
    for (let step = 0; step < 3; step++)
      optimizer.minimize(() => layer.apply(x.mul(scale), { training: true }).square().mean() as tf.Scalar);
    expect(held(layer)[1]).toEqual([3]);
  });

  test('weights that the optimizer moves too are refused in micro-batches', async () => {
    class Drifting extends tf.Layer {
      static readonly className = 'Drifting';
      override build(): void {
        this.addWeight('scale', [1], 'float32', 'ones');
      }
      override call(inputs: readonly tf.Value[]): tf.Value {
        const [x] = inputs as tf.Tensor[];
        const scaled = tf.mul(x, this.weights[0].read());
        this.weights[0].write(tf.mul(this.weights[0].read(), 2));
        return scaled;
      }
    }
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] }), new Drifting()] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(
      model.fit(x, tf.zeros([4, 1]), { batchSize: 4, microBatches: 2, verbose: 0 }),
    ).rejects.toThrow('is moved by the optimizer and assigned by its layer too');
  });
});

test('weights that a layer inside is given stay as they are, however often it is traced', async () => {
  class Holding extends tf.Layer {
    static readonly className = 'Holding';
    readonly #inner = tf.layers.dense({ units: 1, weights: [tf.ones([2, 1]), tf.zeros([1])] });
    override call(inputs: readonly tf.Value[]): tf.Value {
      return this.#inner.apply(inputs[0] as tf.Tensor);
    }
  }
  const model = tf.sequential({
    layers: [tf.layers.reshape({ targetShape: [2], inputShape: [2] }), new Holding()],
  });
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual([[3], [9], [5], [11]]);
});
