// The sum of what all ranks' parts contribute, in the order of the tree, whoever computed them: each rank adds up a
// slice of everyone's vectors, and sends it to all.

import { Program } from '../compiler/program.ts';
import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import { assign, parameter } from '../graph/ops/sources.ts';
import { floatBytes, newRange, Range } from '../state/range.ts';
import { type Cluster, type Message, startOfRank } from './cluster.ts';
import type { Contributions } from './contributions.ts';
import { middleOf, type Subtotal, wholeNodes } from './parts.ts';

/** Where the sum of all ranks is. */
export const totalVector = -1;

/** Slices are of whole vectors of the machine's. */
const sliceUnit = 16;
/** Floats that a slice has at least: fewer are not worth a message. */
const minSlice = 4096;

/** A sum that a rank has, of the parts from `first` to before `end`. */
interface Piece {
  readonly rank: number;
  readonly first: number;
  readonly end: number;
}

/** Adds vectors of one layout that ranks have for a step of some number of parts. */
export class ClusterSum {
  readonly #cluster: Cluster;
  readonly #vectors: Contributions;
  readonly #parts: number;
  readonly #pieces: readonly Piece[];
  /** Where the slice of each rank begins, and at last where all end, in floats. */
  readonly #starts: readonly number[];
  /** Others' pieces of the own slice, side by side. */
  readonly #incoming: Range | undefined;
  readonly #program: Program | undefined;

  /** @param own the sums that this rank has: in the same vectors in every step */
  constructor(cluster: Cluster, vectors: Contributions, parts: number, own: readonly Subtotal[]) {
    this.#cluster = cluster;
    this.#vectors = vectors;
    this.#parts = parts;
    const { size, rank } = cluster;
    this.#pieces = Array.from({ length: size }, (_, of) =>
      wholeNodes(0, parts, startOfRank(parts, size, of), startOfRank(parts, size, of + 1)).map(
        ([first, end]) => ({ rank: of, first, end }),
      ),
    ).flat();
    this.#starts = sliceStarts(vectors.floats, size);
    const floats = this.#starts[rank + 1] - this.#starts[rank];
    if (floats === 0) return;
    const others = this.#pieces.length - own.length;
    if (others > 0) this.#incoming = newRange("other ranks' parts", [others * floats]);
    this.#program = new Program([], [this.#build(own, floats)], { purpose: 'the sum of all ranks' });
  }

  /** Has vector `totalVector` be the sum over all ranks. */
  run(own: readonly Subtotal[]): void {
    engine().together(() => {
      const total = this.#vectors.vector(totalVector);
      const ranges = own.map(({ vector }) => this.#vectors.vector(vector));
      for (const { block } of [total, ...ranges]) void block.address;
      this.#collect(ranges);
      this.#program?.run();
      this.#spread(total);
    });
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.#program?.dispose();
    this.#incoming?.block.free();
  }

  /** The sum of the own slice of all pieces. */
  #build(own: readonly Subtotal[], floats: number): Value {
    const graph = new Graph();
    const start = this.#starts[this.#cluster.rank];
    const slice = (vector: number): Range => {
      const { block } = this.#vectors.vector(vector);
      return new Range('a slice', [floats], block, start * floatBytes);
    };
    const places = new Map<string, Range>();
    let incoming = 0;
    for (const { rank, first, end } of this.#pieces) {
      const mine = own.find((subtotal) => subtotal.first === first && subtotal.end === end);
      const place =
        rank === this.#cluster.rank
          ? slice(mine!.vector)
          : new Range('a slice', [floats], this.#incoming!.block, incoming++ * floats * floatBytes);
      places.set(`${first}-${end}`, place);
    }
    const sumOf = (first: number, end: number): Value => {
      const place = places.get(`${first}-${end}`);
      if (place) return parameter(graph, place);
      const middle = middleOf(first, end);
      return add(sumOf(first, middle), sumOf(middle, end));
    };
    return assign(slice(totalVector), sumOf(0, this.#parts));
  }

  /** Sends each rank its slice of the own pieces, and takes the others' pieces of the own slice. */
  #collect(ranges: readonly Range[]): void {
    const { rank, size } = this.#cluster;
    const messages: Message[] = [];
    for (let i = 1; i < size; i++) {
      // Each begins with another one.
      const to = (rank + i) % size;
      const [start, end] = [this.#starts[to], this.#starts[to + 1]];
      if (start === end) continue;
      for (const { block } of ranges)
        messages.push({ rank: to, isSent: true, numbers: floatsOf(block, start, end) });
    }
    const incoming = this.#incoming;
    if (incoming) {
      const floats = this.#starts[rank + 1] - this.#starts[rank];
      const others = this.#pieces.filter((piece) => piece.rank !== rank);
      for (const [i, piece] of others.entries()) {
        const numbers = floatsOf(incoming.block, i * floats, (i + 1) * floats);
        messages.push({ rank: piece.rank, isSent: false, numbers });
      }
    }
    if (messages.length > 0) this.#cluster.exchange(messages);
  }

  /** Sends the own slice of the sum to all, and takes theirs. */
  #spread({ block }: Range): void {
    const { rank, size } = this.#cluster;
    const messages: Message[] = [];
    const sliceOf = (of: number) => floatsOf(block, this.#starts[of], this.#starts[of + 1]);
    const own = sliceOf(rank);
    for (let i = 1; i < size; i++) {
      const from = (rank + size - i) % size;
      const theirs = sliceOf(from);
      if (own.length > 0) messages.push({ rank: (rank + i) % size, isSent: true, numbers: own });
      if (theirs.length > 0) messages.push({ rank: from, isSent: false, numbers: theirs });
    }
    if (messages.length > 0) this.#cluster.exchange(messages);
  }
}

/** Has vector `totalVector` be the sum over all ranks, in the order that the cluster takes. @param own the sums of this rank */
export function addInAnyOrder(cluster: Cluster, vectors: Contributions, own: readonly Subtotal[]): void {
  const [first, ...others] = own;
  const total = vectors.vector(totalVector);
  if (first) vectors.keep(totalVector, first.vector);
  else total.write(new Float32Array(vectors.floats));
  for (const { vector } of others) vectors.add(totalVector, vector);
  cluster.allReduce(total.view());
}

/** Floats of a block, as they lie in linear memory. */
const floatsOf = (block: Block, start: number, end: number): Float32Array =>
  block.viewFloats(start * floatBytes, end - start);

/** Where slices begin: of equal size, but for the last; as many as are worth a message. */
function sliceStarts(floats: number, size: number): number[] {
  const least = Math.max(minSlice, Math.ceil(floats / size));
  const slice = Math.ceil(least / sliceUnit) * sliceUnit;
  return Array.from({ length: size + 1 }, (_, rank) => Math.min(rank * slice, floats));
}
