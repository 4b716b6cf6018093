// Processes that train together, as training knows them, and what they say to each other.

import type { Profile } from '../../compiler/profile.ts';
import { LanegradError } from '../../errors.ts';
import { formatShape } from '../../graph/shape.ts';
import type { Json } from '../../io/json.ts';
import { having } from '../../options/kinds.ts';
import { optional } from '../../options/option.ts';
import { packed, unpacked } from '../training-state.ts';

/** Numbers for another rank, or room for its numbers. */
export interface Message {
  /** Who gets them, or has them. */
  readonly rank: number;
  readonly isSent: boolean;
  /** They are sent from where they are, and received where they are to be. */
  readonly numbers: Float32Array | Float64Array | Uint8Array;
}

/** Messages that are under way. */
export interface Exchange {
  /** Whether all have come and gone; gets on with them where it must be asked to. */
  isDone(): boolean;
  /** Returns when all have. */
  wait(): void;
}

/** Processes, by number, that do the same at the same time: `mpi()` of lanegrad/mpi makes one. */
export interface Cluster {
  /** Which of them this is, from 0: the first prints, calls the callbacks and saves. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** The version of lanegrad that it belongs to. */
  readonly version: string;
  /** Sends and receives at once, and returns when all is done. Between two ranks messages keep their order. */
  exchange(messages: readonly Message[]): void;
  /**
   * Begins to send and receive.
   * @param channel its number, which the other ranks give to what belongs to these messages; several channels may be in
   * use at the same time, each by one exchange
   */
  begin(messages: readonly Message[], channel: number): Exchange;
  /**
   * Begins to have every rank's numbers become the sum over all ranks, in an order that may be another on other clusters.
   * All ranks begin their sums in the same order.
   */
  beginAllReduce(values: Float32Array): Exchange;
  /** Has the others know that this one cannot go on: what they wait for then throws. */
  fail(reason: string): void;
}

/** Options of who computes. */
export const clusterOptions = {
  /** The processes to share the work with, of `mpi()` of lanegrad/mpi; this one alone by default. */
  cluster: optional(having<Cluster>('a cluster, as mpi() of lanegrad/mpi makes', 'begin', 'beginAllReduce')),
};

/** Does what all ranks do; where it cannot be done here, has the others know. */
export async function together<T>(cluster: Cluster | undefined, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    cluster?.fail((error as Error).message);
    throw error;
  }
}

/** Has everyone have the first rank's numbers, which go from each that has them to others that have not. */
export function broadcast(cluster: Cluster, numbers: Message['numbers']): void {
  const { rank, size } = cluster;
  const reach = rank === 0 ? size : rank & -rank;
  if (rank > 0) cluster.exchange([{ rank: rank - reach, isSent: false, numbers }]);
  const others: Message[] = [];
  for (let step = 1; step < reach && rank + step < size; step *= 2)
    others.push({ rank: rank + step, isSent: true, numbers });
  // The furthest has most to pass on.
  cluster.exchange(others.reverse());
}

/** The first rank's number. */
export function sharedNumber(cluster: Cluster | undefined, own: number): number {
  if (!cluster) return own;
  const numbers = Float64Array.of(own);
  broadcast(cluster, numbers);
  return numbers[0];
}

/** Has everyone have everyone's part of some numbers. @param startOf where a rank's part begins; the next one's is its end */
export function gather(
  cluster: Cluster,
  numbers: Float32Array | Float64Array,
  startOf: (rank: number) => number,
): void {
  cluster.exchange(spreading(cluster, (rank) => numbers.subarray(startOf(rank), startOf(rank + 1))));
}

/** The own part for all others, and theirs. */
export function spreading({ rank, size }: Cluster, partOf: (rank: number) => Message['numbers']): Message[] {
  const own = partOf(rank);
  const messages: Message[] = [];
  for (let i = 1; i < size; i++) {
    // Each begins with another one.
    const from = (rank + size - i) % size;
    const theirs = partOf(from);
    if (own.length > 0) messages.push({ rank: (rank + i) % size, isSent: true, numbers: own });
    if (theirs.length > 0) messages.push({ rank: from, isSent: false, numbers: theirs });
  }
  return messages;
}

/** The first rank's value, of plain objects, lists, numbers, texts, arrays of floats; the others need give none. */
export function sharedValue<Value>(cluster: Cluster, own?: Value): Value {
  const { json, arrays } = packed(own);
  const lengths = arrays.map(({ length }) => length);
  const text = new TextEncoder().encode(JSON.stringify({ json, lengths }));
  const sent = cluster.rank === 0 ? text : new Uint8Array(sharedNumber(cluster, 0));
  if (cluster.rank === 0) sharedNumber(cluster, text.length);
  broadcast(cluster, sent);
  if (cluster.rank === 0) {
    for (const array of arrays) broadcast(cluster, array);
    return own!;
  }
  const first = JSON.parse(new TextDecoder().decode(sent)) as { json: Json; lengths: number[] };
  const received = first.lengths.map((length) => new Float32Array(length));
  for (const array of received) broadcast(cluster, array);
  return unpacked(first.json, received) as Value;
}

/**
 * Has other ranks' numbers come here, or one's own go there, and notes how long that took, waiting included.
 * @param runs that this counts as
 */
export function timeExchange(
  profile: Profile | undefined,
  floats: number,
  what: string,
  work: () => void,
  runs = 1,
): void {
  if (profile) profile.time('exchange', formatShape([floats]), what, work, runs);
  else work();
}

/** What every rank must have alike, by what a sentence calls it. */
export type Agreement = Readonly<Record<string, string | number | boolean>>;

/** @throws LanegradError where a rank has something else than the first */
export function requireAgreement(cluster: Cluster, where: string, own: Agreement): void {
  const first = sharedValue(cluster, own);
  for (const name of Object.keys({ ...first, ...own })) {
    if (first[name] === own[name]) continue;
    throw new LanegradError(
      `${where}: every rank of a cluster does the same, but rank ${cluster.rank} has another ${name} than rank 0: ` +
        `${own[name]}, not ${first[name]}.`,
    );
  }
}
