// Estimates of what running costs, in multiply-adds of a matrix product.

import type { Value } from '../graph/graph.ts';

/** What an element costs compared with a multiply-add of a matrix product. */
const elementWork = 8;

export const workOf = (nodes: readonly Value[]): number =>
  nodes.reduce((sum, node) => sum + workOfNode(node), 0);

const workOfNode = (node: Value): number =>
  node.op.work?.(node) ?? elementWork * Math.max(node.size, ...node.inputs.map(({ size }) => size));
