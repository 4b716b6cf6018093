// Every loss against PyTorch in float64: per sample, the mean, and the gradient of the mean.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sigmoid } from '../../src/graph/ops/elementwise.ts';
import { mean } from '../../src/graph/ops/reductions.ts';
import { softmax } from '../../src/graph/ops/softmax.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { oneHot, tensor } from '../../src/tensor/creation.ts';
import { evaluate } from '../../src/tensor/evaluate.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { checkLabels, getLoss, type Loss, losses } from '../../src/training/losses.ts';
import { expectClose } from '../close.ts';
import reference from '../reference/torch-losses.json' with { type: 'json' };

const factories: Record<string, (options: object) => Loss> = losses;

const floats = (values: readonly number[], shape: readonly number[]) =>
  new Tensor(Float32Array.from(values), shape, 'float32');

const perSampleOf = (loss: Loss, yTrue: Tensor, yPred: Tensor) =>
  evaluate([yTrue, yPred], (t, y) => [loss.call(t, y)])[0].dataSync();

test('every loss has a reference', () => {
  const covered = new Set(reference.cases.map(({ loss }) => loss));
  expect(Object.keys(losses).filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(reference.cases.map((each) => [`${each.loss} ${JSON.stringify(each.options)}`, each] as const))(
  '%s',
  (_, {
    loss: name,
    options,
    trueShape,
    predShape,
    yTrue,
    yPred,
    perSample,
    mean: expectedMean,
    gradient,
  }) => {
    const loss = factories[name](options);
    const results = evaluate([floats(yTrue, trueShape), floats(yPred, predShape)], (t, y) => {
      const each = loss.call(t, y);
      const whole = mean(each);
      return [each, whole, differentiate(whole, [y])[0]!];
    }).map((result) => result.dataSync());

    test('per sample', () => expectClose(results[0], perSample, 3e-6));
    test('mean', () => expectClose(results[1], [expectedMean], 2e-6));
    test('gradient', () => expectClose(results[2], gradient, 5e-6));
  },
);

describe('textbook figures', () => {
  const y = floats([0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0], [1, 10]);
  const t = oneHot(tensor(Int32Array.of(2)), 10);

  test('½Σ(y − t)² = 0.0975', () => {
    expect(perSampleOf(losses.sumSquaredError(), t, y)[0]).toBeCloseTo(0.0975, 6);
  });

  test('−log(y + 1e-7) = 0.510825', () => {
    expect(perSampleOf(losses.categoricalCrossentropy(), t, y)[0]).toBeCloseTo(0.510825, 5);
  });

  test('one-hot and integer labels agree to the bit', () => {
    const batch = floats(
      Array.from({ length: 40 }, (_, i) => ((i * 7) % 11) / 20 + 0.01),
      [4, 10],
    );
    const labels = tensor(Int32Array.of(3, 0, 9, 2));
    expect(perSampleOf(losses.sparseCategoricalCrossentropy(), labels, batch)).toEqual(
      perSampleOf(losses.categoricalCrossentropy(), oneHot(labels, 10), batch),
    );
  });
});

describe('cross-entropy of an output that is a softmax or a sigmoid', () => {
  const gradientOf = (loss: Loss, activation: (x: Value) => Value, targets: Tensor, logits: Tensor) =>
    evaluate([targets, logits], (t, x) => {
      const value = mean(loss.call(t, activation(x)));
      return [value, differentiate(value, [x])[0]!];
    }).map((result) => Array.from(result.dataSync()));

  test('softmax: exact where the probability itself would be 0', () => {
    const [value, gradient] = gradientOf(
      losses.sparseCategoricalCrossentropy(),
      softmax,
      tensor(Int32Array.of(0)),
      floats([-200, 200], [1, 2]),
    );
    expect([value, gradient]).toEqual([[400], [-1, 1]]);
  });

  test('sigmoid: likewise', () => {
    const [value, gradient] = gradientOf(
      losses.binaryCrossentropy(),
      sigmoid,
      floats([1], [1, 1]),
      floats([-300], [1, 1]),
    );
    expect([value, gradient]).toEqual([[300], [-1]]);
  });
});

describe('errors', () => {
  const trace = (loss: Loss, trueShape: number[], predShape: number[]) => () => {
    const graph = new Graph();
    loss.call(input(graph, 0, trueShape), input(graph, 1, predShape));
  };

  test('class numbers for one-hot targets', () => {
    expect(trace(losses.categoricalCrossentropy(), [6], [6, 10])).toThrow(
      'categoricalCrossentropy takes one-hot targets of shape [6,10]; got [6]. ' +
        'For class numbers use sparseCategoricalCrossentropy.',
    );
  });

  test('one-hot targets for class numbers', () => {
    expect(trace(losses.sparseCategoricalCrossentropy(), [6, 10], [6, 10])).toThrow(
      'sparseCategoricalCrossentropy takes a class number for each sample, shape [6]; got [6,10]. ' +
        'For one-hot targets use categoricalCrossentropy.',
    );
  });

  test('targets of another shape', () => {
    expect(trace(losses.meanSquaredError(), [6, 2], [6, 3])).toThrow(
      'meanSquaredError takes targets of shape [6,3]; got [6,2].',
    );
  });

  test('an unknown name suggests the nearest', () => {
    expect(() => getLoss('meanSquareError')).toThrow(
      'Unknown loss "meanSquareError". Did you mean "meanSquaredError"?',
    );
  });

  test('a factory stands for its loss with defaults', () => {
    expect(getLoss(losses.huber)).toMatchObject({ name: 'huber', options: { delta: 1 } });
  });

  test('aliases', () => {
    expect(['mse', 'mae', 'mape', 'msle', 'kld', 'cosine'].map((alias) => getLoss(alias).name)).toEqual([
      'meanSquaredError',
      'meanAbsoluteError',
      'meanAbsolutePercentageError',
      'meanSquaredLogarithmicError',
      'kullbackLeiblerDivergence',
      'cosineProximity',
    ]);
  });

  test.each([10, -1, 0.5, Number.NaN])('label %d is no class of ten', (label) => {
    expect(() => checkLabels(losses.sparseCategoricalCrossentropy(), [1, 9, label], 10, 'y')).toThrow(
      `y: label ${label} of sample 2 is no class: sparseCategoricalCrossentropy with 10 outputs ` +
        'takes whole numbers from 0 to 9.',
    );
  });
});
