// Slices that element-wise nodes read are read where they lie: of each row of an array some neighbours, which need no
// copy and no command.

import { Lane } from '../../../assembly/opcodes.ts';
import type { LaneOp, Value } from '../../graph/graph.ts';
import { isLane, isMadeBy } from '../../graph/op.ts';
import { movementOps } from '../../graph/ops/movement.ts';
import { type Shape, sizeOf } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';

/** Some neighbours of each row of an array. */
export interface Columns {
  /** Elements of a row: before those that are meant, those that are meant, and all. */
  readonly begin: number;
  readonly count: number;
  readonly pitch: number;
}

interface ColumnsRead extends Columns {
  readonly shape: Shape;
}

const columnsOp: LaneOp<ColumnsRead> = {
  name: 'columns',
  kind: 'lane',
  lane: Lane.copy,
  gradient: 'none',
  shape: (_, { shape }) => shape,
  dtype: ([x]) => x.dtype,
};

/** Which columns of its input a node reads; undefined where it reads inputs as they are. */
export const columnsOf = (node: Value): Columns | undefined =>
  isMadeBy(node, columnsOp) ? node.attrs : undefined;

export const columnRule: Rule = rule([movementOps.slice], (node, { original, readersOf }) => {
  const { inputs, shape, attrs } = node;
  const [x] = inputs;
  const [axis, ...others] = shape.flatMap((size, i) => (size === x.shape[i] ? [] : [i]));
  const readers = readersOf(original);
  if (others.length > 0 || readers.length === 0 || !readers.every(isLane)) return undefined;
  const inner = sizeOf(shape.slice(axis + 1));
  const [begin, count, pitch] = [attrs.begin[axis], shape[axis], x.shape[axis]].map((size) => size * inner);
  return x.graph.add(columnsOp, [x], { shape, begin, count, pitch });
});
