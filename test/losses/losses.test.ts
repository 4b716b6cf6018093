// Every loss against PyTorch in float64: per sample, the mean, and the gradient of the mean.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { simplify } from '../../src/compiler/simplify.ts';
import { oneHot } from '../../src/functions/creation.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, mul, sigmoid } from '../../src/graph/ops/elementwise.ts';
import { mean } from '../../src/graph/ops/reductions.ts';
import { softmax } from '../../src/graph/ops/softmax.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import { checkLabels, getLoss, type Loss, losses } from '../../src/losses/losses.ts';
import { tensor } from '../../src/tensor/creation.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';
import reference from '../reference/torch-losses.json' with { type: 'json' };

const factories: Record<string, (options: object) => Loss> = losses;

const floats = (values: readonly number[], shape: readonly number[]) =>
  new Tensor(Float32Array.from(values), shape, 'float32');

/** Relative 1e-6, and beside it what sums of numbers up to 1 lose: two units in the last place. */
function expectNear(got: ArrayLike<number>, expected: readonly number[], absolute = 2 ** -22): void {
  expect(got.length).toBe(expected.length);
  const far = expected.flatMap((value, i) =>
    Math.abs(got[i] - value) <= 1e-6 * Math.abs(value) + absolute ? [] : [{ i, value, got: got[i] }],
  );
  expect(far).toEqual([]);
}

const perSampleOf = (loss: Loss, yTrue: Tensor, yPred: Tensor) =>
  compute([yTrue, yPred], (t, y) => [loss.call(t, y)])[0].dataSync();

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
    const results = compute([floats(yTrue, trueShape), floats(yPred, predShape)], (t, y) => {
      const each = loss.call(t, y);
      const whole = mean(each);
      return [each, whole, differentiate(whole, [y])[0]!];
    }).map((result) => result.dataSync());

    // The gradient of a mean is that of the terms divided by how many there are.
    const [batch] = predShape;
    test('per sample', () => expectNear(results[0], perSample));
    test('mean', () => expectNear(results[1], [expectedMean]));
    test('gradient', () => expectNear(results[2], gradient, 2 ** -23 / batch));
  },
);

test.each(reference.cases.map((each) => [`${each.loss} ${JSON.stringify(each.options)}`, each] as const))(
  '%s: a loss of sequences is that of each step',
  (_, each) => {
    const loss = factories[each.loss](each.options);
    const inTwo = ([batch, ...sizes]: readonly number[]) => [2, batch / 2, ...sizes];
    const of = (shape: (whole: readonly number[]) => readonly number[]) =>
      perSampleOf(loss, floats(each.yTrue, shape(each.trueShape)), floats(each.yPred, shape(each.predShape)));
    expect([...of(inTwo)]).toEqual([...of((whole) => whole)]);
  },
);

describe('textbook figures', () => {
  const y = floats([0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0], [1, 10]);
  const t = oneHot(tensor(Int32Array.of(2)), 10);

  test('½Σ(y − t)² = 0.0975', () => {
    expectNear(perSampleOf(losses.sumSquaredError(), t, y), [0.0975], 0);
  });

  test('−log(y + 1e-7) = 0.510825', () => {
    expectNear(perSampleOf(losses.categoricalCrossentropy(), t, y), [-Math.log(0.6 + 1e-7)]);
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

describe('at the edges', () => {
  const gradientOf = (loss: Loss, yTrue: Tensor, yPred: Tensor) =>
    compute([yTrue, yPred], (t, y) => [differentiate(mean(loss.call(t, y)), [y])[0]!])[0].dataSync();

  test('of class numbers, what is no probability is held within (0, 1) before rows are scaled, and after', () => {
    const loss = losses.sparseCategoricalCrossentropy();
    const labels = tensor(Int32Array.of(0, 0, 0, 0));
    const rows = floats([0, 0, 3, 1, 0.5, 0.2, 100, -100], [4, 2]);
    expectNear(perSampleOf(loss, labels, rows), [Math.LN2, Math.LN2, Math.log(1.4), 0], 2e-7);
    // Scaled, 10⁻⁷ would be half of that, where TensorFlow.js 4.22 has a mean of 8.6084 with a row of zeros.
    const three = perSampleOf(loss, tensor(Int32Array.of(1, 2)), floats([2, 0, 1, 0, 0, 0], [2, 3]));
    expectNear(three, [-Math.log(1e-7), Math.log(3)], 2e-6);
    // d −log(y₀ / (y₀ + y₁)) of the row that is within, a quarter of the mean.
    expectNear(gradientOf(loss, labels, rows), [0, 0, 0, 0, (1 / 0.7 - 2) / 4, 1 / 0.7 / 4, 0, 0]);
  });

  test('labels of a sequence are one for each of its steps', () => {
    const logits = Array.from({ length: 24 }, (_, i) => ((i * 5) % 13) / 4);
    const labels = Int32Array.of(2, 0, 1, 3, 3, 1);
    const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
    const apart = perSampleOf(loss, tensor(labels), floats(logits, [6, 4]));
    for (const trueShape of [
      [2, 3],
      [2, 3, 1],
    ]) {
      expect(perSampleOf(loss, new Tensor(labels, trueShape, 'int32'), floats(logits, [2, 3, 4]))).toEqual(
        apart,
      );
    }
  });

  test('hinge reads 0 as 0, as TensorFlow.js does', () => {
    expect(Array.from(perSampleOf(losses.hinge(), floats([0, 1], [2, 1]), floats([3, 3], [2, 1])))).toEqual([
      1, 0,
    ]);
  });

  test('a target of 0 adds nothing to the Kullback-Leibler divergence', () => {
    const loss = losses.kullbackLeiblerDivergence();
    expectNear(perSampleOf(loss, floats([0, 1], [1, 2]), floats([0.5, 0.5], [1, 2])), [Math.LN2], 0);
  });

  test('numbers above 1 count as 1 in its quotients', () => {
    const loss = losses.kullbackLeiblerDivergence();
    const [t, y] = [floats([1.5, 0.25], [1, 2]), floats([0.5, 3], [1, 2])];
    expectNear(perSampleOf(loss, t, y), [1.5 * Math.log(1 / 0.5) + 0.25 * Math.log(0.25)]);
  });

  test('cosineProximity of nothing is 0, and its gradient finite', () => {
    const [t, y] = [floats([1, 0], [1, 2]), floats([0, 0], [1, 2])];
    expect(perSampleOf(losses.cosineProximity(), t, y)[0]).toBeCloseTo(0, 12);
    expectNear(gradientOf(losses.cosineProximity(), t, y), [-1 / Math.sqrt(1e-7), 0]);
  });

  test('probabilities of 0 and 1 that are wrong cost −log 1e-7', () => {
    const wrong = -Math.log(1e-7);
    expectNear(
      perSampleOf(losses.categoricalCrossentropy(), floats([1, 0], [1, 2]), floats([0, 1], [1, 2])),
      [wrong],
    );
    // 1 − 1e-7 is 1 − 2⁻²³ in float32.
    const [ofZero, ofOne] = perSampleOf(
      losses.binaryCrossentropy(),
      floats([1, 0], [2, 1]),
      floats([0, 1], [2, 1]),
    );
    expectNear([ofZero, ofOne], [wrong, -Math.log(2 ** -23)]);
  });

  test.each(Object.keys(losses))('%s and its gradient are finite far from the targets', (name) => {
    const loss = factories[name]({});
    const yTrue = loss.sparse ? tensor(Int32Array.of(0, 1)) : floats([1, 0, 0, 1], [2, 2]);
    const yPred = floats([1e4, 2e4, 3e4, 1e-4], [2, 2]);
    const numbers = [...perSampleOf(loss, yTrue, yPred), ...gradientOf(loss, yTrue, yPred)];
    expect(numbers.filter((each) => !Number.isFinite(each))).toEqual([]);
  });
});

describe('cross-entropy of an output that is a softmax or a sigmoid', () => {
  const gradientOf = (loss: Loss, activation: (x: Value) => Value, targets: Tensor, logits: Tensor) =>
    compute([targets, logits], (t, x) => {
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

  test('through a reshape that keeps the rows', () => {
    const [value] = gradientOf(
      losses.sparseCategoricalCrossentropy(),
      (x) => reshape(softmax(x), [1, 1, 2]),
      tensor(Int32Array.of(0)),
      floats([-200, 200], [1, 2]),
    );
    expect(value).toEqual([400]);
  });

  test('rows of another length are probabilities, scaled to sum to 1', () => {
    const logits = floats([1, 2, 3, -1], [1, 2, 2]);
    const target = floats([0, 1, 0, 0], [1, 4]);
    const flat = (x: Value) => reshape(softmax(x), [1, 4]);
    const [value] = gradientOf(losses.categoricalCrossentropy(), flat, target, logits);
    expectNear(value, [-Math.log(1 / (1 + Math.exp(-1)) / 2)]);
    expect(value).toEqual(
      gradientOf(losses.categoricalCrossentropy(), (x) => mul(flat(x), 2), target, logits)[0],
    );
  });

  test('that is known when what was made of it is simplified', () => {
    const [value, gradient] = compute(
      [tensor(Int32Array.of(0)), floats([-200, 200], [1, 2])],
      (labels, x) => {
        const probabilities = add(mul(softmax(x), 1), 0);
        const loss = mean(losses.sparseCategoricalCrossentropy().call(labels, probabilities));
        const standIn = simplify([loss, x], new Graph());
        const simple = standIn(loss);
        return [simple, differentiate(simple, [standIn(x)])[0]!];
      },
    ).map((result) => Array.from(result.dataSync()));
    expect([value, gradient]).toEqual([[400], [-1, 1]]);
  });

  test('of tensors, at once', () => {
    const logits = floats([-200, 200, 1, 2], [2, 2]);
    const targets = floats([1, 0, 0.5, 0.5], [2, 2]);
    const { value, grad } = tf.valueAndGrad((x) =>
      tf.sum(tf.metrics.categoricalCrossentropy(targets, tf.softmax(x))),
    )(logits);
    const [a, b] = [1 / (1 + Math.E), 1 / (1 + 1 / Math.E)];
    expectNear(value.dataSync(), [400 - (Math.log(a) + Math.log(b)) / 2]);
    expectNear(grad.dataSync(), [-1, 1, a - 0.5, b - 0.5]);
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

test('targets may have axes of one, whatever the other sizes', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3, 4] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const [x, y] = [tf.ones([5, 3, 4]), tf.randomUniform([5, 3, 2])];
  const lossFor = (targets: tf.Tensor) =>
    (model.evaluate(x, targets, { verbose: 0 }) as tf.Scalar).dataSync()[0];
  expect(lossFor(y.reshape([5, 3, 1, 2]))).toBe(lossFor(y));
  expect(() => lossFor(tf.ones([5, 2, 3]))).toThrow('takes targets of shape [5,3,2]; got [5,2,3].');
});

describe('errors', () => {
  const trace = (loss: Loss, trueShape: number[], predShape: number[]) => () => {
    const graph = new Graph();
    loss.call(input(graph, 0, trueShape), input(graph, 1, predShape));
  };

  test.each([[[6]], [[6, 1]]])('class numbers %j for one-hot targets', (trueShape) => {
    expect(trace(losses.categoricalCrossentropy(), trueShape, [6, 10])).toThrow(
      `categoricalCrossentropy takes one-hot targets of shape [6,10]; got [${trueShape}]. ` +
        'For class numbers use sparseCategoricalCrossentropy.',
    );
  });

  test('one-hot targets of another number of classes', () => {
    expect(trace(losses.categoricalCrossentropy(), [6, 9], [6, 10])).toThrow(
      /takes one-hot targets of shape \[6,10\]; got \[6,9\]\.$/,
    );
  });

  test('the error begins with where it was', () => {
    const graph = new Graph();
    const call = () => losses.meanSquaredError().call(input(graph, 0, [6, 2]), input(graph, 1, [6, 3]));
    expect(() => graph.within('loss', call)).toThrow(
      'loss: meanSquaredError takes targets of shape [6,3]; got [6,2].',
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

  test('labels of a loss that takes none pass', () => {
    const labels = { data: [0.5, -3], sampleSize: 1 };
    expect(() => checkLabels(losses.meanSquaredError(), labels, 1, 'y')).not.toThrow();
  });

  test.each([10, -1, 0.5, Number.NaN])('label %d is no class of ten', (label) => {
    const check = (data: number[], sampleSize: number) => () =>
      checkLabels(losses.sparseCategoricalCrossentropy(), { data, sampleSize }, 10, 'y');
    const sentence = (sample: number) =>
      `y: label ${label} of sample ${sample} is not a class: sparseCategoricalCrossentropy with 10 outputs ` +
      'takes whole numbers from 0 to 9.';
    expect(check([1, 9, label], 1)).toThrow(sentence(2));
    expect(check([1, 9, 3, 4, 5, label], 4)).toThrow(sentence(1));
  });
});

test('what regularizers cost counts in fit, in evaluate and in val_loss, as in Keras', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        useBias: false,
        kernelInitializer: 'ones',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
  const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[0], [0]])];
  const { history } = await model.fit(x, y, { verbose: 0, validationData: [x, y] });
  // (1 + 4) / 2 and 0.5·1².
  const evaluated = (model.evaluate(x, y) as tf.Tensor).dataSync()[0];
  expect([history.loss[0], history.val_loss[0], evaluated]).toEqual([3, 3, 3]);
});
