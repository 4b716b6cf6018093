// In which array a value's elements lie: an alias has its elements in another value's array.

import type { Value } from '../graph/graph.ts';

/** The node whose array a value's elements are in. */
export function root(value: Value): Value {
  return value.op.kind === 'alias' ? root(value.inputs[0]) : value;
}

/** Floats of the root's array that come before a value's first. */
export function offsetOf(value: Value): number {
  const { op, inputs } = value;
  return op.kind === 'alias' ? offsetOf(inputs[0]) + (op.offset?.(value) ?? 0) : 0;
}

/** Whether a value is a part of its root's array only. */
export const isPart = (value: Value): boolean => value.size < root(value).size;

/** Bytes of one element: of bytes one, of all else a word. */
export const elementBytes = ({ dtype }: Value): number => (dtype === 'uint8' ? 1 : 4);
