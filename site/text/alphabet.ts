// Letters as the numbers that a model reads, and back.

/** Of a longer text, as many letters as the page trains on. */
export const mostLetters = 2_000_000;
/** Letters that are known apart, those that are most frequent; others are left out of a text. */
const mostKnown = 160;

export class Alphabet {
  readonly letters: readonly string[];
  readonly #codes: ReadonlyMap<string, number>;

  /** Of the letters that occur in a text. */
  constructor(text: string) {
    const counts = new Map<string, number>();
    for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    const known = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostKnown);
    this.letters = known.map(([letter]) => letter).sort();
    this.#codes = new Map(this.letters.map((letter, code) => [letter, code]));
  }

  get size(): number {
    return this.letters.length;
  }

  /** Letters that it does not know are left out. */
  codesOf(text: string): number[] {
    return Array.from(text, (letter) => this.#codes.get(letter)).filter((code) => code !== undefined);
  }

  textOf(codes: readonly number[]): string {
    return codes.map((code) => this.letters[code]).join('');
  }
}
