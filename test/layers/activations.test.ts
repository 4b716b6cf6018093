// Every activation against PyTorch in float64: values, and gradients through differentiate().

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import type { Value } from '../../src/graph/graph.ts';
import { add, minimum, mul, relu } from '../../src/graph/ops/elementwise.ts';
import { sum } from '../../src/graph/ops/reductions.ts';
import { activations, getActivation, maxout } from '../../src/layers/activations.ts';
import { evaluate } from '../../src/tensor/evaluate.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { expectClose } from '../close.ts';
import reference from '../reference/torch-activations.json' with { type: 'json' };

interface Reference {
  readonly options: object;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dx: readonly number[];
}

const elementwise: Record<string, Reference> = reference.elementwise;

/** How each of the references is built here. */
const builds: Record<string, (x: Value) => Value> = {
  leakyRelu: (x) => activations.leakyReLU(x, { alpha: 0.3 }),
  prelu: (x) => add(relu(x), mul(minimum(x, 0), 0.25)),
  eluHalf: (x) => activations.elu(x, { alpha: 0.5 }),
};
const buildOf = (name: string) => builds[name] ?? getActivation(name);

/** Activations without a reference of their own, with the reason. */
const elsewhere: Record<string, string> = {
  linear: 'x itself',
  step: 'no gradient: test/graph/ops.test.ts',
  sign: 'no gradient: test/graph/ops.test.ts',
  leakyReLU: 'the reference is called leakyRelu',
  silu: 'swish by another name',
  geluNew: 'geluTanh by another name',
  softmax: 'along rows, below',
  logSoftmax: 'along rows, below',
};

/** Value, and gradient of Σ dy·y. */
function valueAndGradient(build: (x: Value) => Value, x: Tensor, dy?: Tensor): ArrayLike<number>[] {
  const inputs = dy ? [x, dy] : [x];
  return evaluate(inputs, (value, weights) => {
    const y = build(value);
    const [gradient] = differentiate(sum(weights ? mul(y, weights) : y), [value]);
    return [y, gradient!];
  }).map((tensor) => tensor.dataSync());
}

const vector = (values: readonly number[]) =>
  new Tensor(Float32Array.from(values), [values.length], 'float32');

test('every activation has a reference', () => {
  const missing = Object.keys(activations).filter((name) => !(name in elementwise) && !(name in elsewhere));
  expect(missing).toEqual([]);
});

describe.each(Object.entries(elementwise))('%s', (name, { x, y, dx }) => {
  const [value, gradient] = valueAndGradient(buildOf(name), vector(x));

  test('value', () => expectClose(value, y, 2e-6));
  // Rules that use the result, as y·(1 − y), carry its rounding: 6e-8 beside 1.
  test('gradient', () => expectClose(gradient, dx, 5e-6));
});

describe.each(['softmax', 'logSoftmax'] as const)('%s', (name) => {
  const { shape, x, dy } = reference.rows;
  const matrix = (values: readonly number[]) => new Tensor(Float32Array.from(values), shape, 'float32');
  const [value, gradient] = valueAndGradient(activations[name], matrix(x), matrix(dy));

  test('value', () => expectClose(value, reference.rows[name].y, 1e-6));
  test('gradient', () => expectClose(gradient, reference.rows[name].dx, 2e-6));
});

test.each(Object.keys(activations))('%s is finite, and its gradient, far from zero', (name) => {
  const x = new Tensor(Float32Array.of(-1e4, -100, -50, 50, 100, 1e4), [1, 6], 'float32');
  for (const values of evaluate([x], (value) => {
    const y = getActivation(name)(value);
    const [gradient] = differentiate(sum(y), [value]);
    return gradient ? [y, gradient] : [y];
  })) {
    expect(Array.from(values.dataSync()).filter((each) => !Number.isFinite(each))).toEqual([]);
  }
});

test('maxout keeps the largest of neighbours', () => {
  const x = new Tensor(Float32Array.of(1, 5, 2, 4, 3, 0, 7, 8, 9, 6, -1, -2), [2, 6], 'float32');
  const [y] = evaluate([x], (value) => [maxout(value, 3)]);
  expect(y.arraySync()).toEqual([
    [5, 4],
    [9, 6],
  ]);
});

describe('names', () => {
  test('snake case and other spellings', () => {
    expect(getActivation('hard_sigmoid')).toBe(activations.hardSigmoid);
    expect(getActivation('leaky_relu')).toBe(activations.leakyReLU);
    expect(getActivation('log_softmax')).toBe(activations.logSoftmax);
    expect(getActivation(undefined)).toBe(activations.linear);
  });

  test('an unknown one suggests the nearest', () => {
    expect(() => getActivation('rleu')).toThrow('Unknown activation "rleu". Did you mean "relu"?');
  });
});
