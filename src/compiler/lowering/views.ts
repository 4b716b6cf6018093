// Where the elements of a value lie in the array that it was cut, transposed, repeated or renamed from.

import { changedBy, type Value, type View } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import type { Permutation } from '../../graph/ops/movement.ts';
import { parameterOp } from '../../graph/ops/sources.ts';
import { type Shape, stridesOf } from '../../graph/shape.ts';
import { overlap, root } from '../arrays.ts';

/** How many elements lie along an axis, and how far it is from one to the next. */
export type Axis = readonly [size: number, step: number];

/** What can be made of the first array, of those that a value was moved from, that something can be made of. */
export function inOrigin<T>(value: Value, make: (source: Value, view: View) => T | undefined): T | undefined {
  const origins = originsOf(value);
  for (let i = origins.length - 1; i > 0; i--) {
    const view = isAsRead(origins[i], origins[i - 1]) ? viewFrom(origins, i) : undefined;
    const made = view && make(origins[i], view);
    if (made) return made;
  }
  return undefined;
}

/** Whether a value is all of its input under another shape. */
export const isRenamed = ({ op, inputs, size }: Value): boolean =>
  op.kind === 'alias' && inputs[0].size === size;

/** A value, what it was moved from, and so on. */
function originsOf(value: Value): Value[] {
  const origins = [value];
  for (let last = value; isMoved(last); origins.push(last)) last = last.inputs[0];
  return origins;
}

/** How an op views its input, if all it does is move it. */
const viewRule = ({ op }: Value) => (op.kind === 'kernel' || op.kind === 'alias' ? op.view : undefined);

const isMoved = (value: Value): boolean =>
  value.size > 0 && (isRenamed(value) || viewRule(value) !== undefined);

/** Whether an array is still what it was when it was read: state may have been changed since then. */
function isAsRead(array: Value, reader: Value): boolean {
  const state = root(array);
  if (!isMadeBy(state, parameterOp)) return true;
  const changes = (effect: Value) =>
    changedBy(effect).some((storage) => overlap(storage, state.attrs.storage));
  return !array.graph.effects.some((effect) => effect.id >= reader.id && changes(effect));
}

/** Where the elements of the first of `origins` lie in the i-th; undefined where strides cannot say it. */
function viewFrom(origins: readonly Value[], i: number): View | undefined {
  let view: View | undefined = wholeOf(origins[i]);
  for (let j = i - 1; j >= 0 && view; j--) {
    const [node, input] = [origins[j], origins[j + 1]];
    const rule = viewRule(node);
    view = rule ? rule(node, view) : reshaped(input.shape, view, node.shape);
  }
  return view;
}

export const wholeOf = ({ shape }: Value): View => ({ address: 0, strides: stridesOf(shape) });

/** A view of the same elements under another shape; undefined where an axis of it would have no single stride. */
function reshaped(from: Shape, { address, strides }: View, to: Shape): View | undefined {
  const runs = runsOf(axesOf(from, strides));
  let [left, step] = [1, 1];
  const own = to.map(() => 0);
  for (let axis = to.length - 1; axis >= 0; axis--) {
    if (to[axis] === 1) continue;
    if (left === 1) [left, step] = runs.pop()!;
    if (left % to[axis] !== 0) return undefined;
    own[axis] = step;
    left /= to[axis];
    step *= to[axis];
  }
  return { address, strides: own };
}

export const axesOf = (shape: Shape, strides: readonly number[]): Axis[] =>
  shape.map((size, axis) => [size, strides[axis]] as const);

/** The same elements along as few axes as can be. */
export function runsOf(axes: readonly Axis[]): Axis[] {
  const runs: Axis[] = [];
  for (const [size, step] of axes) {
    const outer = runs.at(-1);
    if (size === 1) continue;
    if (outer?.[1] === size * step) runs[runs.length - 1] = [outer[0] * size, step];
    else runs.push([size, step]);
  }
  return runs;
}

/** Where the elements of what is transposed lie in the transposed array. */
export function transposedView({ inputs: [x], shape, attrs: { permutation } }: Value<Permutation>): View {
  const strides = stridesOf(shape);
  return { address: 0, strides: x.shape.map((_, axis) => strides[permutation.indexOf(axis)]) };
}
