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
  /** By hash. */
  readonly #entries = new Map<number, Entry<Of>[]>();
  #searches = 0;
  #count = 0;
  #bytes = 0;

  /** How many there are, and how many bytes of linear memory they take. */
  get size(): { count: number; bytes: number } {
    return { count: this.#count, bytes: this.#bytes };
  }

  /**
   * The program of a signature.
   * @param make makes one; of an outdated one that computes the same, if there is one
   */
  find(signature: Signature, make: (before: Of | undefined) => Of): Of {
    const used = ++this.#searches;
    const alike = this.#entries.get(signature.hash);
    const found = alike?.find((entry) => entry.signature.isSameAs(signature));
    if (found && !found.kept.isOutdated && !found.kept.program.isDisposed) {
      found.used = used;
      return found.kept;
    }
    if (!found) this.#makeRoom();
    const isLive = found && !found.kept.program.isDisposed;
    const kept = make(isLive ? found.kept : undefined);
    if (found) {
      found.kept.program.dispose();
      this.#remove(found);
    }
    this.#add({ signature, kept, used });
    return kept;
  }

  #add(entry: Entry<Of>): void {
    const { hash } = entry.signature;
    const alike = this.#entries.get(hash);
    if (alike) alike.push(entry);
    else this.#entries.set(hash, [entry]);
    this.#count++;
    this.#bytes += entry.kept.program.bytes;
  }

  #remove(entry: Entry<Of>): void {
    const { hash } = entry.signature;
    const others = this.#entries.get(hash)!.filter((each) => each !== entry);
    if (others.length > 0) this.#entries.set(hash, others);
    else this.#entries.delete(hash);
    this.#count--;
    this.#bytes -= entry.kept.program.bytes;
  }

  /** Makes room where there is none for one more: for several at once, as finding out which go takes a while. */
  #makeRoom(): void {
    if (this.#isBelow(1)) return;
    for (const entry of [...this.#entries.values()].flat().sort((a, b) => a.used - b.used)) {
      if (this.#isBelow(7 / 8)) return;
      entry.kept.program.dispose();
      this.#remove(entry);
    }
  }

  /** Whether it is less than a share of what it may be. */
  #isBelow(share: number): boolean {
    return this.#count < share * maxPrograms && this.#bytes < share * maxBytes;
  }
}
