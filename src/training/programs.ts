// The programs of a model, found by what they are for, the size of the batch and the kind of the data.

import type { FeedBatch } from './batch.ts';
import type { ModelProgram, Purpose } from './model-program.ts';
import type { Traced } from './trace-batch.ts';
import { traceProgram } from './trace-program.ts';

/** What the programs of a cache may be before those unused for longest go. */
const maxPrograms = 256;
const maxBytes = 2 ** 28;
/** So many stay, whatever they take: what an epoch and its validation need. */
const minPrograms = 4;

export class ProgramCache {
  readonly #traced: Traced;
  readonly #trace: typeof traceProgram;
  /** The one used last stands last. */
  readonly #programs = new Map<string, ModelProgram>();
  /** What was asked for last: steps ask for the same, and find it without work. */
  #last: { purpose: Purpose; kind: string; count: number; program: ModelProgram } | undefined;

  /** @param trace makes a program */
  constructor(traced: Traced, trace = traceProgram) {
    this.#traced = traced;
    this.#trace = trace;
  }

  /** The program for a batch; traced and compiled on first use. */
  get(purpose: Purpose, { feeds, count }: FeedBatch): ModelProgram {
    const last = this.#last;
    if (last && last.count === count && last.kind === feeds.kind && last.purpose === purpose)
      return last.program;
    const key = `${purpose}|${count}|${feeds.kind}`;
    const known = this.#programs.get(key);
    if (known) this.#programs.delete(key);
    else this.#trim();
    const program = known ?? this.#trace(this.#traced, purpose, count, feeds);
    this.#programs.set(key, program);
    this.#last = { purpose, kind: feeds.kind, count, program };
    return program;
  }

  /** Gives the memory of all programs back at once. */
  dispose(): void {
    for (const { program } of this.#programs.values()) program.dispose();
    this.#programs.clear();
    this.#last = undefined;
  }

  /** Makes room for one more program. */
  #trim(): void {
    let bytes = 0;
    for (const { program } of this.#programs.values()) bytes += program.bytes;
    for (const [key, { program }] of this.#programs) {
      const { size } = this.#programs;
      if (size < minPrograms || (size < maxPrograms && bytes < maxBytes)) return;
      bytes -= program.bytes;
      program.dispose();
      this.#programs.delete(key);
    }
  }
}
