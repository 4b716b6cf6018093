// Ranges of linear memory, and how neighbouring weights become one.

import { floatBytes, padded } from '../bytes.ts';
import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import type { Storage } from '../graph/graph.ts';
import { type Shape, sizeOf } from '../graph/shape.ts';

/** A range of a block's floats. */
export class Range implements Storage {
  constructor(
    readonly name: string,
    readonly shape: Shape,
    readonly block: Block,
    /** Bytes of the block before its first. */
    readonly offset: number,
    readonly isScratch = false,
  ) {}

  /** Bytes of the block before what comes behind its vectors. */
  get end(): number {
    return this.offset + padded(sizeOf(this.shape)) * floatBytes;
  }

  /** One of its floats, a scalar. */
  element(name: string, index: number): Range {
    return new Range(name, [], this.block, this.offset + index * floatBytes);
  }

  /** Its floats as they lie, lent to messages: until these are through, nothing may be allocated. */
  lend(): Float32Array {
    return this.block.lend(this.offset, sizeOf(this.shape));
  }

  /** Copies its floats into an array, from number `at` on. */
  copyTo(target: Float32Array, at: number): void {
    this.block.copyTo(target, at, this.offset, sizeOf(this.shape));
  }

  /** A copy of its floats. */
  read(): Float32Array<ArrayBuffer> {
    return this.block.readFloats(this.offset, sizeOf(this.shape));
  }

  /** @param values as many as it has floats */
  write(values: Float32Array): void {
    this.block.write(this.offset, values);
  }
}

/** A range in a block of its own, of zeros. */
export function newRange(name: string, shape: Shape, isScratch = false): Range {
  const block = engine().allocate(sizeOf(shape) * floatBytes, name, isScratch ? 'zeros' : 'kept');
  return new Range(name, shape, block, 0, isScratch);
}

/** In the order in which they lie; those of one block together. */
export const inPlace = <T extends Placed>(all: readonly T[]): T[] =>
  [...all].sort((a, b) => a.range.block.id - b.range.block.id || a.range.offset - b.range.offset);

/** Neighbours in one block, and the range of all of them, paddings included. */
export interface Neighbours<T> {
  readonly members: readonly T[];
  readonly range: Range;
}

/** What takes whole vectors of a block. */
interface Placed {
  readonly range: Range;
  /** Floats it takes in the block. */
  readonly footprint: number;
}

/**
 * Joins what lies side by side in one block.
 * @param all in the order in which they lie
 */
export function neighbours<T extends Placed>(all: readonly T[]): Neighbours<T>[] {
  const groups: T[][] = [];
  for (const one of all) {
    const group = groups.at(-1);
    if (group && follows(one, group[group.length - 1])) group.push(one);
    else groups.push([one]);
  }
  return groups.map((members) => {
    const floats = members.reduce((sum, { footprint }) => sum + footprint, 0);
    const { block, offset } = members[0].range;
    return { members, range: new Range('weights', [floats], block, offset) };
  });
}

const follows = ({ range }: Placed, before: Placed): boolean =>
  range.block === before.range.block && range.offset === before.range.offset + before.footprint * floatBytes;
