// Long sums down columns, for threads: where columns are fewer than they could share, one command takes numbers of
// chunks of rows, and the next joins them, in the order in which one thread does.

import { ChunkStep, Layout } from '../../../assembly/opcodes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { type AxisRun, addressOf, type Lines, linesOf } from '../../graph/ops/lines.ts';
import type { Shape } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';

/** Columns that the kernels take at once. */
const stripe = 16;
/** Stripes from which threads have enough to share. */
const manyStripes = 32;

/** Where a command that sums columns reads and writes, as far as it does. */
interface ColumnSumPlaces {
  readonly inputs: readonly number[];
  readonly results: readonly number[];
  readonly step: ChunkStep;
  /** The numbers of chunks. */
  readonly table: number;
}

export interface ColumnSum {
  /** What does all in one command. */
  readonly op: KernelOp<AxisRun>;
  /** Numbers that are taken of each column of a chunk. */
  readonly numbers: number;
  readonly emit: (emitter: Emitter, lines: Lines, places: ColumnSumPlaces) => void;
}

interface Joined {
  readonly shape: Shape;
  readonly lines: Lines;
}

/** The rule that does a long sum in two commands, told whether threads share a node's. */
export function chunkRule({ op, numbers, emit }: ColumnSum) {
  const chunksOp: KernelOp<AxisRun> = {
    name: `${op.name}Chunks`,
    kind: 'kernel',
    shape: ([x], run) => {
      const { outer, length, inner } = linesOf(x, run);
      return [outer, Math.ceil(length / Layout.rowsOfSum), numbers, inner];
    },
    gradient: 'none',
    emit: (node, emitter) => {
      const lines = linesOf(node.inputs[0], node.attrs);
      const table = emitter.address(node as Value);
      emit(emitter, lines, {
        inputs: node.inputs.map((input) => addressOf(emitter, input, lines)),
        results: [0, 0],
        step: ChunkStep.take,
        table,
      });
    },
  };
  const joinOp: KernelOp<Joined> = {
    name: `${op.name}OfChunks`,
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    gradient: 'none',
    results: op.results && (({ shape }) => [shape]),
    emit: (node, emitter) => {
      const results = [emitter.address(node as Value), emitter.result(node as Value, 0)];
      const table = emitter.address(node.inputs[0]);
      emit(emitter, node.attrs.lines, { inputs: [0, 0], results, step: ChunkStep.join, table });
    },
  };
  return (isShared: (node: Value) => boolean): Rule =>
    rule([op], (node) => {
      const { graph, inputs, attrs, shape } = node;
      const lines = linesOf(inputs[0], attrs);
      const { outer, length, inner } = lines;
      const isLong = inner > 1 && length > Layout.rowsOfSum;
      if (!isLong || outer * Math.ceil(inner / stripe) >= manyStripes || !isShared(node as Value))
        return undefined;
      return graph.add(joinOp, [graph.add(chunksOp, inputs, attrs)], { shape, lines });
    });
}
