// Choices of the machine: the nodes that kernels compute, in place of those that say what is meant.

import type { Graph, Value } from '../graph/graph.ts';
import { sinkRules } from './lowering/broadcasts.ts';
import { columnRules } from './lowering/columns.ts';
import { convolutionRules, convolutionSharingRules } from './lowering/convolutions.ts';
import { depthwiseRules, depthwiseSharingRules } from './lowering/depthwise.ts';
import { joinRules } from './lowering/joins.ts';
import { columnSumRules, productRules, productSharingRules } from './lowering/products.ts';
import { movedReductionRules } from './lowering/reductions.ts';
import { besideRules, columnSumSharingRules, varianceRules } from './lowering/statistics.ts';
import { winogradRules, winogradSharingRules } from './lowering/winograd.ts';
import { rewrite, type StandIns } from './rewrite.ts';
import { compositionRules } from './rules/compositions.ts';

const rules = [
  ...compositionRules,
  ...varianceRules,
  ...movedReductionRules,
  ...productRules,
  ...winogradRules,
  ...convolutionRules,
  ...depthwiseRules,
  ...columnRules,
  ...joinRules,
  ...sinkRules,
];
const fusedRules = [...columnSumRules, ...besideRules, ...rules];

/**
 * Rebuilds values, and all that they need, in another graph, as kernels compute them.
 * @param own values that must stay arrays of their own, because they will be given a place
 * @param isFused whether kernels compute what others could by themselves
 */
export const lower = (
  roots: readonly Value[],
  graph: Graph,
  own: Iterable<Value>,
  isFused: boolean,
): StandIns => rewrite(roots, isFused ? fusedRules : rules, graph, own);

/**
 * Rebuilds what is lowered for a program that threads share.
 * @param isShared whether they share a node's commands
 */
export const share = (
  roots: readonly Value[],
  graph: Graph,
  isShared: (node: Value) => boolean,
  own?: Iterable<Value>,
): StandIns => {
  const sharingRules = [
    productSharingRules,
    convolutionSharingRules,
    depthwiseSharingRules,
    winogradSharingRules,
    ...columnSumSharingRules,
  ];
  return rewrite(
    roots,
    sharingRules.flatMap((rulesFor) => rulesFor(isShared)),
    graph,
    own,
  );
};
