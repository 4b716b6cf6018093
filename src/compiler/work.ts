// Estimates of what running costs, in multiply-adds of a matrix product.

import type { Value } from '../graph/graph.ts';
import { isKernel } from '../graph/op.ts';

/** What an element costs compared with a multiply-add of a matrix product. */
const elementWork = 8;

/** What computing nodes costs. */
export function workOfAll(nodes: readonly Value[]): number {
  let work = 0;
  for (const node of nodes) work += workOf(node);
  return work;
}

/** What computing a node costs. */
export const workOf = (node: Value): number =>
  (isKernel(node) ? node.op.work?.(node) : undefined) ??
  elementWork * Math.max(node.size, ...node.inputs.map(({ size }) => size));
