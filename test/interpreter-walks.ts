// How the interpreter goes over arrays: what its rules are made of.

import type { Value } from '../src/graph/graph.ts';
import { indexAt, sizeOf, stridesOf } from '../src/graph/shape.ts';

export type Numbers = Float64Array;
export type Rule = (node: Value, inputs: readonly Numbers[]) => Numbers;

/** Calls `visit` with the place in the flat array and the index along every axis. */
export function eachIndex(
  shape: readonly number[],
  visit: (flat: number, index: readonly number[]) => void,
): void {
  const strides = stridesOf(shape);
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    visit(flat, indexAt(flat, shape, strides));
  }
}

/** Place in an operand's flat array that an index of the (larger) result reads. */
function broadcastIndex(shape: readonly number[], index: readonly number[]): number {
  const strides = stridesOf(shape);
  const offset = index.length - shape.length;
  return shape.reduce(
    (flat, size, axis) => flat + (size === 1 ? 0 : index[axis + offset] * strides[axis]),
    0,
  );
}

export const lanes =
  (apply: (...values: number[]) => number): Rule =>
  (node, inputs) => {
    const result = new Float64Array(node.size);
    eachIndex(node.shape, (flat, index) => {
      result[flat] = apply(...inputs.map((x, i) => x[broadcastIndex(node.inputs[i].shape, index)]));
    });
    return result;
  };

/** Result element by element, from the index along every axis. */
export const byIndex =
  (element: (node: Value, inputs: readonly Numbers[], index: readonly number[]) => number): Rule =>
  (node, inputs) => {
    const result = new Float64Array(node.size);
    eachIndex(node.shape, (flat, index) => {
      result[flat] = element(node, inputs, index);
    });
    return result;
  };

export const at = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((flat, i, axis) => flat * shape[axis] + i, 0);
