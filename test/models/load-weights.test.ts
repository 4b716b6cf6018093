import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const twoLayers = () =>
  tf.sequential({
    layers: [
      tf.layers.lstm({ units: 2, inputShape: [3, 1], name: 'memory' }),
      tf.layers.dense({ units: 1, name: 'last' }),
    ],
  });

/** The weights of a model by the names that a function gives them. */
const named = (model: tf.Sequential, nameOf: (name: string) => string) =>
  Object.fromEntries(model.weights.map(({ name, shape }, i) => [nameOf(name), tf.fill([...shape], i)]));

const held = (model: tf.Sequential) => model.getWeights().map((tensor) => tensor.dataSync()[0]);

describe('loadWeights', () => {
  test('by name, also with the cell’s name inside', () => {
    for (const nameOf of [(name: string) => name, (name: string) => name.replace('/', '/lstm_cell/')]) {
      const model = twoLayers();
      model.loadWeights(named(model, nameOf));
      expect(held(model)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  test('as nested arrays, and by number within a layer', () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })],
    });
    model.loadWeights({ 'only/0': [[5], [6]], 'only/1': [7] });
    expect(model.getWeights().map((tensor) => tensor.arraySync())).toEqual([[[5], [6]], [7]]);
  });

  test('missing ones, others and other shapes are sentences; nothing is set then', () => {
    const model = twoLayers();
    const { 'last/bias': _, ...some } = named(model, (name) => name);
    const before = held(model);
    expect(() => model.loadWeights(some)).toThrow('1 of 5 weights are not set: last/bias.');
    expect(() => model.loadWeights({ ...some, 'last/bias': [1], extra: [1] })).toThrow(
      'Provided weight data has no target variable: extra.',
    );
    expect(() => model.loadWeights({ ...some, 'last/kernel': [[1]] }, false)).toThrow(
      'last/kernel: Shape mismatch: [2,1] vs. [1,1].',
    );
    expect(held(model)).toEqual(before);
    model.loadWeights({ ...some, extra: [1] }, false);
    expect(held(model)).toEqual([0, 1, 2, 3, before[4]]);
  });
});
