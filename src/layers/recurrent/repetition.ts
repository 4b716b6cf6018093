// A cell's step repeated over time: unrolled, or traced once and left to a loop.

import { hasEffect, type Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { zeros } from '../../graph/ops/broadcasting.ts';
import { select } from '../../graph/ops/elementwise.ts';
import { final, leaf, outsideOf, stacked } from '../../graph/ops/loop.ts';
import { concat, slice } from '../../graph/ops/movement.ts';
import { randomUniformOp } from '../../graph/ops/random-uniform.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { Trace } from '../../state/trace.ts';
import { loop } from '../../tensor/loops.ts';

/** What is repeated. */
export interface Repetition {
  /** What was projected, of one time, and the states → the output, then the states after it. */
  step(x: Value, states: readonly Value[]): readonly Value[];
  readonly times: number;
  /** [time·batch, …] */
  readonly projected: Value;
  /** Whether each sample's times count, [time, batch]; all by default. */
  readonly counts: Value | undefined;
  /** Before the first time. */
  readonly states: readonly Value[];
  /** Whether the outputs of all times are wanted, or of the last alone. */
  readonly returnSequences: boolean;
}

interface Repeated {
  /** [time, batch, …] or [batch, …] */
  readonly output: Value;
  /** After the last time. */
  readonly states: readonly Value[];
}

/** How recurrences are traced. */
export const loopOptions = {
  /** Times from which a step is traced once. Fewer are unrolled: what is known of the first saves work there. */
  minTimes: 16,
};

/** Each time's nodes by themselves. */
export function unrolled({
  step,
  times,
  projected,
  counts,
  returnSequences,
  ...before
}: Repetition): Repeated {
  const [rows, ...sizes] = projected.shape;
  const batch = rows / times;
  let { states } = before;
  let last: Value | undefined;
  const outputs: Value[] = [];
  // For shapes, the second step reads what the first has made; all others are like it.
  const steps = Trace.current.isForShapes ? Math.min(times, 2) : times;
  for (let t = 0; t < steps; t++) {
    const now = slice(projected, [t * batch, ...sizes.map(() => 0)], [batch, ...sizes]);
    const [output, ...stepped] = step(now, states);
    const isCounted = counts && slice(counts, [t, 0], [1, -1]);
    last ??= counts && zeros(projected.graph, output.shape);
    ({ output: last, states } = held(isCounted, output, stepped, last, states));
    outputs.push(last);
  }
  while (outputs.length < times) outputs.push(last!);
  const output = returnSequences ? reshape(concat(outputs, 0), [times, ...last!.shape]) : last!;
  return { output, states };
}

/** One time's nodes for all. Undefined where they would not be the same. */
export function repeated(repetition: Repetition): Repeated | undefined {
  const { step, times, projected, counts, states, returnSequences } = repetition;
  const { graph } = projected;
  const [rows, ...sizes] = projected.shape;
  const mark = graph.nodes.length;
  const now = leaf(graph, { shape: [rows / times, ...sizes], dtype: projected.dtype });
  const nowCounts = counts && leaf(graph, { shape: counts.shape.slice(1), dtype: counts.dtype });
  const befores = states.map((state) => leaf(graph, state));
  const [made, ...stepped] = step(now, befores);
  const isOutputState = stepped.includes(made);
  // An output that is no state is remembered like one, for the last time and for those that do not count.
  const remembered = isOutputState ? undefined : leaf(graph, made);
  const after = held(nowCounts, made, stepped, remembered, befores);
  const ownNodes = graph.nodes.slice(mark);
  if (ownNodes.some((node) => hasEffect(node) || isMadeBy(node, randomUniformOp))) return undefined;

  const slices = [now, ...(nowCounts ? [nowCounts] : [])];
  const bodyStates = [...befores, ...(remembered ? [remembered] : [])];
  const next = [...after.states, ...(remembered ? [after.output] : [])];
  const outside = outsideOf(next, [...slices, ...bodyStates]);
  const whole = loop(
    { times, isReverse: false, slices, states: bodyStates, next, outside },
    [reshape(projected, [times, ...now.shape]), ...(counts ? [counts] : [])],
    [...states, ...(remembered ? [zeros(graph, made.shape)] : [])],
    outside,
  );
  return {
    output: returnSequences ? stacked(whole, after.output) : final(whole, next.indexOf(after.output)),
    states: states.map((_, i) => final(whole, i)),
  };
}

/** What a step leaves, where times that do not count for some samples leave what was before. */
function held(
  counts: Value | undefined,
  output: Value,
  stepped: readonly Value[],
  before: Value | undefined,
  states: readonly Value[],
): Repeated {
  if (!counts) return { output, states: stepped };
  const kept = stepped.map((state, i) => hold(counts, state, states[i]));
  // The output of most cells is their first state.
  const own = stepped.indexOf(output);
  return { output: own >= 0 ? kept[own] : hold(counts, output, before!), states: kept };
}

const hold = (counts: Value, stepped: Value, before: Value): Value =>
  select(reshape(counts, [-1, ...new Array<number>(stepped.rank - 1).fill(1)]), stepped, before);
