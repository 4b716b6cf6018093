// A concatenation of what element-wise nodes compute is computed where it lies: each writes its columns of the array, and
// nothing is copied.

import { Lane } from '../../../assembly/opcodes.ts';
import type { KernelOp, LaneOp, Value } from '../../graph/graph.ts';
import { isLane, isMadeBy } from '../../graph/op.ts';
import { movementOps } from '../../graph/ops/movement.ts';
import { type Shape, sizeOf } from '../../graph/shape.ts';
import { type Rule, rules } from '../rewrite.ts';

export interface Columns {
  /** Elements of a row: before those that are written, those that are written, and all. */
  readonly begin: number;
  readonly count: number;
  readonly pitch: number;
  /** What the columns of one array have in common, and no others. */
  readonly target: object;
}

/** Writes what it reads to some columns of an array. */
const intoColumnsOp: LaneOp<Columns> = {
  name: 'intoColumns',
  kind: 'lane',
  lane: Lane.intoColumns,
  gradient: 'none',
  shape: ([x]) => x.shape,
  dtype: ([x]) => x.dtype,
};

interface Joined {
  readonly shape: Shape;
  readonly target: object;
}

/** The array. It has no commands: its place is taken when the first of its columns is computed. Inputs: its columns. */
const joinedOp: KernelOp<Joined> = {
  name: 'joined',
  kind: 'kernel',
  gradient: 'none',
  shape: (_, { shape }) => shape,
  dtype: ([x]) => x.dtype,
  work: () => 0,
  emit: () => {},
};

/** Which columns a node writes; undefined where it has an array of its own, or a register. */
export const columnsInto = (node: Value): Columns | undefined =>
  isMadeBy(node, intoColumnsOp) ? node.attrs : undefined;

/** The arrays among nodes that others write columns of, by what these have in common. */
export const joinedAmong = (nodes: Iterable<Value>): Map<object, Value> =>
  new Map([...nodes].flatMap((node) => (isMadeBy(node, joinedOp) ? [[node.attrs.target, node]] : [])));

export const joinRules: readonly Rule[] = rules([movementOps.concat], ({ graph, inputs, attrs, shape }) => {
  if (!inputs.every((part) => isLane(part) && part.size > 0)) return undefined;
  const inner = sizeOf(shape.slice(attrs.axis + 1));
  const pitch = shape[attrs.axis] * inner;
  const target = {};
  let begin = 0;
  const columns = inputs.map((part) => {
    const count = part.shape[attrs.axis] * inner;
    const into = graph.add(intoColumnsOp, [part], { begin, count, pitch, target });
    begin += count;
    return into as Value;
  });
  return graph.add(joinedOp, columns, { shape, target });
});
