// Classes of optimizers that users write, in loops that they write.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test('get gradients as a list in the order of the variables that are given, by name where none are', async () => {
  type Given = Parameters<tf.Optimizer['applyGradients']>[0];
  class Watching extends tf.Optimizer {
    readonly calls: Given[] = [];
    override applyGradients(gradients: Given): void {
      this.calls.push(Array.isArray(gradients) ? [...gradients] : { ...gradients });
      this.incrementIterations();
    }
    override async getWeights() {
      return [await this.saveIterations()];
    }
    override async setWeights(weights: tf.NamedTensor[]) {
      expect(await this.extractIterations(weights)).toEqual(weights.slice(1));
    }
  }
  const [a, b] = [2, 3].map((value) => tf.variable(tf.scalar(value), true, `listed ${value}`));
  const still = tf.variable(tf.scalar(5), false, 'still');
  const optimizer = new Watching();
  const loss = () => a.mul(b).mul(still) as tf.Tensor;
  optimizer.minimize(loss, false, [b, still, a]);
  optimizer.minimize(loss);
  const [list, byName] = optimizer.calls as [tf.NamedTensor[], Record<string, tf.Tensor>];
  expect(list.map(({ name }) => name)).toEqual(['listed 3', 'still', 'listed 2']);
  expect(list[1].tensor).toBeNull();
  expect(Object.keys(byName)).toEqual(['listed 2', 'listed 3']);

  const [steps, ...others] = await optimizer.getWeights();
  expect([steps.name, steps.tensor.dtype, steps.tensor.arraySync(), others]).toEqual([
    'iter',
    'int32',
    2,
    [],
  ]);
  const other = new Watching();
  await other.setWeights([steps, { name: 'rest', tensor: tf.scalar(1) }]);
  expect(other.iterations).toBe(2);
  await expect(other.setWeights([])).rejects.toThrow('setWeights takes what getWeights gave');
  tf.dispose([a, b, still]);
});

test('a class that extends Adam goes through its applyGradients', () => {
  class Decaying extends tf.AdamOptimizer {
    override applyGradients(grads: Record<string, tf.Tensor>): void {
      v.assign(v.mul(0.5));
      super.applyGradients(grads);
    }
  }
  const v = tf.variable(tf.scalar(4), true, 'decaying');
  const cost = new Decaying(0.1).minimize(() => v.square() as tf.Tensor, true)!;
  expect(cost.dataSync()[0]).toBe(16);
  expect(v.dataSync()[0]).toBeCloseTo(1.9, 5);
  v.dispose();
});

test('leaves nothing of a step but the loss, where that is asked for', () => {
  class Same extends tf.SGDOptimizer {
    override applyGradients(grads: Record<string, tf.Tensor>): void {
      super.applyGradients(grads);
    }
  }
  const v = tf.variable(tf.scalar(4));
  const optimizer = new Same(0.25);
  const { numTensors } = tf.memory();
  const left = [false, true].map((returnCost) => {
    optimizer.minimize(() => v.square() as tf.Tensor, returnCost);
    return tf.memory().numTensors - numTensors;
  });
  expect(left).toEqual([0, 1]);
  v.dispose();
});

test('what it was given can be read of it', () => {
  const { beta1, epsilon } = tf.train.adam(0.1, 0.8) as unknown as Record<string, number>;
  expect([beta1, epsilon]).toEqual([0.8, 1e-7]);
});

test('one without a rule assigns itself', () => {
  class Plain extends tf.Optimizer {
    override applyGradients(grads: Record<string, tf.Tensor>): void {
      for (const gradient of Object.values(grads)) v.assign(v.sub(gradient.mul(0.25)));
      this.incrementIterations();
    }
  }
  const v = tf.variable(tf.scalar(4));
  const optimizer = new Plain();
  for (let i = 0; i < 3; i++) optimizer.minimize(() => v.square() as tf.Tensor);
  expect(v.dataSync()[0]).toBe(0.5);
  expect(optimizer.iterations).toBe(3);
  expect(() => new tf.Optimizer().minimize(() => v.square() as tf.Tensor)).toThrow(
    'an optimizer without a rule',
  );
  v.dispose();
});
