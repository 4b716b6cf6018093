// A part of linear memory with an owner.

import type { Numbers } from './copy.ts';
import { type Contents, Place } from './residents.ts';

/** The memory that blocks are in: the engine's. */
interface Keeper {
  addressOf(block: Block): number;
  floatsAt(address: number, length: number): Float32Array;
  copyFloats(address: number, target: Float32Array, at: number, length: number): void;
  write(address: number, values: Numbers): void;
  readFloats(address: number, length: number): Float32Array<ArrayBuffer>;
  release(block: Block): void;
}

let blocks = 0;

/**
 * A part of linear memory. It is freed when it is collected, or by `free`. Where it has not been used for long it may
 * leave, and come back to another address when it is asked for.
 */
export class Block {
  /** Blocks in the order in which they were made. */
  readonly id = ++blocks;
  readonly place: Place;
  readonly #keeper: Keeper;

  constructor(keeper: Keeper, bytes: number, contents: Contents) {
    this.#keeper = keeper;
    this.place = new Place(bytes, contents);
  }

  get bytes(): number {
    return this.place.bytes;
  }

  /** Where it is, now, brought back where it has left: after anything else was allocated it may be somewhere else. */
  get address(): number {
    return this.#keeper.addressOf(this);
  }

  /** Whether it was given back. */
  get isFreed(): boolean {
    return this.place.isFreed;
  }

  /** Which stay in linear memory this is; 0 while it is not there. */
  get stays(): number {
    return this.place.address === undefined ? 0 : this.place.stays;
  }

  /** Copies numbers in, as they are, from byte `offset` on. */
  write(offset: number, values: Numbers): void {
    this.#keeper.write(this.address + offset, values);
  }

  /** Has it be in linear memory, where it stays until anything is allocated. */
  bring(): void {
    this.#keeper.addressOf(this);
  }

  /** Floats as they lie, from byte `offset` on, lent to messages: until these are through, nothing may be allocated. */
  lend(offset: number, length: number): Float32Array {
    return this.#keeper.floatsAt(this.address + offset, length);
  }

  /** Copies floats, from byte `offset` on, into an array, from number `at` on. */
  copyTo(target: Float32Array, at: number, offset: number, length: number): void {
    this.#keeper.copyFloats(this.address + offset, target, at, length);
  }

  /** A copy of floats, from byte `offset` on. */
  readFloats(offset: number, length: number): Float32Array<ArrayBuffer> {
    return this.#keeper.readFloats(this.address + offset, length);
  }

  /** Gives the memory back at once. Nothing may use the block afterwards. */
  free(): void {
    this.#keeper.release(this);
  }
}
