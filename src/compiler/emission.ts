// A program as words, wherever it and the memory that it points into lie: addresses are bytes from the start of a
// region, and are resolved when the program is written.

import { alignUp } from '../bytes.ts';
import type { Storage } from '../graph/graph.ts';

/** The memory outside of the program that commands point into. */
export type OutsideBlock = Storage['block'];

/** What addresses begin with that have no place yet: no other word is so large. */
const regionBytes = 2 ** 40;

/** The regions in a program; blocks outside have regions behind these. */
const [tables, arena, outside] = [1, 2, 3];

const wordBytes = 4;

/** An address in a program's tables, by the words before it. */
export const inTables = (words: number): number => tables * regionBytes + words * wordBytes;

/** An address in a program's arena. */
export const inArena = (offset: number): number => arena * regionBytes + offset;

/** An address in the n-th block outside. */
export const inBlock = (n: number, offset: number): number => (outside + n) * regionBytes + offset;

/** An address in linear memory, by where its region begins. */
export const resolved = (address: number, begins: readonly number[]): number =>
  begins[Math.floor(address / regionBytes)] + (address % regionBytes);

interface Parts {
  readonly commands: readonly number[];
  readonly tableWords: readonly number[];
  readonly blocks: readonly OutsideBlock[];
}

export class Emission {
  readonly blocks: readonly OutsideBlock[];
  /** Bytes of commands and of the tables behind them; then comes the arena. */
  readonly arenaAt: number;
  readonly #tablesAt: number;
  /** Commands and tables; of addresses the bytes behind the region's begin. */
  readonly #words: Int32Array;
  /** Which words are addresses, and in which regions. */
  readonly #addresses: Int32Array;
  readonly #regions: Uint16Array;

  constructor({ commands, tableWords, blocks }: Parts) {
    this.blocks = blocks;
    this.#tablesAt = commands.length * wordBytes;
    this.#words = new Int32Array(commands.length + tableWords.length);
    this.arenaAt = alignUp(this.#words.length * wordBytes);
    // Conversion leaves the lowest 32 bits: of an address its bytes behind the region's begin.
    this.#words.set(commands);
    this.#words.set(tableWords, commands.length);
    const addresses: number[] = [];
    const regions: number[] = [];
    let at = 0;
    for (const words of [commands, tableWords]) {
      for (let i = 0; i < words.length; i++, at++) {
        if (words[i] < regionBytes) continue;
        addresses.push(at);
        regions.push(Math.floor(words[i] / regionBytes));
      }
    }
    this.#addresses = Int32Array.from(addresses);
    this.#regions = Uint16Array.from(regions);
  }

  /** Where the regions of a program at an address begin now. */
  beginsAt(address: number): readonly number[] {
    const own = [0, address + this.#tablesAt, address + this.arenaAt];
    return [...own, ...this.blocks.map((block) => block.address)];
  }

  /** Writes commands and tables to the words from `first` on. */
  write(memory: Int32Array, first: number, begins: readonly number[]): void {
    memory.set(this.#words, first);
    const [addresses, regions] = [this.#addresses, this.#regions];
    for (let i = 0; i < addresses.length; i++) memory[first + addresses[i]] += begins[regions[i]];
  }
}
