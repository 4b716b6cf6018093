// Arithmetic with an array of zeros is done when the graph is built.

import { expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { isZeros, zeros } from '../../src/graph/ops/movement.ts';
import { constant, input } from '../../src/graph/ops/sources.ts';

const graph = new Graph();
const x = input(graph, 0, [2, 3]);
const zero = zeros(graph, [2, 3]);

test('x + 0 is x, on both sides', () => {
  expect(add(x, zero)).toBe(x);
  expect(add(zero, x)).toBe(x);
});

test('a sum that is larger than x is none', () => {
  const row = input(graph, 1, [3]);
  expect(add(row, zero).op.name).toBe('add');
  expect(add(row, zero).shape).toEqual([2, 3]);
});

test('products with zeros are zeros of their shape', () => {
  const products = [
    mul(zero, x),
    mul(x, 0.5),
    mul(zeros(graph, [3]), x),
    matMul(zero, input(graph, 2, [3, 5])),
  ];
  expect(products.map(isZeros)).toEqual([true, false, true, true]);
  expect(products.map(({ shape }) => shape)).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
    [2, 5],
  ]);
});

test('a product with zeros still must fit', () => {
  expect(() => matMul(zero, input(graph, 3, [2, 5]))).toThrow('matMul: inner sizes 3 and 2 differ');
});

test('a weight of 0 is no array of zeros: gradients go on', () => {
  expect(isZeros(mul(x, constant(graph, [0])))).toBe(false);
});
