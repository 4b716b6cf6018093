// What is composed is computed as the nodes that it is composed of.

import { type Rule, ruleForAll } from '../rewrite.ts';

export const compositionRules: readonly Rule[] = [
  ruleForAll((node) => (node.op.kind === 'composed' ? node.op.form(node).value : undefined)),
];
