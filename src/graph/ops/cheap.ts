// Which arithmetic costs less to do again than to write and to read.

import type { LaneOp, Op, Value } from '../graph.ts';
import { broadcastingOps } from './broadcasting.ts';
import { elementwiseOps } from './elementwise.ts';

const cheapOps: ReadonlySet<Op> = new Set<LaneOp>([
  ...[elementwiseOps.neg, elementwiseOps.abs, elementwiseOps.sign, elementwiseOps.step],
  ...[elementwiseOps.square, elementwiseOps.relu, elementwiseOps.add, elementwiseOps.sub],
  ...[elementwiseOps.mul, elementwiseOps.max, elementwiseOps.min, elementwiseOps.greater],
  ...[elementwiseOps.greaterEqual, elementwiseOps.equal, elementwiseOps.notEqual, elementwiseOps.select],
  broadcastingOps.broadcastTo,
]);

/** Whether computing an element again takes no longer than keeping it. */
export const isCheap = ({ op }: Value): boolean => cheapOps.has(op);
