// Metrics of what is far, missing, the same everywhere or no number, and of targets that do not fit.

import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import { getLoss } from '../../src/losses/losses.ts';
import { getMetric, metrics } from '../../src/metrics/metrics.ts';
import {
  classes,
  column,
  count,
  each,
  firstLargest,
  flags,
  labels,
  oneHot,
  outputs,
  over,
  random,
  rows,
  targets,
} from './metric-samples.ts';

describe('targets that do not fit', () => {
  const trace = (name: string, truth: number[], predictions: number[]) => () => {
    const graph = new Graph();
    const { sums, collect } = getMetric(name, getLoss('mse'), predictions);
    (sums ?? collect)!(input(graph, 0, truth), input(graph, 1, predictions), undefined);
  };

  test.each([
    ['categoricalAccuracy', 'sparseCategoricalAccuracy'],
    ['topKCategoricalAccuracy', 'sparseTopKCategoricalAccuracy'],
  ])('%s and %s name each other', (oneHotForm, sparseForm) => {
    expect(trace(oneHotForm, [6], [6, 10])).toThrow(
      `${oneHotForm} takes one-hot targets of shape [6,10]; got [6]. For class numbers use ${sparseForm}.`,
    );
    expect(trace(sparseForm, [6, 10], [6, 10])).toThrow(
      `${sparseForm} takes a class number for each sample, shape [6]; got [6,10]. ` +
        `For one-hot targets use ${oneHotForm}.`,
    );
  });

  test.each(['binaryAccuracy', 'precision', 'recall', 'auc', 'r2', 'mse'])('%s', (name) => {
    const takes = name === 'mse' ? 'meanSquaredError' : name;
    expect(trace(name, [6, 1], [6, 3])).toThrow(`${takes} takes targets of shape [6,3]; got [6,1].`);
  });
});

test('r2 keeps its digits where targets are far from zero', () => {
  const far = targets.map((row) => row.map((value) => Math.fround(value + 4000)));
  const near = far.map((row, i) => row.map((value, j) => Math.fround(value + targets[i][j] - outputs[i][j])));
  const of = (j: number) => {
    const center = far.reduce((sum, row) => sum + row[j], 0) / count;
    const errors = far.reduce((sum, row, i) => sum + (row[j] - near[i][j]) ** 2, 0);
    return 1 - errors / far.reduce((sum, row) => sum + (row[j] - center) ** 2, 0);
  };
  const expected = (of(0) + of(1)) / 2;
  expect(Math.abs(over(metrics.r2(), far, near) - expected)).toBeLessThanOrEqual(1e-6 * expected);
});

describe('where there is nothing to divide by', () => {
  const constant = (value: number) => each(() => [value]);

  test('precision without a positive prediction is 0, recall without a positive target', () => {
    expect(over(metrics.precision(), flags, constant(0.1))).toBe(0);
    expect(over(metrics.recall(), constant(0), column)).toBe(0);
  });

  test('r2 of equal targets is 1 where all are met, else 0', () => {
    expect(over(metrics.r2(), constant(5), constant(5))).toBe(1);
    expect(over(metrics.r2(), constant(5), column)).toBe(0);
  });
});

describe('predictions that are NaN', () => {
  const unknown = rows.map((row) => row.map(() => Number.NaN));

  test('have no area under their curve', () => {
    expect(
      over(
        metrics.auc(),
        flags,
        unknown.map(() => [Number.NaN]),
      ),
    ).toBeNaN();
  });

  test('are not among the largest', () => {
    expect(over(metrics.sparseTopKCategoricalAccuracy(), labels, unknown)).toBe(0);
    expect(over(metrics.topKCategoricalAccuracy({ k: classes }), oneHot, unknown)).toBe(0);
  });

  test('of one sample leave the others as they are', () => {
    const lost = labels.findIndex((label, i) => firstLargest(rows[i]) === label);
    const predictions = rows.map((row, i) =>
      row.map((value, j) => (i === lost && j === 1 ? Number.NaN : value)),
    );
    const isRight = (i: number) => i !== lost && firstLargest(rows[i]) === labels[i];
    const right = labels.filter((_, i) => isRight(i)).length;
    expect(over(metrics.categoricalAccuracy(), oneHot, predictions)).toBeCloseTo(right / count, 6);
    expect(over(metrics.sparseCategoricalAccuracy(), labels, predictions)).toBeCloseTo(right / count, 6);
    // Nothing is predicted of the one.
    expect(over(metrics.f1Score({ average: 'micro' }), oneHot, predictions)).toBeCloseTo(
      (2 * right) / (count - 1 + count),
      6,
    );
  });
});

test('r2 is the same in other units', () => {
  const inUnits = (unit: number) =>
    over(
      metrics.r2(),
      targets.map((row) => row.map((value) => value * unit)),
      outputs.map((row) => row.map((value) => value * unit)),
    );
  expect(inUnits(2 ** -10)).toBe(inUnits(1));
});

test('r2 of numbers far from 0 is that of what they differ by', () => {
  const [truth, found] = [each(() => random.below(64) / 16), each(() => random.below(64) / 16)];
  const near = truth.map((t, i) => t + found[i] / 8);
  const at = (place: number) =>
    over(
      metrics.r2(),
      truth.map((t) => [place + t]),
      near.map((y) => [place + Math.floor(16 * y) / 16]),
    );
  expect(at(2 ** 19)).toBeCloseTo(at(0), 9);
});

test.each(['categoricalAccuracy', 'binaryAccuracy', 'topKCategoricalAccuracy', 'precision', 'recall', 'acc'])(
  'predictions that are NaN are never right: %s',
  (metric) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 3 })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [metric] });
    model.setWeights([tf.fill([1, 3], Number.NaN), tf.zeros([3])]);
    const y = tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const [, value] = model.evaluate(tf.ones([2, 1]), y) as tf.Tensor[];
    expect(value.dataSync()[0]).toBe(0);
  },
);
