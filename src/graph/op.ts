// Questions about nodes, by what their ops are.

import { hasEffect, type KernelValue, type LaneValue, type Op, type Value } from './graph.ts';

export const isLane = (value: Value): value is LaneValue => value.op.kind === 'lane';
export const isKernel = (value: Value): value is KernelValue => value.op.kind === 'kernel';

/** Whether a value is an array that the program computes, not one that is there, or an effect. */
export const isComputed = (value: Value): boolean =>
  (value.op.kind === 'meant' || value.op.kind === 'result' || isKernel(value) || isLane(value)) &&
  !hasEffect(value);

/** Whether a value is made by `op`: the one question by which ops are told apart. */
export const isMadeBy = <A extends object, O extends Op<A>>(
  value: Value,
  op: O & Op<A>,
): value is Value<A> & { readonly op: O } => value.op === (op as Op);
