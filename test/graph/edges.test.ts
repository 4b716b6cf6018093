// Values and gradients where functions have an edge, against PyTorch's in float64: zeros, ties, infinities, ends of ranges.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import type { Value } from '../../src/graph/graph.ts';
import * as activations from '../../src/graph/ops/activations.ts';
import { rsqrt } from '../../src/graph/ops/arithmetic.ts';
import { broadcastTo, sum } from '../../src/graph/ops/broadcasting.ts';
import * as elementwise from '../../src/graph/ops/elementwise.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import * as rounding from '../../src/graph/ops/rounding.ts';
import { cumsum } from '../../src/graph/ops/scans.ts';
import { constant } from '../../src/graph/ops/sources.ts';
import { avgPool } from '../../src/graph/ops/spatial.ts';
import { logSumExp, norm } from '../../src/graph/ops/statistics.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import * as trigonometry from '../../src/graph/ops/trigonometry.ts';
import { avgPool3d } from '../../src/graph/ops/volumes.ts';
import { getActivation } from '../../src/layers/activations.ts';
import { tensor1d } from '../../src/tensor/creation.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';

type Written = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

interface Edge {
  readonly kind: 'element' | 'row';
  readonly name: string;
  readonly inputs: readonly (readonly Written[])[];
  readonly values: readonly Written[];
  readonly gradients: readonly (readonly Written[])[];
}

const file = new URL('../reference/torch-edges.json', import.meta.url);
const edges: readonly Edge[] = JSON.parse(readFileSync(file, 'utf8'));

type Builder = (...inputs: Value[]) => Value;

const builders: Readonly<Record<string, unknown>> = {
  ...elementwise,
  ...activations,
  ...rounding,
  ...trigonometry,
  ...reductions,
  sum,
  rsqrt,
  cumsum,
  logSumExp,
  norm,
  norm1: (x: Value) => norm(x, 1),
  normInf: (x: Value) => norm(x, Number.POSITIVE_INFINITY),
  clip: (x: Value) => elementwise.clip(x, -1, 1),
  hardSigmoid: getActivation('hardSigmoid'),
};

/** Whether an element's gradient differs from PyTorch's for a reason. */
function differs({ name, inputs, values }: Edge, input: number, i: number): boolean {
  // Outside of a domain nothing is right.
  if (Number.isNaN(Number(values[values.length === 1 ? 0 : i]))) return true;
  // As in TensorFlow.js: for a base of 0 or less there is no gradient by the exponent.
  if (name === 'pow' && input === 1) return !(Number(inputs[0][i]) > 0);
  // PyTorch divides the product, which is infinite, by the infinite element.
  return name === 'prod' && values[0] === 'Infinity';
}

/** Results, then gradients of their sum. */
function computed({ name, inputs }: Edge): number[][] {
  const tensors = inputs.map((numbers) => tensor1d(numbers.map(Number)));
  return compute(tensors, (...values) => {
    const y = (builders[name] as Builder)(...values);
    const gradients = differentiate(sum(y), values);
    const zero = (x: Value) => broadcastTo(constant(x.graph, [0]), x.shape);
    return [y, ...gradients.map((gradient, i) => gradient ?? zero(values[i]))];
  }).map((result) => Array.from(result.dataSync()));
}

function expectSame(
  got: readonly number[],
  expected: readonly Written[],
  what: string,
  isLeftOut: (i: number) => boolean = () => false,
): void {
  const wrong = expected.map(Number).flatMap((value, i) => {
    if (isLeftOut(i)) return [];
    const isSame = Number.isFinite(value)
      ? Math.abs(got[i] - value) <= 2e-6 * Math.max(1, Math.abs(value))
      : Object.is(got[i], value);
    return isSame ? [] : [`[${i}]: ${got[i]}, PyTorch ${value}`];
  });
  expect(wrong, what).toEqual([]);
}

describe('edges', () => {
  test.each(edges.map((edge) => [`${edge.name} ${JSON.stringify(edge.inputs)}`, edge] as const))(
    '%s',
    (title, edge) => {
      const [values, ...gradients] = computed(edge);
      expectSame(values, edge.values, title);
      for (const [i, gradient] of gradients.entries()) {
        expectSame(gradient, edge.gradients[i], `gradient ${i} of ${title}`, (at) => differs(edge, i, at));
      }
    },
  );
});

test.each(['maximum', 'minimum'])('%s of a tie has the gradient of the first', (name) => {
  const edge: Edge = {
    kind: 'element',
    name,
    inputs: [
      [2, -1],
      [2, -1],
    ],
    values: [],
    gradients: [],
  };
  expect(computed(edge).slice(1)).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

describe('of no elements', () => {
  const none = tensor1d([]);
  const [one, two] = [1, 2].map((size) => new Tensor(new Float32Array(size), [size], 'float32'));

  test.each([
    ['sum', 0],
    ['prod', 1],
    ['max', Number.NEGATIVE_INFINITY],
    ['min', Number.POSITIVE_INFINITY],
    ['mean', Number.NaN],
    ['norm', 0],
    ['logSumExp', Number.NEGATIVE_INFINITY],
  ] as const)('%s is %d', (name, expected) => {
    const [y] = compute([none], (x) => [(builders[name] as Builder)(x)]);
    expect(Array.from(y.dataSync())).toEqual([expected]);
  });

  test('the largest are none', () => {
    const [values, indices] = compute([two], (x) => Object.values(topk(x, 0)));
    expect([values.shape, indices.shape]).toEqual([[0], [0]]);
    expect(values.size).toBe(0);
  });

  test('the mean of a window that sees padding alone is 0', () => {
    const pixel = new Tensor(Float32Array.of(5), [1, 1, 1, 1], 'float32');
    const [mean] = compute([pixel], (x) => [avgPool(x, 1, 1, 1)]);
    expect(Array.from(mean.dataSync())).toEqual([0, 0, 0, 0, 5, 0, 0, 0, 0]);
    const volume = new Tensor(Float32Array.of(5), [1, 1, 1, 1, 1], 'float32');
    const [means] = compute([volume], (x) => [avgPool3d(x, 2, 1, 2)]);
    expect(means.dataSync()[0]).toBe(0);
    expect(Math.max(...means.dataSync())).toBe(5);
  });

  test('null stands for all axes', () => {
    const [y] = compute([one], (x) => [sum(x, null, true)]);
    expect(y.shape).toEqual([1]);
  });
});
