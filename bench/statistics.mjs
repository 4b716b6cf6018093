// Medians and spread of the rounds, and the two checks that every figure must pass.

/** The value that a share of the sorted values is below. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (place - below) * (next - sorted[below]);
}

export const median = (values) => quantile(values, 0.5);

export const summary = (values) => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** Contestants with the same arithmetic agree on the loss after 20 steps to this share of it. */
export const tolerance = 1e-3;
/** Steps after which contestants are compared; from here on a loss must have fallen at all. */
export const learningSteps = 20;
/** Adam moves a weight by about its rate of 0.001 a step: only after so many must the loss be below the share. */
const slowestSteps = 100;
const learnedShare = 0.98;

/** A sentence on what is wrong with a result, or undefined. `reference` is the loss that it should have. */
export function fault(workload, { exact, first, checked, last, total }, reference) {
  const trains = ['train', 'convnet', 'epoch'].includes(workload.kind);
  if (!Number.isFinite(last)) return `its loss is ${last}`;
  const share = total < slowestSteps ? 1 : learnedShare;
  if (trains && total >= learningSteps && last >= first * share)
    return `does not learn: loss ${first.toPrecision(4)}, ${last.toPrecision(4)} after ${total} steps`;
  const comparable = exact && !['epoch', 'convnet'].includes(workload.kind);
  if (comparable && checked !== undefined && reference !== undefined) {
    const difference = Math.abs(checked - reference) / Math.abs(reference);
    if (difference > tolerance)
      return `loss ${checked.toPrecision(6)} where ${reference.toPrecision(6)} is expected`;
  }
  return undefined;
}
