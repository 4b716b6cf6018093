// Programs that are kept, found by the signature of what they compute; those unused for longest go.

import type { Program } from '../compiler/program.ts';
import type { Signature } from './structure.ts';

/** What the programs that are kept may be before those unused for longest go. */
const maxPrograms = 512;
const maxBytes = 2 ** 28;

/** What is kept. */
export interface Kept {
  readonly program: Program;
  /** Whether another is to take its place when it is found. */
  readonly isOutdated: boolean;
}

interface Entry<Of extends Kept> {
  readonly signature: Signature;
  readonly kept: Of;
  /** The search that found it last. */
  used: number;
}

export class KnownPrograms<Of extends Kept> {
  /** Each under the first number from its hash on that no other has; where one before it left, it is made anew. */
  readonly #entries = new Map<number, Entry<Of>>();
  #searches = 0;
  #bytes = 0;
  #made = 0;

  /** How many were made, outdated ones that were replaced not counted again. */
  get made(): number {
    return this.#made;
  }

  /**
   * The program of a signature.
   * @param make makes one; of an outdated one that computes the same, if there is one
   */
  find(signature: Signature, make: (before: Of | undefined) => Of): Of {
    let key = signature.hash;
    let found = this.#entries.get(key);
    while (found && !found.signature.isSameAs(signature)) found = this.#entries.get(++key);
    const used = ++this.#searches;
    const isLive = found && !found.kept.program.isDisposed;
    if (found && isLive && !found.kept.isOutdated) {
      found.used = used;
      return found.kept;
    }
    if (!found) {
      this.#makeRoom();
      this.#made++;
    }
    const kept = make(isLive ? found!.kept : undefined);
    this.#remove(key);
    this.#entries.set(key, { signature, kept, used });
    this.#bytes += kept.program.bytes;
    return kept;
  }

  #remove(key: number): void {
    const program = this.#entries.get(key)?.kept.program;
    if (!program) return;
    this.#bytes -= program.bytes;
    program.dispose();
    this.#entries.delete(key);
  }

  /** Makes room where there is none for one more: for several at once, as finding out which go takes a while. */
  #makeRoom(): void {
    if (this.#isBelow(1)) return;
    for (const [key] of [...this.#entries].sort(([, a], [, b]) => a.used - b.used)) {
      if (this.#isBelow(7 / 8)) return;
      this.#remove(key);
    }
  }

  /** Whether it is less than a share of what it may be. */
  #isBelow(share: number): boolean {
    return this.#entries.size < share * maxPrograms && this.#bytes < share * maxBytes;
  }
}
