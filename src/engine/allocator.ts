// Ranges of linear memory: handed out, and taken back.

import { alignUp } from '../bytes.ts';

/** A range of linear memory, in bytes. */
interface Range {
  address: number;
  bytes: number;
}

/**
 * First-fit allocator over one growing address range. It keeps free ranges only, sorted by address and
 * never adjacent; what is in use is its callers' business.
 */
export class Allocator {
  #free: Range[] = [];
  #end: number;
  #untouched: number;

  /** @param start the first address it may hand out */
  constructor(start: number) {
    this.#end = this.#untouched = alignUp(start);
  }

  /** The first address past everything handed out so far. */
  get end(): number {
    return this.#end;
  }

  /** The first address past everything ever handed out: what lies there nobody has written. */
  get untouched(): number {
    return this.#untouched;
  }

  /** Returns the address of `bytes` bytes, aligned to 64; it may lie past the old `end`. */
  allocate(bytes: number): number {
    const size = alignUp(bytes);
    const index = this.#free.findIndex((range) => range.bytes >= size);
    if (index >= 0) {
      const range = this.#free[index];
      const address = range.address;
      range.address += size;
      range.bytes -= size;
      if (range.bytes === 0) this.#free.splice(index, 1);
      return address;
    }
    const address = this.#end;
    this.#end += size;
    this.#untouched = Math.max(this.#untouched, this.#end);
    return address;
  }

  /** Takes back what `allocate(bytes)` returned. */
  free(address: number, bytes: number): void {
    let index = this.#free.findIndex((range) => range.address > address);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, { address, bytes: alignUp(bytes) });
    this.#join(index);
    this.#join(index - 1);
    this.#shrink();
  }

  #join(index: number): void {
    const [left, right] = this.#free.slice(Math.max(index, 0), index + 2);
    if (!right || left.address + left.bytes !== right.address) return;
    left.bytes += right.bytes;
    this.#free.splice(index + 1, 1);
  }

  #shrink(): void {
    const last = this.#free.at(-1);
    if (!last || last.address + last.bytes !== this.#end) return;
    this.#end = last.address;
    this.#free.pop();
  }
}
