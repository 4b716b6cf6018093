// Element-wise nodes read what a broadcast repeats in place of the repeated array, which then need not exist.

import type { Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps } from '../../graph/ops/broadcasting.ts';
import { broadcastAccess } from '../../graph/shape.ts';
import { root } from '../arrays.ts';
import { type Rule, ruleForKind } from '../rewrite.ts';
import { columnsOf } from './columns.ts';

export const sinkRule: Rule = ruleForKind('lane', (node) => {
  if (columnsOf(node)) return undefined;
  const sources = node.inputs.map((input) => repeatedBy(input, node));
  if (sources.every((source) => source === undefined)) return undefined;
  return node.graph.rebuild(
    node,
    node.inputs.map((input, i) => sources[i] ?? input),
  );
});

/** What a broadcast repeats, if `reader` can read it in place: a single element under any shape it was given. */
function repeatedBy(input: Value, reader: Value): Value | undefined {
  const source = root(input);
  if (!isMadeBy(source, broadcastingOps.broadcastTo)) return undefined;
  const [repeated] = source.inputs;
  const isReadable = source === input ? broadcastAccess(repeated.shape, reader.shape) : repeated.size === 1;
  return isReadable ? repeated : undefined;
}
