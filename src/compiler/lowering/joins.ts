// A concatenation of what element-wise nodes and products compute is computed where it lies: each writes its columns of
// the array, and nothing is copied.

import { Lane } from '../../../assembly/opcodes.ts';
import type { KernelOp, LaneOp, Value } from '../../graph/graph.ts';
import { isLane, isMadeBy } from '../../graph/op.ts';
import { movementOps } from '../../graph/ops/movement.ts';
import { type Shape, sizeOf } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';
import type { Columns } from './columns.ts';
import { asColumns } from './matrices.ts';
import { isWritable, onlyReadAs, type Product, productOp } from './products.ts';

/** Columns of an array, and what the columns of one array have in common, and no others. */
interface JoinedColumns extends Columns {
  readonly target: object;
}

/** Writes what it reads to some columns of an array. */
const intoColumnsOp: LaneOp<JoinedColumns> = {
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

/** Which columns a lane writes; undefined where it has an array of its own, or a register. */
export const columnsInto = (node: Value): Columns | undefined =>
  isMadeBy(node, intoColumnsOp) ? node.attrs : undefined;

/** What the columns of an array have in common, one of which a node writes; undefined where it has an array of its own. */
export const joinedTarget = (node: Value): object | undefined =>
  isMadeBy(node, intoColumnsOp) || isMadeBy(node, productOfColumnsOp) ? node.attrs.target : undefined;

/** The arrays among nodes that others write columns of, by what these have in common. */
export function joinedAmong(nodes: Iterable<Value>): Map<object, Value> {
  const joined = new Map<object, Value>();
  for (const node of nodes) if (isMadeBy(node, joinedOp)) joined.set(node.attrs.target, node);
  return joined;
}

/** A product that writes columns. It runs no epilogue: that goes through arrays as a whole. */
const productOfColumnsOp: KernelOp<Product & { readonly target: object }> = {
  ...productOp,
  hasEpilogue: false,
};

export const joinRule: Rule = rule(
  [movementOps.concat],
  ({ graph, inputs, attrs: { axis }, shape }, { readers }) => {
    const inner = sizeOf(shape.slice(axis + 1));
    const pitch = shape[axis] * inner;
    const target = {};
    /** What writes a part to columns. */
    const writer = (part: Value, columns: Columns): Value | undefined => {
      if (part.size === 0) return undefined;
      if (isLane(part)) return graph.add(intoColumnsOp, [part], { ...columns, target });
      const product = onlyReadAs(part, readers);
      const c = isMadeBy(product, productOp) ? asColumns(product.attrs.c, columns) : undefined;
      if (!c || !isWritable(c)) return undefined;
      return graph.add(productOfColumnsOp, product.inputs, { ...(product.attrs as Product), c, target });
    };
    let begin = 0;
    const writers: Value[] = [];
    for (const part of inputs) {
      const count = part.shape[axis] * inner;
      const node = writer(part, { begin, count, pitch });
      if (!node) return undefined;
      writers.push(node);
      begin += count;
    }
    return graph.add(joinedOp, writers, { shape, target });
  },
);
