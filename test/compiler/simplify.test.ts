// Simplifying: what each rule puts in a node's place, that numbers stay, and that what was given stays as it was.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { prune } from '../../src/compiler/prune.ts';
import { rewrite, rule } from '../../src/compiler/rewrite.ts';
import { simplify } from '../../src/compiler/simplify.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { broadcastTo, isZeros, sum, zeros } from '../../src/graph/ops/broadcasting.ts';
import { conv2d } from '../../src/graph/ops/convolution.ts';
import {
  abs,
  add,
  div,
  elementwiseOps,
  exp,
  mul,
  neg,
  pow,
  relu,
  sqrt,
  square,
  sub,
} from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { constant, input, knownScalar } from '../../src/graph/ops/sources.ts';
import { averagePool2d, maxPool2d, type Pool } from '../../src/graph/ops/window-folds.ts';
import { tensor } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

const simplified = (value: Value): Value => simplify([value], new Graph())(value);
const opsOf = (value: Value) => prune([simplified(value)]).map(({ op }) => op.name);

describe('arithmetic', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2, 3]);
  const zero = zeros(graph, [2, 3]);
  const [half, one] = [0.5, 1].map((number) => constant(graph, [number]));

  test.each([
    ['x + 0', add(x, 0)],
    ['0 + x', add(0, x)],
    ['x + −0', add(x, -0)],
    ['−0 + x', add(-0, x)],
    ['x + zeros', add(x, zero)],
    ['zeros + x', add(zero, x)],
    ['x − 0', sub(x, 0)],
    ['x·1', mul(x, 1)],
    ['1·x', mul(1, x)],
    ['x / 1', div(x, 1)],
    ['x·1 + 0', add(mul(x, one), 0)],
  ])('%s is x', (_, y) => {
    expect(opsOf(y)).toEqual(['input']);
  });

  test.each([
    ['0 − x', sub(0, x)],
    ['1 / x', div(1, x)],
    ['x·0: what is infinite must show', mul(x, constant(graph, [0]))],
    ['x − −0', sub(x, -0)],
  ])('%s stays', (_, y) => {
    expect(simplified(y).op).toBe(y.op);
  });

  test('a sum that is larger than x is none', () => {
    const y = simplified(add(input(graph, 1, [3]), zero));
    expect([y.op.name, y.shape]).toEqual(['add', [2, 3]]);
  });

  test('numbers that are known are computed once', () => {
    expect(knownScalar(simplified(neg(constant(graph, [0.1]))))).toBe(Math.fround(-0.1));
    expect(knownScalar(simplified(div(sub(1, half), add(one, one))))).toBe(0.25);
  });

  test.each<[string, (a: Value, b: Value) => Value, number]>([
    ['add', (a, b) => add(a, b), -1.75],
    ['sub', (a, b) => sub(a, b), -2.75],
    ['mul', (a, b) => mul(a, b), -1.125],
    ['div', (a, b) => div(a, b), -4.5],
    ['neg', (a) => neg(a), 2.25],
    ['abs', (a) => abs(a), 2.25],
    ['square', (a) => square(a), 5.0625],
    ['sqrt', (a) => sqrt(neg(a)), 1.5],
  ])('%s of numbers', (_, build, expected) => {
    const y = build(constant(graph, [-2.25]), constant(graph, [0.5]));
    expect(knownScalar(simplified(y))).toBe(expected);
  });

  test('so are they where they are spread out', () => {
    const spread = broadcastTo(constant(graph, [0.2]), [5, 1]);
    expect(opsOf(div(neg(spread), broadcastTo(constant(graph, [2]), [5, 3])))).toEqual([
      'constant',
      'broadcastTo',
    ]);
  });

  test('what is raised to 2 is squared', () => expect(opsOf(pow(x, 2))).toEqual(['input', 'square']));
  test('but not where there are more exponents than bases', () => {
    const y = simplified(pow(input(graph, 2, [3]), broadcastTo(constant(graph, [2]), [2, 3])));
    expect([y.op.name, y.shape]).toEqual(['pow', [2, 3]]);
  });

  test('products with zeros are zeros of their shape', () => {
    const products = [mul(zero, x), mul(zeros(graph, [3]), x), matMul(zero, input(graph, 2, [3, 5]))];
    expect(products.map(simplified).map(isZeros)).toEqual([true, true, true]);
    expect(products.map(simplified).map(({ shape }) => shape)).toEqual([
      [2, 3],
      [2, 3],
      [2, 5],
    ]);
    expect(isZeros(simplified(mul(x, 0.5)))).toBe(false);
  });

  test('zeros go away in gradients too', () => {
    const w = input(graph, 4, [3, 3]);
    const y = simplified(sum(add(matMul(zero, w), x)));
    const [source] = prune([y]);
    expect(opsOf(differentiate(y, [source])[0]!)).toEqual(['constant', 'reshape', 'broadcastTo']);
  });
});

describe('windows and products', () => {
  const pool: Pool = { size: [3, 2], strides: [2, 1], padding: [1, 1, 0, 1], dilation: [1, 1] };
  const ramp = (shape: number[]) =>
    tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 37) % 101) / 64),
      shape,
    );
  const poolGradient = (build: typeof maxPool2d, images: Value, dy: Value) =>
    differentiate(sum(mul(build(images, pool), dy)), [images])[0]!;

  test.each([
    ['maxPool2d', maxPool2d],
    ['averagePool2d', averagePool2d],
  ])('sums of the gradient of %s are those of what the pool was given', (_, build) => {
    const [dx, sums] = compute([ramp([2, 5, 4, 3]), ramp([2, 3, 4, 3])], (images, dy) => {
      const dImages = poolGradient(build, images, dy);
      return [dImages, sum(dImages, [0, 1, 2])];
    });
    for (const channel of [0, 1, 2]) {
      const values = Array.from(dx.dataSync()).filter((_, i) => i % 3 === channel);
      expect(sums.dataSync()[channel]).toBeCloseTo(
        values.reduce((a, b) => a + b),
        4,
      );
    }
  });

  test('only where all axes but the last are summed', () => {
    const graph = new Graph();
    const [images, dy] = [input(graph, 0, [2, 5, 4, 3]), input(graph, 1, [2, 3, 4, 3])];
    const dx = poolGradient(maxPool2d, images, dy);
    expect(opsOf(sum(dx, [0, 1, 2]))).not.toContain('maxPool2dGradient');
    for (const axes of [[0, 1], [1, 2], [1, 2, 3], undefined]) {
      expect(opsOf(sum(dx, axes))).toContain('maxPool2dGradient');
    }
    // An axis of one element is summed as it is.
    const one = poolGradient(maxPool2d, input(graph, 2, [1, 5, 4, 3]), input(graph, 3, [1, 3, 4, 3]));
    expect(opsOf(sum(one, [1, 2]))).not.toContain('maxPool2dGradient');
  });

  test('axes of one element between those that are summed need no transpose', () => {
    const x = input(new Graph(), 0, [3, 1, 5, 4]);
    expect(opsOf(sum(x, [0, 2]))).not.toContain('transpose');
    const apart = input(new Graph(), 0, [3, 2, 5, 4]);
    expect(opsOf(sum(apart, [0, 2]))).toContain('transpose');
  });

  test('a convolution of single pixels is a product, as are its gradients', () => {
    const graph = new Graph();
    const [x, w] = [input(graph, 0, [2, 3, 2, 5]), input(graph, 1, [1, 1, 5, 4])];
    const y = conv2d(x, w);
    expect(opsOf(y)).toContain('matMul');
    const dy = input(graph, 2, y.shape);
    for (const gradient of differentiate(sum(mul(y, dy)), [x, w])) {
      expect(opsOf(gradient!).filter((name) => name.startsWith('conv'))).toEqual([]);
    }
    expect(opsOf(conv2d(x, w, { strides: [2, 1] }))).toContain('conv2d');
  });

  test('a convolution of nothing is zeros, as are its gradients', () => {
    const graph = new Graph();
    const [x, w] = [input(graph, 0, [0, 3, 3, 5]), input(graph, 1, [2, 2, 5, 4])];
    const y = conv2d(x, w);
    const dy = input(graph, 2, y.shape);
    for (const value of [y, ...differentiate(sum(mul(y, dy)), [x, w])]) {
      expect(opsOf(value!).filter((name) => name.startsWith('conv'))).toEqual([]);
    }
  });

  test('a pool and a relu change places where the pool alone reads the relu', () => {
    const x = input(new Graph(), 0, [1, 6, 4, 2]);
    const pooled = maxPool2d(relu(x), pool);
    expect(simplified(pooled).op).toBe(elementwiseOps.relu);
    const both = [pooled, exp(relu(x))];
    expect(simplify(both, new Graph())(pooled).op).toBe(pooled.op);
  });
});

test('a rule is added in one place: e^0 is 1', () => {
  const graph = new Graph();
  const y = add(exp(zeros(graph, [2])), input(graph, 0, [2]));
  const ofZeros = rule([elementwiseOps.exp], ({ inputs: [x], shape }) =>
    isZeros(x) ? broadcastTo(constant(x.graph, [1]), shape) : undefined,
  );
  const rebuilt = rewrite([y], [ofZeros], new Graph())(y);
  expect(prune([rebuilt]).map(({ op }) => op.name)).toEqual(['constant', 'broadcastTo', 'input', 'add']);
});

test('compiling leaves the graph as it was', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2, 3]);
  const y = relu(add(mul(x, 1), broadcastTo(constant(graph, [2]), [2, 3])));
  const before = graph.nodes.map(({ op, inputs }) => ({ op, inputs: [...inputs] }));
  new Program([y]).dispose();
  expect(graph.nodes.map(({ op, inputs }) => ({ op, inputs: [...inputs] }))).toEqual(before);
});

test('arrays that will be given places stay apart where rules make them one', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2]);
  const [a, b] = [add(exp(x), 0), mul(exp(x), 1)];
  const standIn = simplify([a, b], new Graph(), [a, b]);
  expect(standIn(a)).not.toBe(standIn(b));
  const parameterless = mul(x, 1);
  expect(simplify([parameterless], new Graph(), [parameterless])(parameterless).op).toBe(
    elementwiseOps.identity,
  );
});
