// The sum of what all ranks' parts contribute, stretch by stretch of the vectors: messages travel while a backward pass
// computes the next stretch.

import { floatBytes } from '../../bytes.ts';
import { Program, type Watcher } from '../../compiler/program.ts';
import type { Block } from '../../engine/block.ts';
import { Graph, type Value } from '../../graph/graph.ts';
import { add } from '../../graph/ops/elementwise.ts';
import { assign, parameter } from '../../graph/ops/sources.ts';
import { startOfShare } from '../../numeric/shares.ts';
import { newRange, Range } from '../../state/range.ts';
import { type Cluster, type Exchange, type Message, spreading } from './cluster.ts';
import type { Contributions, Stretch } from './contributions.ts';
import { middleOf, type PartPlan, wholeNodes } from './parts.ts';

/** Where the sum of all ranks is. */
export const totalVector = -1;

/** Slices are of whole vectors of the machine's. */
const sliceUnit = 16;
/** Floats that a slice has at least: fewer are not worth a message. */
const minSlice = 4096;

/** Floats that a stretch has at least: fewer travel in less time than more messages take. */
const minStretch = 1 << 18;

/** What is added, and for whom. */
interface ClusterSumOptions {
  readonly cluster: Cluster;
  readonly vectors: Contributions;
  /** Of the step. */
  readonly parts: number;
  /** What this rank does of it: in the same vectors in every step. */
  readonly plan: PartPlan;
  /** Whether the order is the tree's, whoever computed what; else it is what the cluster takes. */
  readonly isDeterministic: boolean;
}

/** Adds vectors of one layout that ranks have for a step of some number of parts, into vector `totalVector`. */
export class ClusterSum {
  readonly #options: ClusterSumOptions;
  /** What is added by itself, in the order in which it begins. */
  readonly #stretches: readonly Stretch[];
  /** Of each stretch, the numbers of its arrays. */
  readonly #arrays: readonly (readonly number[])[];
  readonly #sums: readonly StretchSum[];
  #begun = 0;

  constructor(options: ClusterSumOptions) {
    const { cluster, vectors, isDeterministic } = options;
    this.#options = options;
    this.#stretches = vectors.stretches(Math.max(minStretch, minSlice * cluster.size));
    this.#arrays = this.#stretches.map((stretch) => vectors.arraysIn(stretch));
    const Sum = isDeterministic ? SumInOrder : SumInAnyOrder;
    this.#sums = this.#stretches.map((stretch, i) => new Sum(options, stretch, i));
  }

  /**
   * Begins with each stretch as soon as the program of the last part has computed it.
   * @param completions how many commands have run when each array of the vectors is there
   * @param time runs what is done meanwhile
   */
  watcher(completions: readonly number[], time: (work: () => void) => void): Watcher {
    let latest = 0;
    const ends = this.#arrays.map((arrays) => {
      latest = Math.max(latest, ...arrays.map((array) => completions[array]));
      return latest;
    });
    this.#bring();
    const told = (commands: number) => {
      for (const sum of this.#sums.slice(0, this.#begun)) sum.advance(false);
      while (ends[this.#begun] <= commands) this.#beginNext();
    };
    return { from: ends[0], told: (commands) => time(() => told(commands)) };
  }

  /** Begins with what has not begun, and returns when all ranks have the sum. */
  finish(): void {
    this.#bring();
    while (this.#begun < this.#sums.length) this.#beginNext();
    for (const sum of this.#sums) sum.advance(true);
    for (const sum of this.#sums) sum.finish();
    this.#begun = 0;
  }

  /** Has everything in its place: while messages are under way, nothing may move. */
  #bring(): void {
    const { vectors, plan } = this.#options;
    for (const vector of [totalVector, ...plan.subtotals.map(({ vector }) => vector)])
      vectors.vector(vector).block.bring();
    for (const sum of this.#sums) sum.bring();
  }

  /** Sends what this rank has of the next stretch. */
  #beginNext(): void {
    const { vectors, plan } = this.#options;
    const next = this.#begun++;
    for (const { to, from } of plan.rest) vectors.add(to, from, this.#stretches[next]);
    this.#sums[next].begin();
  }

  /** Gives its memory back at once. */
  dispose(): void {
    for (const sum of this.#sums) sum.dispose();
  }
}

/** The sum of a stretch. */
interface StretchSum {
  /** Has everything in its place that is not of the vectors. */
  bring(): void;
  begin(): void;
  /** Gets on with what has come. @param waits whether to wait for what there is to get on with */
  advance(waits: boolean): void;
  finish(): void;
  dispose(): void;
}

/** A sum that a rank has, of the parts from `first` to before `end`. */
interface Piece {
  readonly rank: number;
  readonly first: number;
  readonly end: number;
}

/**
 * In the order of the tree: each rank adds up a slice of everyone's pieces, and sends it to all. So everyone has the
 * whole sum for two vectors' worth of messages.
 */
class SumInOrder implements StretchSum {
  readonly #options: ClusterSumOptions;
  readonly #channel: number;
  readonly #pieces: readonly Piece[];
  /** Where the slice of each rank begins, and at last where all end, in floats of the vector. */
  readonly #starts: readonly number[];
  /** Others' pieces of the own slice, side by side. */
  readonly #incoming: Range | undefined;
  readonly #program: Program | undefined;
  #collected: Exchange | undefined;
  #spread: Exchange | undefined;

  constructor(options: ClusterSumOptions, stretch: Stretch, index: number) {
    this.#options = options;
    this.#channel = 1 + 2 * index;
    const { cluster, parts, plan } = options;
    const { size } = cluster;
    this.#pieces = Array.from({ length: size }, (_, of) =>
      wholeNodes(0, parts, startOfShare(parts, size, of), startOfShare(parts, size, of + 1)).map(
        ([first, end]) => ({ rank: of, first, end }),
      ),
    ).flat();
    this.#starts = sliceStarts(stretch, size);
    const slice = this.#slice;
    const floats = slice.end - slice.start;
    if (floats === 0) return;
    const others = this.#pieces.length - plan.subtotals.length;
    if (others > 0) this.#incoming = newRange("other ranks' parts", [others * floats]);
    this.#program = new Program([], [this.#build(slice)], { purpose: 'the sum of all ranks' });
  }

  /** What this rank adds up. */
  get #slice(): Stretch {
    const { rank } = this.#options.cluster;
    return { start: this.#starts[rank], end: this.#starts[rank + 1] };
  }

  bring(): void {
    this.#incoming?.block.bring();
    this.#program?.ready();
  }

  begin(): void {
    this.#collected = this.#options.cluster.begin(this.#collecting(), this.#channel);
  }

  advance(waits: boolean): void {
    if (!this.#collected) return;
    if (waits) this.#collected.wait();
    else if (!this.#collected.isDone()) return;
    this.#collected = undefined;
    this.#program?.run();
    this.#spread = this.#options.cluster.begin(this.#spreading(), this.#channel + 1);
  }

  finish(): void {
    this.#spread?.wait();
    this.#spread = undefined;
  }

  dispose(): void {
    this.#program?.dispose();
    this.#incoming?.block.free();
  }

  /** The sum of the own slice of all pieces. */
  #build(own: Stretch): Value {
    const { cluster, vectors, parts, plan } = this.#options;
    const graph = new Graph();
    const floats = own.end - own.start;
    const places = new Map<string, Range>();
    let incoming = 0;
    for (const { rank, first, end } of this.#pieces) {
      const mine = plan.subtotals.find((subtotal) => subtotal.first === first && subtotal.end === end);
      const place =
        rank === cluster.rank
          ? vectors.part(mine!.vector, own)
          : new Range('a slice', [floats], this.#incoming!.block, incoming++ * floats * floatBytes);
      places.set(`${first}-${end}`, place);
    }
    const sumOf = (first: number, end: number): Value => {
      const place = places.get(`${first}-${end}`);
      if (place) return parameter(graph, place);
      const middle = middleOf(first, end);
      return add(sumOf(first, middle), sumOf(middle, end));
    };
    return assign(vectors.part(totalVector, own), sumOf(0, parts));
  }

  /** Each rank's slice of the own pieces, and the others' pieces of the own slice. */
  #collecting(): Message[] {
    const { cluster, vectors, plan } = this.#options;
    const { rank, size } = cluster;
    const messages: Message[] = [];
    for (let i = 1; i < size; i++) {
      // Each begins with another one.
      const to = (rank + i) % size;
      const [start, end] = [this.#starts[to], this.#starts[to + 1]];
      if (start === end) continue;
      for (const { vector } of plan.subtotals)
        messages.push({
          rank: to,
          isSent: true,
          numbers: floatsOf(vectors.vector(vector).block, start, end),
        });
    }
    const incoming = this.#incoming;
    if (incoming) {
      const { start, end } = this.#slice;
      const others = this.#pieces.filter((piece) => piece.rank !== rank);
      for (const [i, piece] of others.entries()) {
        const numbers = floatsOf(incoming.block, i * (end - start), (i + 1) * (end - start));
        messages.push({ rank: piece.rank, isSent: false, numbers });
      }
    }
    return messages;
  }

  /** The own slice of the sum for all, and theirs. */
  #spreading(): Message[] {
    const { cluster, vectors } = this.#options;
    const { block } = vectors.vector(totalVector);
    return spreading(cluster, (rank) => floatsOf(block, this.#starts[rank], this.#starts[rank + 1]));
  }
}

/** In the order that the cluster takes. */
class SumInAnyOrder implements StretchSum {
  readonly #options: ClusterSumOptions;
  readonly #stretch: Stretch;
  #exchange: Exchange | undefined;

  constructor(options: ClusterSumOptions, stretch: Stretch) {
    this.#options = options;
    this.#stretch = stretch;
  }

  bring(): void {}

  begin(): void {
    const { cluster, vectors, plan } = this.#options;
    const [first, ...others] = plan.subtotals;
    const total = vectors.part(totalVector, this.#stretch);
    if (first) vectors.keep(totalVector, first.vector, this.#stretch);
    else total.lend().fill(0);
    for (const { vector } of others) vectors.add(totalVector, vector, this.#stretch);
    this.#exchange = cluster.beginAllReduce(total.lend());
  }

  advance(): void {
    // Asking is what gets MPI on.
    this.#exchange?.isDone();
  }

  finish(): void {
    this.#exchange?.wait();
  }

  dispose(): void {}
}

/** Floats of a block, as they lie. */
const floatsOf = (block: Block, start: number, end: number): Float32Array =>
  block.lend(start * floatBytes, end - start);

/** Where slices of a stretch begin: of equal size, but for the last; as many as are worth a message. */
function sliceStarts({ start, end }: Stretch, size: number): number[] {
  const least = Math.max(minSlice, Math.ceil((end - start) / size));
  const slice = Math.ceil(least / sliceUnit) * sliceUnit;
  return Array.from({ length: size + 1 }, (_, rank) => Math.min(start + rank * slice, end));
}
