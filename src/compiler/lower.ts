// Choices of the machine: the nodes that kernels compute, in place of those that say what is meant.

import type { Graph, Value } from '../graph/graph.ts';
import { type Rule, rewrite, type StandIns } from './rewrite.ts';
import { sinkRules } from './rules/sink-broadcasts.ts';

const rules: readonly Rule[] = [...sinkRules];

/**
 * Rebuilds values, and all that they need, in another graph, as kernels compute them.
 * @param own values that must stay arrays of their own, because they will be given a place
 */
export const lower = (roots: readonly Value[], graph: Graph, own?: Iterable<Value>): StandIns =>
  rewrite(roots, rules, graph, own);
