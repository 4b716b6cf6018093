// Questions about nodes, by what their ops are.

import { hasEffect, type KernelValue, type LaneValue, type Op, type Value } from './graph.ts';

export const isLane = (value: Value): value is LaneValue => value.op.kind === 'lane';
export const isKernel = (value: Value): value is KernelValue => value.op.kind === 'kernel';

/** Whether a value is an array that the program computes, not one that is there, or an effect. */
export const isComputed = (value: Value): boolean => computedKinds.has(value.op.kind) && !hasEffect(value);

const computedKinds: ReadonlySet<Op['kind']> = new Set(['composed', 'meant', 'result', 'kernel', 'lane']);

/** Whether a value is made by `op`: the one question by which ops are told apart. */
export const isMadeBy = <A extends object, O extends Op<A>>(
  value: Value,
  op: O & Op<A>,
): value is Value<A> & { readonly op: O } => value.op === (op as Op);
