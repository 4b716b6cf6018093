// In which array a value's elements lie: an alias has its elements in another value's array. And in which bytes state
// does.

import { floatBytes } from '../bytes.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shape.ts';

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

/** Whether ranges of memory that outlives programs have bytes in common. */
export const overlap = (a: Storage, b: Storage): boolean =>
  a.block === b.block &&
  a.offset < b.offset + floatBytes * sizeOf(b.shape) &&
  b.offset < a.offset + floatBytes * sizeOf(a.shape);
