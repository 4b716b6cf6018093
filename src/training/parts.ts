// How a step's batch is divided into parts, and in what order what they contribute is added.
//
// The order is a binary tree over the parts: the left side of a sum of n parts is the largest power of two below n.
// It depends on the number of parts alone, not on who computes which, so a step has the same bits whoever does.

/** Where part `part` of `parts` begins among `count` samples: the first parts have one sample more where they must. */
export function startOfPart(count: number, parts: number, part: number): number {
  const least = Math.floor(count / parts);
  return part * least + Math.min(part, count % parts);
}

/** What is done with vectors, which lie in numbered slots; parts are computed into slot 0. */
export type PartStep =
  | { readonly kind: 'compute'; readonly part: number }
  /** slot `to` ← slot 0. */
  | { readonly kind: 'keep'; readonly to: number }
  /** slot `to` ← slot `to` + slot `from`. */
  | { readonly kind: 'add'; readonly to: number; readonly from: number };

/** The sum over parts from `first` to before `end`, a node of the tree, and where it is. */
export interface Subtotal {
  readonly first: number;
  readonly end: number;
  readonly slot: number;
}

/** What is to be done for the parts that are computed here, and the sums that this leaves. */
export interface PartPlan {
  readonly steps: readonly PartStep[];
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
  const steps: PartStep[] = [];
  const subtotals: Subtotal[] = [];
  /** The slot of each sum that is not yet part of another. */
  const inUse: number[] = [];
  const compute = (part: number): void => {
    const waiting = inUse.indexOf(0);
    if (waiting >= 0) {
      inUse[waiting] = freeSlot(inUse);
      steps.push({ kind: 'keep', to: inUse[waiting] });
    }
    steps.push({ kind: 'compute', part });
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
    steps.push({ kind: 'add', to: inUse[inUse.length - 1], from: added });
    return true;
  };
  visit(0, parts);
  const spans = wholeNodes(0, parts, from, to);
  for (const [i, [first, end]] of spans.entries()) subtotals.push({ first, end, slot: inUse[i] });
  return { steps, subtotals };
}

function freeSlot(inUse: readonly number[]): number {
  let slot = 1;
  while (inUse.includes(slot)) slot++;
  return slot;
}

/** The largest nodes below one that lie between `from` and `to`, in order. */
export function wholeNodes(first: number, end: number, from: number, to: number): [number, number][] {
  if (end <= from || first >= to) return [];
  if (first >= from && end <= to) return [[first, end]];
  const middle = middleOf(first, end);
  return [...wholeNodes(first, middle, from, to), ...wholeNodes(middle, end, from, to)];
}
