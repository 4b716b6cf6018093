// How many steps an optimizer has done, of whom: of each model, and of the loops of one's own that move its weights too.

interface Count {
  steps: number;
  /** The count that this one has become a part of. */
  into?: Count;
}

/**
 * Counts of owners, what steps are asked of, and of the variables that they move. Owners that move the same variables have
 * one count. The count of now is the caller's, who hands it in and takes the other one's.
 */
export class StepCounts {
  readonly #counts = new WeakMap<object, Count>();
  #owner: object | undefined;
  #current: Count | undefined;

  /**
   * Turns to an owner of these variables: to what was counted of it or of any of them or, where that is nothing, to none.
   * The first owner goes on from `now`.
   * @returns the steps done
   */
  attach(owner: object, variables: readonly object[], now: number): number {
    if (this.#current) this.#current.steps = now;
    const members = [owner, ...variables];
    const known = new Set(members.flatMap((each) => this.#countOf(each) ?? []));
    const [count = { steps: this.#current ? 0 : now }, ...others] = known;
    for (const other of others) {
      count.steps = Math.max(count.steps, other.steps);
      other.into = count;
    }
    for (const each of members) this.#counts.set(each, count);
    this.#owner = owner;
    this.#current = count;
    return count.steps;
  }

  /** Turns to an owner that was attached. @returns the steps done */
  turnTo(owner: object, now: number): number {
    if (owner === this.#owner) return now;
    this.#current!.steps = now;
    this.#owner = owner;
    this.#current = this.#countOf(owner)!;
    return this.#current.steps;
  }

  #countOf(member: object): Count | undefined {
    let count = this.#counts.get(member);
    while (count?.into) count = count.into;
    return count;
  }
}
