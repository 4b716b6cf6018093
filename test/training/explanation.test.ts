// The text of a step, of numbers that were made up: what is shown of large tensors, and of each kind of weight.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { type ExplainedWeight, type StepExplanation, textOf } from '../../src/training/explanation.ts';

const ramp = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 8),
    shape,
  );

type Step = Omit<StepExplanation, 'toString'>;

function step(changes: Partial<Step>, weights: readonly ExplainedWeight[] = []): Step {
  const layer = { name: 'd', className: 'Dense', outputs: [], outputGradients: [], weights };
  return {
    ...{ lossName: 'meanSquaredError', loss: 2, lossAfter: 1, optimizer: 'SGD', learningRate: 0.5 },
    ...{ step: 1, samples: 2, layers: [layer] },
    ...changes,
  };
}

const moved = (name: string, shape: number[], by = 0.5): ExplainedWeight => {
  const [before, gradient] = [ramp(shape), tf.ones(shape)];
  return { name, before, gradient, after: before.sub(gradient.mul(by)), isTrained: true };
};

test('a step', () => {
  const outputs = [
    ramp([1, 2]),
    ramp([4, 6]),
    ramp([5, 7]),
    ramp([3]),
    ramp([]),
    ramp([2, 2, 2]),
    ramp([0, 3]),
  ];
  const layers = [
    {
      name: 'flat',
      className: 'Flatten',
      outputs: [ramp([1, 1])],
      outputGradients: [undefined],
      weights: [],
    },
    {
      ...{ name: 'd', className: 'Dense', outputs, outputGradients: outputs },
      weights: [
        moved('d/kernel', [2, 4]),
        moved('d/bias', [9]),
        moved('d/scale', []),
        { ...moved('d/frozen', [2]), isTrained: false },
        { ...moved('d/apart', [2]), gradient: undefined },
      ],
    },
  ];
  expect(textOf(step({ layers }))).toMatchSnapshot();
});

describe('of weights that are moved otherwise than by learning rate · gradient nothing is said', () => {
  const says = (weights: readonly ExplainedWeight[]) =>
    textOf(step({}, weights)).includes('Each becomes weight − learning rate · gradient.');
  test.each<[boolean, string, ExplainedWeight[]]>([
    [true, 'plain', [moved('w', [3])]],
    [false, 'half as far', [moved('w', [3], 0.25)]],
    [false, 'one of two', [moved('w', [3]), moved('v', [3], 0.25)]],
    [true, 'the other is not trained', [moved('w', [3]), { ...moved('v', [3], 0.25), isTrained: false }]],
    [true, 'the other has no gradient', [moved('w', [3]), { ...moved('v', [3], 0.25), gradient: undefined }]],
    [true, 'rounded', [{ ...moved('w', [1]), after: tf.tensor1d([-0.5 - 2e-7]) }]],
    [
      true,
      'rounded, of large numbers',
      [{ ...moved('w', [1]), before: tf.tensor1d([1000]), after: tf.tensor1d([999.5001]) }],
    ],
    [true, 'at rest', [{ ...moved('w', [1]), gradient: tf.zeros([1]), after: tf.zeros([1]) }]],
    [false, 'one of three numbers', [{ ...moved('w', [3]), after: tf.tensor1d([-0.5, -0.375, 9]) }]],
    [false, 'more than rounded', [{ ...moved('w', [1]), after: tf.tensor1d([-0.5 - 2e-6]) }]],
  ])('%s: %s', (expected, _, weights) => {
    expect(says(weights)).toBe(expected);
  });
});

test.each([
  [0, '0'],
  [0.001, '0.001'],
  [0.000999, '9.990e−4'],
  [-0.5, '−0.5'],
  [99_999, '100000'],
  [100_000, '1.000e+5'],
  [-123_456, '−1.235e+5'],
  [1 / 3, '0.3333'],
  [12_345, '12350'],
])('%f is shown as %s', (loss, expected) => {
  expect(textOf(step({ loss }))).toContain(`The loss, meanSquaredError, is ${expected}.`);
});

test.each([
  [2, 1, '50 % less'],
  [-2, -3, '50 % less'],
  [2, 2, 'as before'],
  [2, 3, '50 % more, as the step was too long'],
  [3, 2, '33.3 % less'],
])('from %f to %f is %s', (loss, lossAfter, expected) => {
  expect(textOf(step({ loss, lossAfter }))).toMatch(new RegExp(`: ${expected}\\.$`));
});

test.each([
  [1, 'Step 1: 1 sample, SGD, learning rate 0.5'],
  [2, 'Step 1: 2 samples, SGD, learning rate 0.5'],
])('%i samples', (samples, expected) => {
  expect(textOf(step({ samples })).split('\n')[0]).toBe(expected);
});
