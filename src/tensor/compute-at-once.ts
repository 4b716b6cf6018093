// Nodes that have their numbers as they are made: what shows tensors that have theirs, or a part of them, or joins them,
// and numbers by themselves.

import type { Op } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { movementOps } from '../graph/ops/movement.ts';
import { constantOp } from '../graph/ops/sources.ts';
import { sizeOf } from '../graph/shape.ts';
import { allocate, convert, type TypedArray } from './data-type.ts';
import type { Deferred } from './deferred.ts';
import { joinedAtOnce } from './join-at-once.ts';
import { isConstantNow, remember } from './tape.ts';

/** Whether a node shows its input, or a part of it. */
export const isView = ({ op }: Deferred): boolean =>
  op.kind === 'alias' || op === (movementOps.slice as unknown as Op);

/** Gives a node its numbers, if it needs no program for them. */
export const computeAtOnce = (node: Deferred): boolean =>
  isView(node) ? computeView(node) : computeJoined(node) || computeNumber(node);

/** Gives a view the numbers that what it shows got after it was made: parts that are read one by one need no program each. */
export const computeLate = (node: Deferred): boolean =>
  node.numbers !== undefined ||
  (isView(node) && computeLate(node.inputs[0] as Deferred) && computeView(node));

/** A view of numbers that are there shares them; other parts of them are copied, which is faster than a program. */
function computeView(node: Deferred): boolean {
  const { op, inputs } = node;
  const [source] = inputs as readonly Deferred[];
  const { numbers } = source;
  if (!numbers) return false;
  source.requireNumbers();
  if (op.kind === 'alias' && node.dtype !== source.dtype) {
    node.setNumbers(convert(op.name, numbers, node.dtype));
  } else if (op.kind === 'alias') {
    const start = op.offset?.(node) ?? 0;
    const isWhole = node.size === numbers.length;
    if (isWhole) node.show(source, numbers, source.arrayId);
    else node.show(source, numbers.subarray(start, start + node.size) as TypedArray);
  } else {
    node.setNumbers(copyBox(numbers, source.shape, node));
  }
  // A batch that a step cuts out of its data is data: the step at another place is the same.
  if (isConstantNow(source)) node.forget();
  else remember(node);
  return true;
}

/** The numbers of a box within an array. */
function copyBox(numbers: TypedArray, shape: readonly number[], node: Deferred): TypedArray {
  const { begin, size } = node.attrs as { begin: readonly number[]; size: readonly number[] };
  const result = allocate(node.dtype, node.size);
  let written = 0;
  const copy = (axis: number, offset: number): void => {
    const stride = sizeOf(shape.slice(axis + 1));
    const first = offset + begin[axis] * stride;
    if (axis === shape.length - 1) {
      result.set(numbers.subarray(first, first + size[axis]), written);
      written += size[axis];
    } else {
      for (let i = 0; i < size[axis]; i++) copy(axis + 1, first + i * stride);
    }
  };
  copy(0, 0);
  return result;
}

function computeJoined(node: Deferred): boolean {
  const numbers = joinedAtOnce(node);
  if (!numbers) return false;
  node.setNumbers(numbers);
  remember(node);
  return true;
}

/**
 * A number within a function goes into its program as one beside it does: the program of one is that of all. Whole numbers
 * stay in the program: most follow from shapes, and rules look for some.
 */
function computeNumber(node: Deferred): boolean {
  if (!isMadeBy(node, constantOp) || node.size !== 1 || Number.isInteger(node.attrs.data[0])) return false;
  node.setNumbers(convert(node.op.name, node.attrs.data, node.dtype));
  node.forget();
  return true;
}
