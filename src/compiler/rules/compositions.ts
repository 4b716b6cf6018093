// What is composed is computed as the nodes that it is composed of.

import { type Rule, ruleForKind } from '../rewrite.ts';

export const compositionRule: Rule = ruleForKind('composed', (node) => node.op.form(node).value);
