// Who is in linear memory. What has not been used for long leaves it for the JavaScript heap, where the garbage
// collector finds what nobody refers to, in the middle of a script too; what is used again comes back.

import { alignUp } from '../bytes.ts';
import type { Allocator } from './allocator.ts';

/**
 * What a part of linear memory holds when it comes there: what it held when it left, and zeros at first; zeros each time;
 * or anything. Of the latter two, what they hold means nothing between uses.
 */
export type Contents = 'kept' | 'zeros' | 'anything';

/** A part of linear memory, or what was in it when it had to leave. */
export class Place {
  readonly bytes: number;
  readonly contents: Contents;
  /** Undefined while it is not in linear memory. */
  address: number | undefined;
  /** How often it came into linear memory: each time it may be somewhere else. */
  stays = 0;
  /** Whether its owner gave it up. */
  isFreed = false;
  /** The period in which it was used last. */
  lastUse = 0;
  /** The use of several places at once that needs it now. */
  togetherness = 0;
  /** What it held when it left. */
  saved: Uint8Array | undefined;
  /** Places that are used whenever this one is. */
  companions: readonly Place[] = [];

  constructor(bytes: number, contents: Contents) {
    this.bytes = bytes;
    this.contents = contents;
  }
}

/** Linear memory, as far as residents need it. */
interface Ground {
  readonly allocator: Allocator;
  /** The most bytes that it may have. */
  readonly most: number;
  /** Makes memory reach to `end`. @returns whether it could */
  reach(end: number): boolean;
  /** A copy of what a place holds. */
  save(address: number, bytes: number): Uint8Array;
  /** Puts back what a place held. */
  restore(address: number, saved: Uint8Array): void;
  /** Makes what lies from an address to another, multiples of 64, zeros. */
  clear(address: number, end: number): void;
  /** To be called when a place has left. */
  left(place: Place): void;
}

/** Bounds in bytes. Tests lower them, to have everything leave all the time. */
export const residentBounds = {
  /** So much may be in linear memory before anything leaves it. */
  first: 2 ** 26,
};

/**
 * A period ends when what is present reaches the limit: then all leave that were not used in it. The limit is half as
 * much again as what stays, so that the work of leaving is shared by as much that came; and where places came back in
 * the period, because more is in use than there was room for, it grows by these.
 */
export class Residents {
  readonly #ground: Ground;
  readonly #present = new Set<Place>();
  #bytes = 0;
  #period = 0;
  #limit = residentBounds.first;
  /** Bytes that came back in this period. */
  #returned = 0;
  #departures = 0;
  /** The use of several places at once that goes on now; 0 for none. */
  #together = 0;
  #lastTogether = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** How often anything left, or was given back. While it is the same, everything is where it was. */
  get departures(): number {
    return this.#departures;
  }

  /** The number of the present period. */
  get period(): number {
    return this.#period;
  }

  /** Bytes of what is present. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes that a place that is present is used. */
  touch(place: Place): void {
    place.lastUse = this.#period;
    place.togetherness = this.#together;
  }

  /** Runs `use`; none of the places that it touches leaves meanwhile. */
  together<T>(use: () => T): T {
    const outer = this.#together;
    this.#together ||= ++this.#lastTogether;
    try {
      return use();
    } finally {
      this.#together = outer;
    }
  }

  /** Gives a place an address, and what it held before. @returns false where there is no memory for it */
  enter(place: Place): boolean {
    const { allocator } = this.#ground;
    if (this.#bytes + place.bytes > this.#limit) this.#endPeriod(place.bytes);
    for (;;) {
      const { untouched } = allocator;
      const address = allocator.allocate(place.bytes);
      if (this.#ground.reach(allocator.end)) {
        this.#arrive(place, address, untouched);
        return true;
      }
      allocator.free(address, place.bytes);
      if (!this.#makeRoom(place.bytes)) return false;
    }
  }

  /** Takes a place out of linear memory for good. */
  remove(place: Place): void {
    if (!this.#present.delete(place)) return;
    this.#bytes -= place.bytes;
    this.#ground.allocator.free(place.address!, place.bytes);
    place.address = undefined;
  }

  /** As `remove`, while somebody may still refer to it: to be told of it, as of a departure. */
  giveBack(place: Place): void {
    this.remove(place);
    place.isFreed = true;
    place.saved = undefined;
    this.#departures++;
  }

  /** @param untouched where memory begins that has zeros since it is there */
  #arrive(place: Place, address: number, untouched: number): void {
    if (place.stays > 0) this.#returned += place.bytes;
    place.address = address;
    place.stays++;
    if (place.saved) this.#ground.restore(address, place.saved);
    else if (place.contents !== 'anything') {
      this.#ground.clear(address, Math.min(alignUp(address + place.bytes), untouched));
    }
    place.saved = undefined;
    this.#present.add(place);
    this.#bytes += place.bytes;
    this.touch(place);
  }

  #leave(place: Place): void {
    if (place.contents === 'kept') place.saved = this.#ground.save(place.address!, place.bytes);
    this.remove(place);
    this.#departures++;
    this.#ground.left(place);
  }

  #isFree = (place: Place) => this.#together === 0 || place.togetherness !== this.#together;

  #endPeriod(wanted: number): void {
    this.#noteCompanions();
    for (const place of [...this.#present]) {
      if (place.lastUse < this.#period && this.#isFree(place)) this.#leave(place);
    }
    this.#period++;
    this.#limit = Math.max(residentBounds.first, 1.5 * this.#bytes + this.#returned, this.#bytes + wanted);
    this.#returned = 0;
  }

  /** What a place's companions were used for, they were used for. */
  #noteCompanions(): void {
    for (const { companions, lastUse } of this.#present) {
      for (const place of companions) place.lastUse = Math.max(place.lastUse, lastUse);
    }
  }

  /** Has those leave that were not used for longest, up to so many bytes. @returns whether any could */
  #makeRoom(bytes: number): boolean {
    this.#noteCompanions();
    const free = [...this.#present].filter(this.#isFree).sort((a, b) => a.lastUse - b.lastUse);
    const needed = this.#bytes - free.reduce((sum, place) => sum + place.bytes, 0);
    if (needed + bytes > this.#ground.most) return false;
    let gained = 0;
    for (const place of free) {
      if (gained >= bytes) break;
      gained += place.bytes;
      this.#leave(place);
    }
    return gained > 0;
  }
}
