// What kernels are taken to cost, by which programs decide whether threads share them: multiply-adds.

import { expect, test } from 'vitest';
import { lower } from '../../src/compiler/lower.ts';
import { prune } from '../../src/compiler/prune.ts';
import { lowered } from '../../src/compiler/stages.ts';
import { workOf } from '../../src/compiler/work.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { isKernel } from '../../src/graph/op.ts';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../../src/graph/ops/convolution.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { depthwiseConv2d, windowFoldOps } from '../../src/graph/ops/window-folds.ts';
import { formatShape } from '../../src/graph/shape.ts';
import { opCases } from '../graph/op-cases.ts';

const window = { strides: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;
const grouped = { ...window, groups: 2 };
const { depthwiseConv2dInputGradient, depthwiseConv2dFilterGradient } = windowFoldOps;

const graph = new Graph();
const images = input(graph, 0, [2, 8, 9, 4]);
const outputs = input(graph, 1, [2, 8, 9, 6]);
const filters = input(graph, 2, [3, 3, 2, 6]);
const own = input(graph, 3, [3, 3, 4, 1]);
const halved = input(graph, 6, [2, 4, 5, 4]);
const [a, b] = [input(graph, 4, [30, 40]), input(graph, 5, [50, 40])];

const pixels = 2 * 8 * 9;

test.each<[string, Value, number]>([
  ['matMul', matMul(a, b, false, true), 30 * 40 * 50],
  ['conv2d', conv2d(images, filters, grouped), pixels * 6 * 9 * 2],
  ['conv2dInputGradient', conv2dInputGradient(outputs, filters, images.shape, grouped), pixels * 6 * 9 * 2],
  ['conv2dFilterGradient', conv2dFilterGradient(images, outputs, filters.shape, grouped), pixels * 6 * 9 * 2],
  ['depthwiseConv2d', depthwiseConv2d(images, own, window), pixels * 4 * 9],
  [
    'depthwiseConv2dInputGradient',
    graph.add(depthwiseConv2dInputGradient, [halved, own], {
      ...window,
      strides: [2, 2],
      shape: images.shape,
    }),
    halved.size * 9,
  ],
  [
    'depthwiseConv2dFilterGradient',
    graph.add(depthwiseConv2dFilterGradient, [images, images], { ...window, shape: own.shape }),
    pixels * 4 * 9,
  ],
])('%s', (name, value, expected) => {
  const nodes = prune([lower([value], new Graph(), [], true)(value)]);
  expect(nodes.filter(({ op }) => op.name === name).map(workOf)).toEqual([expected]);
});

test('kernels of every op', () => {
  const largest = new Map<string, { size: number; line: string }>();
  for (const { op, shapes, build } of opCases) {
    const own = new Graph();
    const y = build(...shapes.map((shape, i) => input(own, i, shape)));
    const nodes = prune([lower([y], new Graph(), [], true)(y)]).filter(isKernel);
    const size = nodes.reduce((sum, node) => sum + node.size, 0);
    const costs = nodes.map((node) => `${node.op.name} ${workOf(node)}`).join(', ');
    if (nodes.length === 0) continue;
    const line = `${op} of ${shapes.map(formatShape).join(' ')}: ${costs}`;
    if (size >= (largest.get(op)?.size ?? 0)) largest.set(op, { size, line });
  }
  expect([...largest.values()].map(({ line }) => line).join('\n')).toMatchSnapshot();
});

test('a program has the work of all that it does, so often as it does it', () => {
  const asked: number[] = [];
  const machine = {
    isFused: true,
    isSharing: true,
    isProgramShared: (work: number) => asked.push(work) === 0,
    threadsFor: () => 1,
  };
  const product = matMul(a, b, false, true);
  for (const times of [1, 3]) lowered([product, matMul(product, b)], [], machine, times);
  const [once, thrice] = asked;
  expect(once).toBeGreaterThan(2 * 30 * 40 * 50);
  expect(thrice).toBe(3 * once);
});
