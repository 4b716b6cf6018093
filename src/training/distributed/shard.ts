// The weights that each rank of a cluster updates where the optimizer's memory is split among them.

import { floatBytes } from '../../bytes.ts';
import { startOfShare } from '../../numeric/shares.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { type Neighbours, neighbours, Range } from '../../state/range.ts';
import type { Weights } from '../../state/weights.ts';
import type { Cluster, Message } from './cluster.ts';

/** Shares begin where vectors of the machine's do. */
const unit = 16;

/** What one rank has: parts of neighbours' ranges. */
type Share = readonly Neighbours<Weights>[];

export class Shard {
  readonly #cluster: Cluster;
  readonly #optimizer: Optimizer;
  /** Of all weights, by rank: what is remembered of them is there. */
  readonly #shares: readonly Share[];
  /** Of those that are moved. */
  readonly #targets: readonly Share[];

  /**
   * Splits what an optimizer remembers: from here on this rank has its share alone.
   * @param all weights, as they lie
   * @param moved the weights that the optimizer moves, as they lie
   */
  constructor(cluster: Cluster, optimizer: Optimizer, all: readonly Weights[], moved: readonly Weights[]) {
    this.#cluster = cluster;
    this.#optimizer = optimizer;
    const groups = optimizer.isPerWeight
      ? (variables: readonly Weights[]) => variables.map(alone)
      : (variables: readonly Weights[]) => neighbours(variables);
    const floats = all.reduce((sum, { footprint }) => sum + footprint, 0);
    const startOf = (rank: number) =>
      Math.min(startOfShare(Math.ceil(floats / unit), cluster.size, rank) * unit, floats);
    this.#shares = Array.from({ length: cluster.size }, (_, rank) =>
      shareOf(groups(all), startOf(rank), startOf(rank + 1), optimizer.isPerWeight),
    );
    this.#targets = this.#shares.map((share) => commonOf(groups(moved), share));
    optimizer.slotsSplit.narrow(
      all.map(({ block }) => block),
      this.#shares[cluster.rank].map(({ range }) => range),
    );
  }

  /** What this rank updates. */
  get own(): Share {
    return this.#targets[this.#cluster.rank];
  }

  /** Has everyone have the weights that others have updated. */
  gatherWeights(): void {
    this.#exchange(this.#targets, (range) => [range.lend()]);
  }

  /** Has the first rank, or all, know what the optimizer remembers of everyone's share, until `endLending`. */
  lend(isForAll: boolean): void {
    const { rank } = this.#cluster;
    const { slotsSplit } = this.#optimizer;
    if (isForAll || rank === 0) slotsSplit.borrow();
    // Others' go to where they are read; the own lie where programs find them.
    const arraysOf = (range: Range, of: number) =>
      of === rank ? slotsSplit.ownOf(range) : slotsSplit.borrowedOf(range);
    this.#exchange(this.#shares, arraysOf, isForAll);
  }

  /** Forgets what others remember. */
  endLending(): void {
    this.#optimizer.slotsSplit.giveBack();
  }

  /** Has this rank remember everything again. */
  end(): void {
    this.lend(true);
    this.#optimizer.slotsSplit.widen();
  }

  /**
   * Sends what belongs to the own share, and receives what belongs to the others'.
   * @param arraysOf a range, and whose it is
   * @param isForAll whether all receive; else the first rank alone
   */
  #exchange(
    shares: readonly Share[],
    arraysOf: (range: Range, rank: number) => readonly Float32Array[],
    isForAll = true,
  ): void {
    const { rank, size } = this.#cluster;
    const messages: Message[] = [];
    const add = (of: number, other: number, isSent: boolean) => {
      for (const { range } of shares[of])
        for (const numbers of arraysOf(range, of)) messages.push({ rank: other, isSent, numbers });
    };
    for (let i = 1; i < size; i++) {
      const [to, from] = [(rank + i) % size, (rank + size - i) % size];
      if (isForAll || to === 0) add(rank, to, true);
      if (isForAll || rank === 0) add(from, from, false);
    }
    this.#cluster.exchange(messages);
  }
}

/** A weight by itself, with what fills up its last vector. */
const alone = (variable: Weights): Neighbours<Weights> => ({ members: [variable], range: variable.range });

/** What lies from float `start` on and before `end`, of all groups side by side. @param isWhole whether groups are not cut */
function shareOf(
  groups: readonly Neighbours<Weights>[],
  start: number,
  end: number,
  isWhole: boolean,
): Share {
  let place = 0;
  return groups.flatMap((group) => {
    const begin = place;
    const size = (group.range.end - group.range.offset) / floatBytes;
    place += size;
    if (isWhole) return begin >= start && begin < end ? [group] : [];
    return cut(group, Math.max(start - begin, 0), Math.min(end - begin, size));
  });
}

/** Of each group what lies in a share. */
const commonOf = (groups: readonly Neighbours<Weights>[], share: Share): Share =>
  groups.flatMap((group) =>
    share
      .filter(({ range }) => range.block === group.range.block)
      .flatMap(({ range }) => {
        const from = Math.max(range.offset, group.range.offset);
        const to = Math.min(range.end, group.range.end);
        const isWhole = from === group.range.offset && to === group.range.end;
        if (isWhole) return [group];
        return cut(group, (from - group.range.offset) / floatBytes, (to - group.range.offset) / floatBytes);
      }),
  );

/** A group's floats from `from` on and before `to`. */
function cut({ members, range }: Neighbours<Weights>, from: number, to: number): Share {
  if (from >= to) return [];
  const part = new Range('weights', [to - from], range.block, range.offset + from * floatBytes);
  return [{ members, range: part }];
}
