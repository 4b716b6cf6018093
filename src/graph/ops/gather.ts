// Rows of a table by their numbers: what embeddings do.

import { Opcode } from '../../../assembly/opcodes.ts';
import type { Emitter } from '../emitter.ts';
import type { Value } from '../graph.ts';
import type { KernelOp, Op } from '../op.ts';
import { asFloat } from './elementwise.ts';

/** The words of both commands: the table is read by one and made by the other. */
function emitRows(opcode: Opcode, indices: Value, table: Value, values: Value, emitter: Emitter): void {
  const [rows, width] = table.shape;
  const addresses = [indices, table, values].map((value) => emitter.address(value));
  emitter.command(opcode, ...addresses, indices.size, rows, width);
}

export const gatherOps = {
  /** y[i] = table[indices[i]]. */
  gather: {
    name: 'gather',
    kind: 'kernel',
    shape: ([indices, table]) => [...indices.shape, table.shape[1]],
    gradient: (dy, { inputs: [indices, table] }) => [undefined, scatterAdd(indices, dy, table.shape[0])],
    emit: (node, emitter) => emitRows(Opcode.gather, node.inputs[0], node.inputs[1], node, emitter),
  } satisfies KernelOp as KernelOp,

  /** table[r] = Σ values[i] over indices[i] = r. */
  scatterAdd: {
    name: 'scatterAdd',
    kind: 'kernel',
    shape: ([, values], { rows }) => [rows, values.shape[values.rank - 1]],
    gradient: (dy, { inputs: [indices] }) => [undefined, gather(dy, indices)],
    emit: (node, emitter) => emitRows(Opcode.scatterAdd, node.inputs[0], node, node.inputs[1], emitter),
  } satisfies Op<{ readonly rows: number }>,
};

/** Rows of a table [rows, width]: indices [...shape] → [...shape, width]. A row that does not exist is NaN. */
export const gather = (table: Value, indices: Value): Value =>
  table.graph.add(gatherOps.gather, [asFloat(indices), asFloat(table)], {});

/** A table of `rows` rows, each the sum of the values [...shape, width] whose index it is. */
export const scatterAdd = (indices: Value, values: Value, rows: number): Value =>
  values.graph.add(gatherOps.scatterAdd, [asFloat(indices), values], { rows });
