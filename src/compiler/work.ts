// Estimates of what running costs, in multiply-adds of a matrix product.

import type { Value } from '../graph/graph.ts';
import { isKernel } from '../graph/op.ts';
import { nodesOf, type Stage } from './fuse.ts';

/** What an element costs compared with a multiply-add of a matrix product. */
const elementWork = 8;

export const workOfStage = (stage: Stage): number =>
  nodesOf(stage).reduce((sum, node) => sum + workOf(node), 0);

/** What computing a node costs. */
export const workOf = (node: Value): number =>
  (isKernel(node) ? node.op.work?.(node) : undefined) ??
  elementWork * Math.max(node.size, ...node.inputs.map(({ size }) => size));
