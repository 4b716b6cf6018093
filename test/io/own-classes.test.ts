// Classes of one's own that are no layers: named in options, saved, and loaded once they are registered.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

class Filled extends tf.serialization.Serializable {
  static readonly className = 'OwnFilled';
  readonly value: number;

  constructor({ value = 2 }: { value?: number } = {}) {
    super();
    this.value = value;
  }

  apply(shape: number[]): tf.Tensor {
    return tf.fill(shape, this.value);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { value: this.value };
  }
}

class Weighed extends tf.serialization.Serializable {
  static readonly className = 'OwnWeighed';
  readonly factor: number;

  constructor({ factor = 1 }: { factor?: number } = {}) {
    super();
    this.factor = factor;
  }

  apply(x: tf.Tensor): tf.Scalar {
    return x.abs().sum().mul(this.factor);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { factor: this.factor };
  }
}

class Capped extends tf.serialization.Serializable {
  static readonly className = 'OwnCapped';

  apply(w: tf.Tensor): tf.Tensor {
    return tf.minimum(w, 0.4);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

/** As scripts register it to load files of Keras: a class of nothing, whose instances are something else. */
class Penalty {
  static readonly className = 'OwnPenalty';

  constructor(config: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what scripts do
    return tf.regularizers.l1l2(config);
  }
}

class Cubed extends tf.serialization.Serializable {
  static readonly className = 'OwnCubed';

  apply(x: tf.Tensor): tf.Tensor {
    return x.mul(x).mul(x);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

for (const Class of [Filled, Weighed, Capped, Penalty, Cubed]) {
  tf.serialization.registerClass(Class as typeof Filled);
}

const x = tf.tensor2d([
  [1, 2],
  [3, -1],
]);

const own = { kernelInitializer: 'OwnFilled', kernelRegularizer: 'OwnWeighed', activation: 'OwnCubed' };

test('options name them', () => {
  const layer = tf.layers.dense({ units: 1, inputShape: [2], ...own });
  const model = tf.sequential({ layers: [layer] });
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual([[6 ** 3], [4 ** 3]]);
  const penalties = layer.losses.map((loss) => (loss() as tf.Tensor).arraySync());
  expect(penalties).toEqual([4]);
  const given = { kernelInitializer: { className: 'OwnFilled', config: { value: 5 } } };
  const other = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], ...given })] });
  expect((other.predict(x) as tf.Tensor).arraySync()).toEqual([[15], [10]]);
});

test('a model with them is saved and comes back', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [2],
        activation: 'OwnCubed',
        kernelInitializer: new Filled({ value: 0.3 }),
        kernelRegularizer: new Weighed({ factor: 0.5 }),
        kernelConstraint: new Capped(),
      }),
    ],
  });
  const json = JSON.parse(model.toJSON() as string);
  expect(json.config.layers[0].config).toMatchObject({
    activation: 'OwnCubed',
    kernel_initializer: { class_name: 'OwnFilled', config: { value: 0.3 } },
    kernel_regularizer: { class_name: 'OwnWeighed', config: { factor: 0.5 } },
    kernel_constraint: { class_name: 'OwnCapped', config: {} },
  });
  const again = await tf.models.modelFromJSON(json);
  expect(again.getWeights()[0].arraySync()).toEqual(model.getWeights()[0].arraySync());
  const fits = [model, again].map(async (each) => {
    each.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
    const { history } = await each.fit(x, tf.ones([2, 1]), { epochs: 3, shuffle: false, verbose: 0 });
    return [history.loss, each.getWeights()[0].arraySync()];
  });
  const [first, second] = await Promise.all(fits);
  expect(second).toEqual(first);
});

test('a class whose constructor gives something else loads files that name it', async () => {
  const plain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const json = JSON.parse(plain.toJSON() as string);
  json.config.layers[0].config.kernel_regularizer = { class_name: 'OwnPenalty', config: { l1: 0, l2: 0.5 } };
  const model = await tf.models.modelFromJSON(json);
  model.setWeights([tf.tensor2d([[2], [1]]), tf.zeros([1])]);
  expect((model.layers[0].losses[0]() as tf.Tensor).arraySync()).toBe(2.5);
});

test('names of what is built in stay what they are', () => {
  class Zeros extends Filled {
    static override readonly className = 'zeros' as never;
  }
  tf.serialization.registerClass(Zeros);
  const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'zeros' });
  const model = tf.sequential({ layers: [layer] });
  expect(model.getWeights()[0].arraySync()).toEqual([[0], [0]]);
});
