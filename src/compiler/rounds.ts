// The words of rounds that differ in addresses alone. Some are emitted; the others follow from these, as an address is
// the one of two rounds before and as far from it as that is from the one before it: arrays of many times are gone
// through step by step, and two that take turns come every other time.

/** Rounds that are emitted: in the first two, tables are written that all others share. */
const emittedRounds = 7;

/**
 * Appends the words of all rounds.
 * @param emit appends those of one
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
