// The words of rounds that differ in addresses alone. The first rounds are emitted, and the others follow from them: an
// address moves on, from two rounds before, by as much as it moved on in the two rounds before that. So an array of many
// times is gone through time by time, and of two arrays that take turns each comes every other time.

/** Rounds that are emitted: in the first two, tables are written that all others share. */
const emittedRounds = 7;

/**
 * Appends the words of all rounds.
 * @param emit appends the words of one round
 * @param lists what it appends to
 */
export function repeatRounds(times: number, emit: (round: number) => void, lists: readonly number[][]): void {
  const begins = lists.map((list) => [list.length]);
  for (let round = 0; round < times; round++) {
    if (round < emittedRounds) emit(round);
    for (const [i, list] of lists.entries()) {
      if (round >= emittedRounds) appendRound(list, begins[i], round);
      begins[i].push(list.length);
    }
  }
}

function appendRound(list: number[], begins: readonly number[], round: number): void {
  const [before, last] = [begins[round - 4], begins[round - 2]];
  const length = begins[round - 1] - last;
  for (let i = 0; i < length; i++) list.push(2 * list[last + i] - list[before + i]);
}
