// Every activation against PyTorch in float64: values, and gradients through differentiate().

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, minimum, mul, relu } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { activation, activations, getActivation, maxout } from '../../src/layers/activations.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';
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

/** What is allowed beside the relative error: two units in the last place of 1, which `1 + …` rounds to. */
const beside = 2 ** -22;
const relative = 1e-6;

/** Where more is lost than that, with the reason. */
const lost: Record<string, { readonly value?: number; readonly gradient?: number }> = {
  // 1 + erf(x/√2) cancels for x < 0 and leaves its rounding, times x/2: 3 at most where it is not 0.
  gelu: { value: 3 * 2 ** -23 },
  // s·(1 − s) for s near 1 carries the rounding of s, times x·2u′: more than 1 from x = 1 on.
  geluTanh: { gradient: 5 * 2 ** -23 },
};

function expectNear(got: ArrayLike<number>, expected: readonly number[], absolute = beside): void {
  expect(got.length).toBe(expected.length);
  const far = expected.flatMap((value, i) =>
    Math.abs(got[i] - value) <= relative * Math.abs(value) + absolute ? [] : [{ i, value, got: got[i] }],
  );
  expect(far).toEqual([]);
}

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
  return compute(inputs, (value, weights) => {
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

  test('value', () => expectNear(value, y, lost[name]?.value));
  test('gradient', () => expectNear(gradient, dx, lost[name]?.gradient));
});

describe.each(['softmax', 'logSoftmax'] as const)('%s', (name) => {
  const { shape, x, dy } = reference.rows;
  const matrix = (values: readonly number[]) => new Tensor(Float32Array.from(values), shape, 'float32');
  const [value, gradient] = valueAndGradient(activations[name], matrix(x), matrix(dy));

  test('value', () => expectNear(value, reference.rows[name].y));
  test('gradient', () => expectNear(gradient, reference.rows[name].dx));
});

test.each(Object.keys(activations))('%s is finite, and its gradient, far from zero', (name) => {
  const far = [50, 100, 1e4, 1e20, 1e38].flatMap((size) => [-size, size]);
  const x = new Tensor(Float32Array.from(far), [1, far.length], 'float32');
  for (const values of compute([x], (value) => {
    const y = getActivation(name)(value);
    const [gradient] = differentiate(sum(y), [value]);
    return gradient ? [y, gradient] : [y];
  })) {
    expect(Array.from(values.dataSync()).filter((each) => !Number.isFinite(each))).toEqual([]);
  }
});

test('maxout keeps the largest of neighbours', () => {
  const x = new Tensor(Float32Array.of(1, 5, 2, 4, 3, 0, 7, 8, 9, 6, -1, -2), [2, 6], 'float32');
  const [y] = compute([x], (value) => [maxout(value, 3)]);
  expect(y.arraySync()).toEqual([
    [5, 4],
    [9, 6],
  ]);
});

test('step and sign', () => {
  const x = vector([-2, 0, 3]);
  const [stepped, signed] = compute([x], (value) => [activations.step(value), activations.sign(value)]);
  expect([stepped.arraySync(), signed.arraySync()]).toEqual([
    [0, 0, 1],
    [-1, 0, 1],
  ]);
});

test("leakyReLU's slope is 0.2 by default", () => {
  const [value, gradient] = valueAndGradient(getActivation('leakyReLU'), vector([-2, 3]));
  expectNear(value, [-0.4, 3], 0);
  expectNear(gradient, [0.2, 1], 0);
});

describe('names', () => {
  test.each([
    ['hard_sigmoid', 'hardSigmoid'],
    ['leaky_relu', 'leakyReLU'],
    ['leakyRelu', 'leakyReLU'],
    ['log_softmax', 'logSoftmax'],
    ['gelu_new', 'geluNew'],
    ['relu', 'relu'],
  ] as const)('%s is %s', (spelling, name) => {
    expect(getActivation(spelling)).toBe(activations[name]);
  });

  test('none is linear, a function is itself', () => {
    expect(getActivation(undefined)).toBe(activations.linear);
    const own = (x: Value) => mul(x, 3);
    const x = input(new Graph(), 0, [2]);
    expect(getActivation(own)(x)).toBe(own(x));
  });

  test('a saved one is that of its class', () => {
    const named = { className: 'relu', config: {} } as unknown as string;
    expect(activation.read(named)).toBe(activations.relu);
    expect(activation.read({ config: {} })).toBeUndefined();
    expect(activation.read({ className: 'leakyReLU', config: { alpha: 0.3 } })).toBeUndefined();
  });

  test('what a function carries is not its name', () => {
    const own = Object.assign((x: Value) => relu(x), { className: 'Own', config: { alpha: 0.3 } });
    expect(activation.read(own)).toBeTypeOf('function');
  });

  test('what every object has is no name', () => {
    expect(() => getActivation('constructor')).toThrow('Unknown activation "constructor". Known: linear,');
  });

  test('an unknown one suggests the nearest', () => {
    expect(() => getActivation('rleu')).toThrow('Unknown activation "rleu". Did you mean "relu"?');
  });
});
