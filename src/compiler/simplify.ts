// What can be said with less arithmetic, or on fewer elements, with the same numbers, or those that a rule says it leaves
// out. A new rule goes into one of the files in rules/.

import type { Graph, Value } from '../graph/graph.ts';
import { rewrite, type StandIns } from './rewrite.ts';
import { arithmeticRules } from './rules/arithmetic.ts';
import { compositionRule } from './rules/compositions.ts';
import { productRules } from './rules/products.ts';
import { sumRule } from './rules/sums.ts';
import { windowRules } from './rules/windows.ts';

const rules = [compositionRule, ...arithmeticRules, ...productRules, sumRule, ...windowRules];

/**
 * Rebuilds values, and all that they need, in another graph, simpler where a rule knows how. It runs before gradients
 * are taken, so that these are of what is simpler, and again on all that a program computes.
 * @param own values that must stay arrays of their own, because they will be given a place
 */
export const simplify = (roots: readonly Value[], graph: Graph, own?: Iterable<Value>): StandIns =>
  rewrite(roots, rules, graph, own);
