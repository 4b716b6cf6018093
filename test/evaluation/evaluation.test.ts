// Curves and reports against scikit-learn's numbers, by arrays, tensors and models; and what they refuse.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { areaUnderCurve } from '../../src/evaluation/area-under-curve.ts';
import * as tf from '../../src/index.ts';
import * as plot from '../../src/plot/index.ts';

const path = new URL('../reference/sklearn-metrics.json', import.meta.url);
const reference = JSON.parse(readFileSync(path, 'utf8'));
const { labels, scores, weights, truth, rows, targets, outputs } = reference;
const oneHot = truth.map((label: number) => [0, 1, 2, 3].map((i) => Number(i === label)));

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i], 12);
}

describe('rocCurve', () => {
  const { rocCurve } = tf.metrics;
  const check = (curve: ReturnType<typeof rocCurve>, expected: typeof reference.roc) => {
    expectClose(curve.falsePositiveRate, expected.falsePositiveRate);
    expectClose(curve.truePositiveRate, expected.truePositiveRate);
    expect(curve.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
    expectClose(curve.thresholds.slice(1), expected.thresholds);
    expect(curve.areaUnderCurve).toBeCloseTo(expected.areaUnderCurve, 12);
  };

  test('of arrays, and of tensors in columns', () => {
    check(rocCurve(labels, scores), reference.roc);
    const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);
    check(rocCurve(column(labels), column(scores)), reference.roc);
    check(rocCurve(Int32Array.from(labels), Float32Array.from(scores)), reference.roc);
  });

  test('labels are positive above ½, or where they are the class that is meant', () => {
    expect(rocCurve([0, 0.5, 0.75], [1, 2, 3]).areaUnderCurve).toBe(1);
    expect(rocCurve([0.75, 0.5, 0], [1, 2, 3]).areaUnderCurve).toBe(0);
    expect(rocCurve([0.5, 0.75], [1, 2]).areaUnderCurve).toBe(1);
    expect(rocCurve([0, 1, 2], [3, 1, 2], { positiveClass: 0 }).areaUnderCurve).toBe(1);
  });

  test('with all points, and weighted', () => {
    check(rocCurve(labels, scores, { dropIntermediate: false }), reference.rocOfAllPoints);
    check(rocCurve(labels, scores, { sampleWeight: weights }), reference.rocWeighted);
  });

  test('of one class of several, by numbers and by rows', () => {
    check(rocCurve(truth, rows, { positiveClass: 2 }), reference.rocOfClass2);
    check(rocCurve(oneHot, rows, { positiveClass: 2 }), reference.rocOfClass2);
    const renamed = labels.map((label: number) => (label ? 7 : 3));
    check(rocCurve(renamed, scores, { positiveClass: 7 }), reference.roc);
  });

  test('of one class of two', () => {
    const rows = [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.6, 0.4],
    ];
    expect(rocCurve([0, 1, 0], rows, { positiveClass: 1 })).toEqual({
      falsePositiveRate: [0, 0, 1],
      truePositiveRate: [0, 1, 1],
      thresholds: [Number.POSITIVE_INFINITY, ...Float32Array.of(0.8, 0.1)],
      areaUnderCurve: 1,
    });
  });

  test('is what plot.roc draws', () => {
    expect(plot.roc(rocCurve(labels, scores))).toContain(`area ${reference.roc.areaUnderCurve.toFixed(3)}`);
  });

  test('refuses what makes no curve', () => {
    expect(() => rocCurve([1, 1], [0.2, 0.3])).toThrow('there are no negative ones');
    expect(() => rocCurve([1, 0], [0.2, 0.3, 0.4])).toThrow('rocCurve: 2 labels for 3 predictions.');
    expect(() => rocCurve(truth, rows)).toThrow('a score for each of 4 classes. Say which is meant');
    expect(() => rocCurve([0, 1], tf.eye(2))).toThrow('a score for each of 2 classes. Say which is meant');
    expect(() => rocCurve(truth, rows, { positiveClass: 4 })).toThrow('{ positiveClass: 3 }');
    expect(() => rocCurve([0, 1], [Number.NaN, 1])).toThrow('yPred is NaN for sample 0');
    expect(() => rocCurve([0, 1], [0, 1], { sampleWeight: [1] })).toThrow(
      'must be 2 numbers, 0 or more; got 1',
    );
    expect(() => rocCurve([0, 1], [0, 1], { sampleWeight: [1, -1] })).toThrow('got one of -1');
    expect(() => rocCurve([], [])).toThrow('yTrue holds no samples');
    expect(() => rocCurve(tf.zeros([2, 2, 2]), [0, 1])).toThrow('must have shape [samples] or [samples,n]');
  });
});

describe('calibrationCurve', () => {
  const { calibrationCurve } = tf.metrics;

  test.each(reference.calibration as object[])('%o', (expected) => {
    const { strategy, nBins, observed, predicted } = expected as typeof reference;
    const curve = calibrationCurve(labels, scores, { strategy, nBins });
    expectClose(curve.observed, observed);
    expectClose(curve.predicted, predicted);
    expect(curve.counts.reduce((a, b) => a + b)).toBe(labels.length);
    expect(plot.calibration(curve)).toContain('<svg');
  });

  test('groups of as many samples each end with the sample that an edge lies on', () => {
    const places = Array.from({ length: 50 }, (_, i) => i);
    const { counts } = calibrationCurve(
      places.map(() => 1),
      places.map((i) => i / 64),
      { strategy: 'quantile', nBins: 49 },
    );
    expect(counts).toEqual([2, ...places.slice(2).map(() => 1)]);
  });

  test('0 and 1 are probabilities', () => {
    expect(calibrationCurve([0, 1, 1], [0, 1, 1]).counts).toEqual([1, 2]);
  });

  test('refuses logits', () => {
    expect(() => calibrationCurve([0, 1], [0.5, 1.5])).toThrow(
      'yPred must be probabilities, from 0 to 1; got 1.5',
    );
  });
});

describe('classificationReport', () => {
  const { classificationReport } = tf.metrics;
  const numbers = ({ precision, recall, f1Score, support }: tf.ClassScores) => [
    precision,
    recall,
    f1Score,
    support,
  ];
  const check = (report: tf.ClassificationReport, expected: typeof reference.byClass) => {
    for (const [i, each] of report.classes.entries()) expectClose(numbers(each), expected.classes[i]);
    expectClose(numbers(report.macroAverage), expected.macro);
    expectClose(numbers(report.weightedAverage), expected.weighted);
    expect(report.accuracy).toBeCloseTo(expected.accuracy, 12);
  };

  test('of numbers and rows', () => {
    check(classificationReport(truth, rows), reference.byClass);
    check(classificationReport(oneHot, tf.tensor2d(rows)), reference.byClass);
    check(classificationReport(truth, tf.argMax(tf.tensor2d(rows), -1)), reference.byClass);
  });

  test('of classes that are predicted alone', () => {
    const { classes, accuracy } = classificationReport([0, 1], [0, 3]);
    expect(classes.map(({ support }) => support)).toEqual([1, 1, 0, 0]);
    expect(accuracy).toBe(0.5);
  });

  test('weighted', () => {
    check(classificationReport(truth, rows, { sampleWeight: weights }), reference.byClassWeighted);
  });

  test('tells weights of samples that are no whole numbers with one place', () => {
    const report = classificationReport([0, 0, 1], [0, 1, 1], { sampleWeight: [0.25, 0.5, 2] });
    const supports = report
      .toString()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ +/).at(-1));
    expect(supports).toEqual(['0.8', '2', '2.8', '2.8', '2.8']);
  });

  test('of a single output', () => {
    const { classes } = classificationReport(labels, scores);
    expect(classes[1].f1Score).toBeCloseTo(reference.binaryF1, 12);
    expect(classificationReport(labels, scores, { threshold: 2 }).classes[1].f1Score).toBe(0);
  });

  test('reads well', () => {
    const report = classificationReport([0, 0, 1, 2], [0, 1, 1, 1], { labels: ['cat', 'dog', 'elephant'] });
    expect(String(report).split('\n')).toEqual([
      'class            precision  recall     F1  samples',
      'cat                  1.000   0.500  0.667        2',
      'dog                  0.333   1.000  0.500        1',
      'elephant             0.000   0.000  0.000        1',
      'accuracy                            0.500        4',
      'mean of classes      0.444   0.500  0.389        4',
      'mean by samples      0.583   0.500  0.458        4',
    ]);
  });

  test('refuses what is no class', () => {
    expect(() => classificationReport([0, 0.5], [0, 1])).toThrow('classes are whole numbers from 0; got 0.5');
    expect(() => classificationReport([0, 1], [0, 1], { labels: ['a'] })).toThrow('labels must be 2 names');
    expect(() => classificationReport([0, -1], [0, 1])).toThrow('got -1');
  });
});

describe('regressionReport', () => {
  const { regressionReport } = tf.metrics;

  test('of numbers', () => {
    const report = regressionReport(targets, outputs);
    const { r2, meanAbsoluteError, meanSquaredError, rootMeanSquaredError, maxError, bias, residuals } =
      report;
    const { regression } = reference;
    expect({ r2, meanAbsoluteError, meanSquaredError, maxError, bias }).toEqual(
      Object.fromEntries(
        Object.entries(regression).map(([name, value]) => [name, expect.closeTo(value as number, 12)]),
      ),
    );
    expect(rootMeanSquaredError).toBeCloseTo(Math.sqrt(regression.meanSquaredError), 12);
    expectClose(
      Array.from(residuals),
      targets.flatMap((row: number[], i: number) => row.map((t, j) => t - outputs[i][j])),
    );
  });

  test('reads well', () => {
    expect(String(regressionReport([1, 2, 3, 4], [1.5, 2, 3, 3.5])).split('\n')).toEqual([
      'R²                          0.9000',
      'mean absolute error         0.2500',
      'mean squared error          0.1250',
      'root of mean squared error  0.3536',
      'largest error               0.5000',
      'mean of true − predicted     0.000',
    ]);
  });

  test('R² of targets near each other, and of equal ones, which are all met or not', () => {
    // Σ(t − y)² = ¹⁄₁₆, Σ(t − mean t)² = ⅛
    expect(regressionReport([0, 0.5], [0, 0.25]).r2).toBe(0.5);
    expect(regressionReport([2, 2], [2, 2]).r2).toBe(1);
    expect(regressionReport([2, 2], [2, 3]).r2).toBe(0);
  });

  test('refuses other widths', () => {
    expect(() =>
      regressionReport(
        [1, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).toThrow('targets of 1 numbers for predictions of 2');
  });
});

describe('metrics of compile', () => {
  /** What a model says of the rows themselves: it hands its input on. */
  function logsOf(metrics: tf.MetricIdentifier[], y: number[] | number[][], x: number[][], loss = 'mse') {
    const model = tf.sequential({
      layers: [tf.layers.activation({ activation: 'linear', inputShape: [x[0].length] })],
    });
    model.compile({ optimizer: 'sgd', loss, metrics });
    const values = model.evaluate(tf.tensor2d(x), tf.tensor(y), { batchSize: 16 }) as tf.Tensor[];
    return values.slice(1).map((value) => value.dataSync()[0]);
  }
  const { f1Score, precision, recall } = tf.metrics;

  test.each([
    ['class numbers', truth, 'sparseCategoricalCrossentropy'],
    ['one-hot rows', oneHot, 'mse'],
  ])('F1, precision and recall by class, of %s', (_, y, loss) => {
    const { f1 } = reference.byClass;
    const averages = [f1Score({ average: 'weighted' }), f1Score({ average: 'micro' })];
    const own = [f1Score({ threshold: 0.5 }), precision({ classId: 1 }), recall({ classId: 1 })];
    const got = logsOf(['f1', 'f1_score', ...averages, ...own], y, rows, loss);
    const { f1Above, precisionOfClass1, recallOfClass1 } = reference;
    const expected = [f1.macro, f1.macro, f1.weighted, f1.micro, f1Above, precisionOfClass1, recallOfClass1];
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 6);
  });

  test('precision and recall of every output', () => {
    const [p, r] = logsOf(['precision', 'recall'], oneHot, rows);
    expect(p).toBeCloseTo(reference.precisionAbove, 6);
    expect(r).toBeCloseTo(reference.recallAbove, 6);
  });

  test('F1 of a single output', () => {
    const column = scores.map((score: number) => [score]);
    const [got] = logsOf(['f1', 'mse'], labels, column);
    expect(got).toBeCloseTo(reference.binaryF1, 6);
  });

  test('as functions of two tensors', () => {
    expect(f1Score(tf.tensor2d(oneHot), tf.tensor2d(rows)).dataSync()[0]).toBeCloseTo(
      reference.byClass.f1.macro,
      6,
    );
    expect(precision(tf.tensor2d(oneHot), tf.tensor2d(rows)).dataSync()[0]).toBeCloseTo(
      reference.precisionAbove,
      6,
    );
  });

  test('a class that there is not', () => {
    expect(() => logsOf([precision({ classId: 4 })], oneHot, rows)).toThrow(
      'classId must be from 0 to 3; got 4',
    );
  });
});

describe('areaUnderCurve', () => {
  test('a label of ½ is negative', () => {
    expect(areaUnderCurve([0.9, 1, 1, 0.2, 0.5, 1])).toBe(1);
  });

  test('weights count', () => {
    // The positive of weight 3 wins, that of weight 1 loses.
    expect(areaUnderCurve([0.9, 1, 3, 0.5, 0, 2, 0.1, 1, 1])).toBe(0.75);
  });

  test('of NaN is NaN', () => {
    expect(areaUnderCurve([Number.NaN, 1, 1, 0.2, 0, 1])).toBeNaN();
  });

  test('is 0 where a class is missing', () => {
    expect(areaUnderCurve([0.9, 1, 1, 0.2, 1, 1])).toBe(0);
  });
});
