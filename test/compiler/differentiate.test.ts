// Which ways gradients take, and where they are cut to zero that are hardly anything: after every sixteen products on
// their way back, at the next arithmetic of elements; of ways of several lengths the longest counts, and what was cut least.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { prune } from '../../src/compiler/prune.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul, square, step, tanh } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input, stopGradient } from '../../src/graph/ops/sources.ts';

const graphOf = () => {
  const graph = new Graph();
  const [x, w] = [0, 1].map((i) => input(graph, i, [3, 3]));
  return { x, w };
};

/** x through so many products, or products and their activations. */
function through(x: Value, w: Value, count: number, isActivated: boolean): Value {
  let y = x;
  for (let i = 0; i < count; i++) y = isActivated ? tanh(matMul(y, w)) : matMul(y, w);
  return y;
}

const opsOf = (value: Value) => prune([value]).map(({ op }) => op.name);

/** How often the gradient of Σy by x is cut. */
function cutsOf(y: Value, x: Value): number {
  const [gradient] = differentiate(sum(y), [x]);
  return opsOf(gradient!).filter((name) => name === 'cut').length;
}

test.each([
  [16, 0],
  [17, 1],
  [32, 1],
  [33, 2],
  [49, 3],
])('on %i products and their activations: cut %i times', (count, cuts) => {
  const { x, w } = graphOf();
  expect(cutsOf(through(x, w, count, true), x)).toBe(cuts);
});

test.each([
  [15, 0],
  [16, 1],
  [40, 1],
])('on %i products of what was activated once: cut %i times', (count, cuts) => {
  const { x, w } = graphOf();
  expect(cutsOf(through(tanh(x), w, count, false), x)).toBe(cuts);
  // Without arithmetic of elements there is no map to do it in.
  expect(cutsOf(through(x, w, count, false), x)).toBe(0);
});

describe('where two ways meet', () => {
  test.each([
    ['the longer counts', 16, false, 1],
    ['neither is long', 15, false, 0],
    // Once on the way of 18 products, once where it meets the one that was never cut.
    ['what was cut is cut with what was not', 18, true, 2],
  ] as const)('%s', (_, count, isActivated, cuts) => {
    // Either way may be the one that the backward pass comes back by first.
    for (const isLongFirst of [true, false]) {
      const { x, w } = graphOf();
      const h = tanh(x);
      const ways = [() => through(h, w, count, isActivated), () => tanh(h)];
      const [first, second] = (isLongFirst ? ways : ways.reverse()).map((way) => way());
      expect(cutsOf(add(first, second), x)).toBe(cuts);
    }
  });
});

test('gradients are taken of scalars', () => {
  const { x } = graphOf();
  expect(() => differentiate(x, [x])).toThrow('gradients are taken of a scalar; got shape [3,3].');
});

test('what a scalar does not depend on has no gradient, and is not computed', () => {
  const { x, w } = graphOf();
  expect(differentiate(sum(tanh(x)), [w, x]).map((each) => each?.shape)).toEqual([undefined, [3, 3]]);
});

describe('on ways that no gradient takes nothing is built', () => {
  const none = () => false;
  test.each<[string, (x: Value) => Value, (node: Value) => boolean]>([
    ['of another input', (x) => tanh(input(x.graph, 1, [3])), none],
    ['behind what is stopped', (x) => tanh(stopGradient(x)), none],
    ['behind steps', (x) => tanh(step(x)), none],
    ['behind what is constant', (x) => square(tanh(x)), ({ op }) => op.name === 'tanh'],
  ])('%s', (_, build, isConstant) => {
    const x = input(new Graph(), 0, [3]);
    const y = sum(build(x));
    const before = x.graph.nodes.length;
    expect(differentiate(y, [x], isConstant)).toEqual([undefined]);
    // The gradient of y itself, which is 1.
    expect(x.graph.nodes.slice(before).map(({ op }) => op.name)).toEqual(['constant']);
  });

  test('and others have theirs', () => {
    const x = input(new Graph(), 0, [3]);
    const y = sum(add(tanh(x), mul(x, 3)));
    const [gradient] = differentiate(y, [x], ({ op }) => op.name === 'tanh');
    const [alone] = differentiate(sum(mul(x, 3)), [x]);
    expect(opsOf(gradient!)).toEqual(opsOf(alone!));
  });
});
