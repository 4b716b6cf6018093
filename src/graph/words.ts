// Words by the names of their places: what commands and records in tables are written with.

/** A number for every word, by their places. */
export type Words<Word extends number> = Readonly<Record<Word, number>>;

/** The words of a record, in the order of their places. */
export function wordsOf<Word extends number = never>(words: Words<NoInfer<Word>>): number[] {
  const list: number[] = [];
  appendWords(list, words, 0);
  return list;
}

/** Appends words in the order of their places. A loop from the first place on, as it is far faster than `Object.values`. */
export function appendWords(list: number[], words: Readonly<Record<number, number>>, first: number): void {
  for (let place = first; words[place] !== undefined; place++) list.push(words[place]);
}

/** Appends a record of so many words: those that are given from place `first` on, and zeros behind them. */
export function appendRecord(
  list: number[],
  words: Readonly<Record<number, number>>,
  count: number,
  first = 0,
): void {
  const end = list.length + count - first;
  appendWords(list, words, first);
  while (list.length < end) list.push(0);
}

/** A number in single precision as a word. */
export const bitsOf = (number: number): number => new Int32Array(Float32Array.of(number).buffer)[0];

/** A number as a word of an array: as it is in one of integers, else in single precision. */
export const elementWord = ({ dtype }: { readonly dtype: string }, number: number): number =>
  dtype === 'int32' ? number : bitsOf(number);
