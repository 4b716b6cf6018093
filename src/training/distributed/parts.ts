// How a step's batch is divided into parts, and in what order what they contribute is added.
//
// The order is a binary tree over the parts: the left side of a sum of n parts is the largest power of two below n.
// It depends on the number of parts alone, not on who computes which, so a step has the same bits whoever does.

import { startOfShare } from '../../numeric/shares.ts';

/** Where the samples begin, of `count` in `parts` parts, that a rank of `size` computes. */
export const startOfSamples = (count: number, parts: number, size: number, rank: number): number =>
  startOfShare(count, parts, startOfShare(parts, size, rank));

/** vector `to` ← vector `to` + vector `from`. */
interface Addition {
  readonly kind: 'add';
  readonly to: number;
  readonly from: number;
}

/** What is done with vectors, which are numbered; parts are computed into vector 0. */
export type PartAction =
  | { readonly kind: 'compute'; readonly part: number }
  /** vector `to` ← vector 0. */
  | { readonly kind: 'keep'; readonly to: number }
  | Addition;

/** The sum over parts from `first` to before `end`, a node of the tree, and where it is. */
interface Subtotal {
  readonly first: number;
  readonly end: number;
  readonly vector: number;
}

/** What is to be done for the parts that are computed here, and the sums that this leaves. */
export interface PartPlan {
  /** Until the last part is computed. */
  readonly actions: readonly PartAction[];
  /** What is still to be added then. */
  readonly rest: readonly Addition[];
  /** The largest nodes of the tree whose parts are all computed here, in order. */
  readonly subtotals: readonly Subtotal[];
}

/** Where the left side of the sum over parts from `first` to before `end` ends. */
export function middleOf(first: number, end: number): number {
  let left = 1;
  while (2 * left < end - first) left *= 2;
  return first + left;
}

/** @param parts of the step; those from `from` to before `to` are computed here */
export function planParts(parts: number, from = 0, to = parts): PartPlan {
  const actions: PartAction[] = [];
  const subtotals: Subtotal[] = [];
  /** The vector of each sum that is not yet part of another. */
  const inUse: number[] = [];
  const compute = (part: number): void => {
    const waiting = inUse.indexOf(0);
    if (waiting >= 0) {
      inUse[waiting] = freeVector(inUse);
      actions.push({ kind: 'keep', to: inUse[waiting] });
    }
    actions.push({ kind: 'compute', part });
    inUse.push(0);
  };
  /** Leaves the sum of a node, where all of it is computed here, as the last in use. */
  const visit = (first: number, end: number): boolean => {
    if (end <= from || first >= to) return false;
    if (end - first === 1) {
      compute(first);
      return true;
    }
    const middle = middleOf(first, end);
    const [left, right] = [visit(first, middle), visit(middle, end)];
    if (!(left && right)) return false;
    const added = inUse.pop()!;
    actions.push({ kind: 'add', to: inUse[inUse.length - 1], from: added });
    return true;
  };
  visit(0, parts);
  const spans = wholeNodes(0, parts, from, to);
  for (const [i, [first, end]] of spans.entries()) subtotals.push({ first, end, vector: inUse[i] });
  const last = actions.findLastIndex(({ kind }) => kind === 'compute');
  // Nothing is kept for a part that does not come.
  const rest = actions.splice(last + 1) as Addition[];
  return { actions, rest, subtotals };
}

function freeVector(inUse: readonly number[]): number {
  let vector = 1;
  while (inUse.includes(vector)) vector++;
  return vector;
}

/** The largest nodes below one that lie between `from` and `to`, in order. */
export function wholeNodes(first: number, end: number, from: number, to: number): [number, number][] {
  if (end <= from || first >= to) return [];
  if (first >= from && end <= to) return [[first, end]];
  const middle = middleOf(first, end);
  return [...wholeNodes(first, middle, from, to), ...wholeNodes(middle, end, from, to)];
}
