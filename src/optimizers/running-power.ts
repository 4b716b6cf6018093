// Powers of a number, one step after the other, as bias corrections need them.

/** How many models may take turns before powers are computed anew. */
const maxTurns = 16;

/**
 * βᵗ by repeated multiplication: `Math.pow` differs between engines. Zero below 1e-30, where 1 − βᵗ is 1 anyway: it
 * would become denormal, and every later step slower.
 */
export class RunningPower {
  readonly #base: number;
  #exponent = 0;
  #value = 1;
  /** Where it was when it was asked for something else than the next: models that share an optimizer take turns. */
  readonly #left = new Map<number, number>();

  constructor(base: number) {
    this.#base = base;
  }

  at(exponent: number): number {
    if (exponent !== this.#exponent && exponent !== this.#exponent + 1) this.#turnTo(exponent);
    // Zero stays zero: a file may say that two billion steps were done.
    for (; this.#exponent < exponent && this.#value * this.#base !== this.#value; this.#exponent++) {
      this.#value *= this.#base;
      if (this.#value < 1e-30) this.#value = 0;
    }
    this.#exponent = exponent;
    return this.#value;
  }

  /** Goes on from the largest exponent that is known and not beyond the one that is wanted. */
  #turnTo(exponent: number): void {
    this.#left.set(this.#exponent, this.#value);
    const reached = [...this.#left.keys()].filter((known) => known <= exponent);
    this.#exponent = Math.max(0, ...reached);
    this.#value = this.#left.get(this.#exponent) ?? 1;
    this.#left.delete(this.#exponent);
    // Whoever comes back from longer ago begins at 0.
    if (this.#left.size > maxTurns) this.#left.delete(this.#left.keys().next().value!);
  }
}
