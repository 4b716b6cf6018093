// Faults that nobody can notice, each with the reason: the program does the same with them. A fault is known by its
// file and its line's text before and after.

export const equivalents = [
  {
    file: 'src/training/training-loop.ts',
    before: "if (this.#work > workPerTurn && this.#options.yieldEvery === 'auto') await this.#turn();",
    after: "if (this.#work >= workPerTurn && this.#options.yieldEvery === 'auto') await this.#turn();",
    reason:
      'A turn of the event loop more, where the work is the bound to the last multiply-add, changes no number.',
  },
];
