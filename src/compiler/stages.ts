// From nodes that say what is meant to the stages of a program, or of a loop's body: what kernels compute, fused, and in
// parts that threads share where the work pays for these.

import { Graph, type Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { guardOp } from '../graph/ops/guard.ts';
import { root } from './arrays.ts';
import { fuse, nodesOf, type Stage } from './fuse.ts';
import { lower, share } from './lower.ts';
import { prune } from './prune.ts';
import { recompute } from './recompute.ts';
import type { StandIns } from './rewrite.ts';
import { schedule } from './schedule.ts';
import { workOf, workOfAll } from './work.ts';

/** What stages are made for. */
export interface Machine {
  /** Whether kernels compute what others could by themselves, and element-wise nodes share maps. */
  readonly isFused: boolean;
  /** Whether arrays that are never alive together share memory. */
  readonly isSharing: boolean;
  /** Whether threads share a program of so much work. */
  isProgramShared(work: number): boolean;
  /** How many threads share what is of so much work. */
  threadsFor(work: number): number;
}

/** What is computed: the nodes, in an order in which they can be, and which stand for what was given. */
export interface Translation {
  readonly standIn: StandIns;
  readonly nodes: readonly Value[];
}

/**
 * What kernels compute in place of values.
 * @param own values that must stay arrays of their own
 * @param times how often it is all done
 */
export function lowered(
  roots: readonly Value[],
  own: readonly Value[],
  machine: Machine,
  times = 1,
): Translation {
  const low = lower(roots, new Graph(), own, machine.isFused, times === 1);
  const nodes = prune(roots.map(low));
  const work = times * workOfAll(nodes);
  if (!machine.isProgramShared(work)) return { standIn: low, nodes };
  const isShared = (node: Value) => machine.threadsFor(workOf(node)) > 1;
  const shared = share(roots.map(low), new Graph(), isShared, own.map(low));
  const standIn = (value: Value) => shared(low(value));
  return { standIn, nodes: prune(roots.map(standIn)) };
}

/**
 * The stages of nodes, in order, and their work.
 * @param kept values that must be there as arrays
 * @param times how often it is all done
 */
export function stagesOf(
  nodes: readonly Value[],
  kept: readonly Value[],
  machine: Machine,
  times = 1,
): { readonly stages: readonly Stage[]; readonly work: number } {
  const fused = fuse(schedule(nodes), machine.isFused);
  const stages = machine.isFused ? recompute(fused, new Set(kept.map(root))) : fused;
  const works = stages.map((stage) => workOfAll(nodesOf(stage)));
  const work = times * works.reduce((a, b) => a + b, 0);
  if (machine.isProgramShared(work)) {
    for (const [i, stage] of stages.entries())
      if (!isGuard(stage)) stage.threads = machine.threadsFor(works[i]);
  }
  return { stages, work };
}

/** Whether a stage may end the run: the thread that runs the program must do it, and no other. */
export const isGuard = ({ kernel }: Stage): boolean => kernel !== undefined && isMadeBy(kernel, guardOp);
