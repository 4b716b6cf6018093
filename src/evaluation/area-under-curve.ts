/**
 * Area under the ROC curve: the chance that a positive sample scores above a negative one, ties counting
 * half (Mann and Whitney, 1947).
 * @param rows score, label (positive above ½) and weight of each sample, one after the other
 * @returns 0 where one of the two classes is missing; NaN where anything is: NaN has no rank.
 */
export function areaUnderCurve(rows: ArrayLike<number>): number {
  if (Array.from(rows).some(Number.isNaN)) return Number.NaN;
  const count = rows.length / 3;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => rows[3 * a] - rows[3 * b]);
  let negatives = 0;
  let positives = 0;
  let wins = 0;
  for (let end = 0; end < count; ) {
    const score = rows[3 * order[end]];
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; rows[3 * order[end]] === score; end++) {
      const weight = rows[3 * order[end] + 2];
      if (rows[3 * order[end] + 1] > 0.5) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
  }
  return negatives * positives === 0 ? 0 : wins / (negatives * positives);
}
