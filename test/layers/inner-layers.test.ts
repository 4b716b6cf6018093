// Layers of one's own that are made of other layers: attributes, built by hand or not, applied in `call`.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d(
  Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  [4, 3],
);
const y = tf.tensor2d([1, 0, 2, -1], [4, 1]);

const dense = (options: object) => tf.layers.dense({ kernelInitializer: 'ones', ...options } as never);

/** Two layers as one. */
class Block extends tf.Layer {
  static readonly className: string = 'Block';
  readonly hidden = dense({ units: 2, activation: 'tanh' });
  readonly last = [dense({ units: 1, kernelRegularizer: 'l2' })];

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
    return this.last[0].apply(this.hidden.apply([inputs].flat()[0]));
  }
}

/** The same, built by hand, with the shape of its output said. */
class BuiltBlock extends Block {
  static override readonly className = 'BuiltBlock';

  override build(inputShape: readonly (number | null)[]): void {
    this.hidden.build(inputShape);
    this.last[0].build([null, 2]);
    super.build(inputShape);
  }

  override computeOutputShape([batch]: readonly (number | null)[]): (number | null)[] {
    return [batch, 1];
  }
}

class ToldBlock extends Block {
  static override readonly className = 'ToldBlock';

  override computeOutputShape([batch]: readonly (number | null)[]): (number | null)[] {
    return [batch, 1];
  }
}

const plain = () =>
  tf.sequential({
    layers: [
      dense({ units: 2, activation: 'tanh', inputShape: [3] }),
      dense({ units: 1, kernelRegularizer: 'l2' }),
    ],
  });

function asOne(block: tf.Layer): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  return tf.model({ inputs: input, outputs: block.apply(input) as tf.SymbolicTensor });
}

async function trained(model: tf.LayersModel | tf.Sequential): Promise<unknown> {
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 2, shuffle: false, verbose: 0 });
  return { history, weights: model.getWeights().map((weight) => weight.arraySync()) };
}

describe.each([
  ['Block', () => new Block()],
  ['BuiltBlock', () => new BuiltBlock()],
  ['ToldBlock', () => new ToldBlock()],
])('%s', (_, make) => {
  test('trains as its layers do one by one', async () => {
    expect(await trained(asOne(make()))).toEqual(await trained(plain()));
  });

  test('has their weights, and freezes them', async () => {
    const block = make();
    const model = asOne(block);
    expect(block.trainableWeights).toHaveLength(4);
    expect(block.countParams()).toBe(11);
    expect(model.losses).toHaveLength(1);
    block.trainable = false;
    expect(block.trainableWeights).toHaveLength(0);
    expect(model.trainableWeights).toHaveLength(0);
  });

  test('applied to tensors gives what its layers give', () => {
    const block = make();
    const expected = plain().predict(x) as tf.Tensor;
    expect((block.apply(x) as tf.Tensor).arraySync()).toEqual(expected.arraySync());
    const { value, grads } = tf.variableGrads(() => (block.apply(x) as tf.Tensor).sum());
    expect(value.dataSync()[0]).toBeCloseTo(expected.sum().dataSync()[0], 5);
    expect(Object.keys(grads)).toHaveLength(4);
  });

  test('is saved, and comes back', async () => {
    tf.serialization.registerClass(make().constructor as never);
    const model = asOne(make());
    await trained(model);
    let saved!: tf.io.ModelArtifacts;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    const [expected, got] = [model, loaded].map((each) => (each.predict(x) as tf.Tensor).arraySync());
    expect(got).toEqual(expected);
  });
});

test('weights of layers that are no attributes are taken where trainableWeights is set', async () => {
  class Hiding extends tf.Layer {
    static readonly className = 'Hiding';
    readonly #hidden = dense({ units: 2, activation: 'tanh' });
    readonly #last = dense({ units: 1, kernelRegularizer: 'l2' });
    override build(inputShape: readonly (number | null)[]): void {
      this.#hidden.build(inputShape);
      this.#last.build([null, 2]);
      this.trainableWeights = [...this.#hidden.trainableWeights, ...this.#last.trainableWeights];
      this.trainableWeights = [...this.trainableWeights];
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
      return this.#last.apply(this.#hidden.apply([inputs].flat()[0]));
    }
  }
  const layer = new Hiding();
  const { weights } = (await trained(asOne(layer))) as { weights: unknown };
  expect(layer.trainableWeights).toHaveLength(4);
  const without = tf.sequential({
    layers: [dense({ units: 2, activation: 'tanh', inputShape: [3] }), dense({ units: 1 })],
  });
  expect(weights).toEqual(((await trained(without)) as { weights: unknown }).weights);
  expect(() => (layer.trainableWeights = [3] as never)).toThrow(
    'trainableWeights takes a list of weights of layers; got [3].',
  );
});

test('weights of inner layers may be put among a layer’s own, as older scripts do', async () => {
  class Pushing extends tf.Layer {
    static readonly className = 'Pushing';
    readonly shown = dense({ units: 1, activation: 'tanh' });
    readonly #hidden = tf.layers.batchNormalization();
    override build(inputShape: readonly (number | null)[]): void {
      this.shown.build(inputShape);
      this.#hidden.build([null, 1]);
      this._trainableWeights.push(...this.shown.trainableWeights, ...this.#hidden.trainableWeights);
      this.nonTrainableWeights = this.#hidden.nonTrainableWeights;
      this.built = true;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
      return this.#hidden.apply(this.shown.apply([inputs].flat()[0]));
    }
  }
  const layer = new Pushing();
  const { weights } = (await trained(asOne(layer))) as { weights: unknown[] };
  expect([layer.trainableWeights.length, layer._nonTrainableWeights.length, weights.length]).toEqual([
    4, 2, 6,
  ]);
  const plainly = tf.sequential({
    layers: [dense({ units: 1, activation: 'tanh', inputShape: [3] }), tf.layers.batchNormalization()],
  });
  const trainedPlainly = (await trained(plainly)) as { weights: unknown[] };
  expect(weights.slice(0, 4)).toEqual(trainedPlainly.weights.slice(0, 4));
  layer._trainableWeights.push(tf.variable(tf.scalar(1)) as never);
  expect(() => layer.weights).toThrow('trainableWeights takes a list of weights of layers; got [');
});

describe('what an inner layer knows', () => {
  class Dropping extends tf.Layer {
    static readonly className = 'Dropping';
    readonly dropout = tf.layers.dropout({ rate: 0.5, seed: 1 });
    readonly said: boolean | undefined;
    constructor(said?: boolean) {
      super({});
      this.said = said;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
      return this.dropout.apply([inputs].flat()[0], { training: this.said });
    }
  }
  const zeros = (tensor: tf.Tensor) => [...tensor.dataSync()].filter((value) => value === 0).length;
  const ones = tf.ones([20, 20]);

  test('whether it trains, unless it is said otherwise', () => {
    expect(zeros(new Dropping().apply(ones, { training: true }))).toBeGreaterThan(100);
    expect(zeros(new Dropping().apply(ones))).toBe(0);
    expect(zeros(new Dropping(false).apply(ones, { training: true }))).toBe(0);
    expect(zeros(new Dropping(true).apply(ones))).toBeGreaterThan(100);
  });

  test.each([
    ['masks of what comes before, and how often a layer may be called', false],
    ['masks of what has been looked at', true],
  ])('%s', (_, isLookedAt) => {
    class Masked extends tf.Layer {
      static readonly className = 'Masked';
      readonly masking = tf.layers.masking({ maskValue: 0 });
      readonly lstm = tf.layers.lstm({ units: 2, returnSequences: true });
      readonly ending = tf.layers.gru({ units: 2 });
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Value {
        const masked = this.masking.apply([inputs].flat()[0]);
        const states = this.lstm.apply(masked) as tf.Tensor;
        if (isLookedAt) expect(states.dataSync()).toHaveLength(2 * states.shape[1]!);
        return this.ending.apply(states);
      }
    }
    const padded = tf.tensor3d([1, 2, 3, 0, 0], [1, 5, 1]);
    const layer = new Masked();
    const [long, short] = [padded, tf.slice(padded, [0, 0, 0], [1, 3, 1])].map((each) => layer.apply(each));
    expect([...long.dataSync()]).toEqual([...short.dataSync()]);
  });

  test('a cell of layers is repeated', () => {
    class Cell extends tf.layers.RNNCell {
      static readonly className = 'CellOfLayers';
      readonly stateSize = 2;
      readonly ofInput = dense({ units: 2, useBias: false });
      readonly ofState = dense({ units: 2, useBias: false, kernelInitializer: 'identity' });
      override call(inputs: readonly tf.Value[]): tf.Value[] {
        const [now, state] = inputs as tf.Tensor[];
        const next = tf.add(this.ofInput.apply(now), this.ofState.apply(state));
        return [next, next];
      }
    }
    const layer = tf.layers.rnn({ cell: new Cell({}) });
    const sums = layer.apply(tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 3, 2]));
    expect(sums.arraySync()).toEqual([[21, 21]]);
    expect(layer.trainableWeights).toHaveLength(2);
  });
});
