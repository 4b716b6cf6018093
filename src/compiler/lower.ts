// Choices of the machine: the nodes that kernels compute, in place of those that say what is meant.

import type { Graph, Value } from '../graph/graph.ts';
import { sinkRule } from './lowering/broadcasts.ts';
import { columnRule } from './lowering/columns.ts';
import { convolutionRules, convolutionSharingRule } from './lowering/convolutions.ts';
import { depthwiseRules, depthwiseSharingRule } from './lowering/depthwise.ts';
import { joinRule } from './lowering/joins.ts';
import { blockRule, columnSumRule, productRules, productSharingRule } from './lowering/products.ts';
import { movedReductionRules } from './lowering/reductions.ts';
import { besideRules, columnSumSharingRules, varianceRule } from './lowering/statistics.ts';
import { winogradRules, winogradSharingRule } from './lowering/winograd.ts';
import { rewrite, type StandIns } from './rewrite.ts';
import { compositionRule } from './rules/compositions.ts';

const rules = [
  compositionRule,
  varianceRule,
  ...movedReductionRules,
  ...productRules,
  ...winogradRules,
  ...convolutionRules,
  ...depthwiseRules,
  columnRule,
  joinRule,
  sinkRule,
];
const fusedRules = [columnSumRule, ...besideRules];

/**
 * Rebuilds values, and all that they need, in another graph, as kernels compute them.
 * @param own values that must stay arrays of their own, because they will be given a place
 * @param isFused whether kernels compute what others could by themselves
 * @param isOnce whether it is no loop's body: what is the same in all rounds of one is done before them
 */
export const lower = (
  roots: readonly Value[],
  graph: Graph,
  own: Iterable<Value>,
  isFused: boolean,
  isOnce = true,
): StandIns =>
  rewrite(roots, [...(isFused ? fusedRules : []), ...(isOnce ? [blockRule] : []), ...rules], graph, own);

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
    productSharingRule,
    convolutionSharingRule,
    depthwiseSharingRule,
    winogradSharingRule,
    ...columnSumSharingRules,
  ];
  return rewrite(
    roots,
    sharingRules.map((ruleFor) => ruleFor(isShared)),
    graph,
    own,
  );
};
