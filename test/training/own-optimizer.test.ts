// `fit` by optimizers that move weights themselves, as classes written for TensorFlow.js do.

import { afterEach, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

afterEach(() => vi.restoreAllMocks());

/** Adam as scripts write it: slots are variables, and those to be moved are found by name. */
class ScriptAdam extends tf.Optimizer {
  static className = 'ScriptAdam';
  readonly moments: [tf.Variable, tf.Variable][] = [];
  readonly names: string[][] = [];

  constructor(readonly rate: number) {
    super();
  }

  override applyGradients(given: Record<string, tf.Tensor> | readonly tf.NamedTensor[]): void {
    const gradients = given as readonly tf.NamedTensor[];
    this.incrementIterations();
    this.names.push(gradients.map(({ name }) => name));
    for (const [i, { name, tensor: g }] of gradients.entries()) {
      const weights = tf.engine().registeredVariables[name];
      const zeros = () => tf.variable(tf.zerosLike(weights), false);
      this.moments[i] ??= [zeros(), zeros()];
      const [m, v] = this.moments[i];
      tf.tidy(() => {
        m.assign(m.mul(0.9).add(g.mul(0.1)));
        v.assign(v.mul(0.999).add(g.square().mul(0.001)));
        const [first, second] = [m.div(1 - 0.9 ** this.iterations), v.div(1 - 0.999 ** this.iterations)];
        weights.assign(weights.sub(first.div(second.sqrt().add(1e-7)).mul(this.rate)));
      });
    }
  }
}

const x = tf.tensor2d([
  [1, 2],
  [0, 1],
  [3, -1],
  [-1, 0],
]);
const y = tf.tensor2d([[1], [0], [1], [0]]);
const quiet = { epochs: 4, batchSize: 2, shuffle: false, verbose: 0 };

function compiled(optimizer: tf.Optimizer, rate = 0): tf.Sequential {
  const start = tf.initializers.constant({ value: 0.3 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'first', units: 3, inputShape: [2], kernelInitializer: start }),
      tf.layers.dropout({ rate, seed: 3 }),
      tf.layers.dense({ units: 1, kernelInitializer: start, kernelConstraint: 'nonNeg' }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

test('a step is that of the rule built in, with its constraints and numbers of dropout', async () => {
  const own = new ScriptAdam(0.05);
  const [script, built] = [compiled(own, 0.4), compiled(tf.train.adam(0.05), 0.4)];
  const histories = [script, built].map(async (model) => (await model.fit(x, y, quiet)).history);
  const [theirs, ours] = await Promise.all(histories);
  for (const [name, values] of Object.entries(ours)) {
    expect(theirs[name]).toEqual(values.map((value) => expect.closeTo(value as number, 5)));
  }
  const [a, b] = [script, built].map(({ layers }) => layers[2].getWeights()[0].dataSync());
  expect(Array.from(a)).toEqual(Array.from(b, (value) => expect.closeTo(value, 5)));
  expect(own.iterations).toBe(8);
  expect(own.names[0]).toEqual(script.trainableWeights.map(({ val }) => val.name));
});

test('steps leave no tensors; frozen weights have no gradients', async () => {
  const own = new ScriptAdam(0.05);
  const model = compiled(own);
  await model.trainOnBatch(x, y);
  const { numTensors } = tf.memory();
  await model.fit(x, y, quiet);
  expect(tf.memory().numTensors).toBe(numTensors);
  model.layers[0].trainable = false;
  const before = model.layers[0].getWeights().map((weights) => weights.dataSync());
  const other = new ScriptAdam(0.05);
  model.compile({ optimizer: other, loss: 'meanSquaredError' });
  await model.fit(x, y, quiet);
  expect(model.layers[0].getWeights().map((weights) => weights.dataSync())).toEqual(before);
  expect(other.names[0]).toHaveLength(2);
});

test('what a class computes beside leaves logs, and the books, as they are', async () => {
  class Plain extends tf.Optimizer {
    constructor(readonly size: number) {
      super();
    }
    override applyGradients(given: unknown): void {
      for (const { name, tensor } of given as tf.NamedTensor[]) {
        const weights = tf.engine().registeredVariables[name];
        weights.assign(weights.sub(tensor.mul(0.1)));
        const large = tf.ones([this.size, this.size]);
        large.matMul(large).dataSync();
      }
    }
  }
  const histories = [1, 400].map(async (size) => {
    const model = compiled(new Plain(size));
    await model.trainOnBatch(x, y);
    const { numTensors } = tf.memory();
    const { history } = await model.fit(x, y, quiet);
    expect(tf.memory().numTensors).toBe(numTensors);
    return history;
  });
  expect(await histories[1]).toEqual(await histories[0]);
});

test('what it cannot do is said', async () => {
  class Differentiating extends ScriptAdam {
    static override className = 'Differentiating';
    override computeGradients(f: () => tf.Tensor): { value: tf.Scalar; grads: Record<string, tf.Tensor> } {
      return tf.variableGrads(f as () => tf.Scalar);
    }
  }
  expect(() => compiled(new Differentiating(0.1))).toThrow(
    'compile: Differentiating has computeGradients of its own, which fit does not call.',
  );
  const model = compiled(new ScriptAdam(0.1));
  await expect(model.fit(x, y, { ...quiet, microBatches: 2 })).rejects.toThrow(
    'ScriptAdam has applyGradients of its own, which takes no steps in parts',
  );
  const before = model.getWeights().map((weights) => weights.dataSync());
  await expect(model.fit(x, tf.fill([4, 1], 1e30), quiet)).rejects.toThrow('loss');
  expect(model.getWeights().map((weights) => weights.dataSync())).toEqual(before);
});

/** Momentum whose state is saved, as scripts write it. */
class Heavy extends tf.Optimizer {
  static className = 'HeavyBall';
  velocities: tf.Variable[] = [];
  readonly momentum: number;

  constructor({ rate, momentum }: { rate: number; momentum: number }) {
    super();
    this.learningRate = rate;
    this.momentum = momentum;
  }

  override applyGradients(given: Record<string, tf.Tensor> | readonly tf.NamedTensor[]): void {
    for (const [i, { name, tensor }] of (given as readonly tf.NamedTensor[]).entries()) {
      const weights = tf.engine().registeredVariables[name];
      this.velocities[i] ??= tf.variable(tf.zerosLike(weights), false);
      const velocity = this.velocities[i];
      velocity.assign(velocity.mul(this.momentum).add(tensor));
      weights.assign(weights.sub(velocity.mul(this.learningRate)));
    }
    this.incrementIterations();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { rate: this.learningRate, momentum: this.momentum };
  }

  override async getWeights(): Promise<tf.NamedTensor[]> {
    const slots = this.velocities.map((tensor) => ({ name: `${tensor.name}_velocity`, tensor }));
    return [await this.saveIterations(), ...slots];
  }

  override async setWeights(given: tf.NamedTensor[]): Promise<void> {
    const slots = await this.extractIterations(given);
    this.velocities = slots.map(({ tensor }) => tf.variable(tensor, false));
  }
}

async function savedOf(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts = {};
  const save = async (artifacts: tf.io.ModelArtifacts) => {
    saved = artifacts;
    return {} as tf.io.SaveResult;
  };
  await model.save({ save }, { includeOptimizer: true });
  return saved;
}

test('one whose class is registered is saved with what it remembers, and trains on', async () => {
  tf.serialization.registerClass(Heavy as never);
  const model = compiled(new Heavy({ rate: 0.05, momentum: 0.8 }));
  await model.fit(x, y, quiet);
  const saved = await savedOf(model);
  expect(saved.trainingConfig).toMatchObject({
    optimizer_config: { class_name: 'HeavyBall', config: { rate: expect.closeTo(0.05), momentum: 0.8 } },
  });
  const again = await tf.loadLayersModel({ load: async () => saved });
  const { optimizer } = again as unknown as { optimizer: Heavy };
  expect(optimizer).toBeInstanceOf(Heavy);
  expect(optimizer.iterations).toBe(8);
  expect(optimizer.velocities).toHaveLength(4);
  await again.fit(x, y, quiet);
  const whole = compiled(new Heavy({ rate: 0.05, momentum: 0.8 }));
  await whole.fit(x, y, quiet);
  await whole.fit(x, y, quiet);
  const values = [again, whole].map((each) => each.getWeights().map((weights) => weights.arraySync()));
  expect(values[0]).toEqual(values[1]);
});

test('one whose class is not registered is left out of a file, with a warning', async () => {
  const model = compiled(new ScriptAdam(0.05));
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const saved = await savedOf(model);
  expect(warn.mock.calls.flat().join()).toContain('The class ScriptAdam is not registered.');
  expect(saved.trainingConfig).toBeUndefined();
});

test('a class that extends a built-in one has its own name', () => {
  class Decaying extends tf.AdamOptimizer {
    static override readonly className = 'Decaying';
  }
  expect(new Decaying(0.1).getClassName()).toBe('Decaying');
  expect(tf.train.adam().getClassName()).toBe('Adam');
});
