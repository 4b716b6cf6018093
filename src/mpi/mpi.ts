// `lanegrad/mpi`: processes that mpirun started, as a cluster that `fit` trains on.

import { LanegradError, version } from '../index.ts';
import type { Cluster, Exchange, Message } from '../training/distributed/cluster.ts';
import { sayEnded } from './hydra.ts';
import { type Library, launchedSize, loadLibrary } from './library.ts';

export type { Cluster };

/** What is used of the process; Deno and Bun have it too. */
declare const process: {
  readonly env: Record<string, string | undefined>;
  on(event: 'exit', listener: (code: number) => void): void;
};

export interface MpiOptions {
  /** The MPI library's name or path; by default the one whose launcher started the process, or the first that is found. */
  readonly library?: string;
  /**
   * Seconds that ranks wait for each other before they all end; 30 by default. It must be longer than whatever one rank
   * does alone: callbacks, saving, reading data.
   */
  readonly timeout?: number;
}

/** What is sent: that a rank failed, that it has done everything, or data, with the number of their channel added. */
const tags = { failure: 1, end: 2, data: 3 } as const;
/** Bytes of the message that a rank failed. */
const failureBytes = 1024;
/** MPI counts in 32-bit integers. */
const maxBytes = 2 ** 30;
/** Milliseconds that a wait asks again at once before it sleeps in between. */
const spinning = 0.1;
/** The longest sleep, in milliseconds. */
const longestSleep = 1;
/** The longest that a rank that failed waits for others to hear of it, in milliseconds: they may be in the middle of a step. */
const longestHearing = 3000;
/** Milliseconds in which launchers pass on what a rank said last. */
const timeOfFailure = 500;
/** Milliseconds after which a rank ends that heard of a failure: the one that failed has ended before, on busy machines too. */
const timeOfEnding = longestHearing + 2000;
/** Milliseconds in which the last messages leave. */
const timeOfEnd = 20;

/** Handles of what is under way, as the library writes them. */
type Requests = Int32Array | BigInt64Array;

let made: Promise<Cluster> | undefined;

/**
 * The processes that mpirun, srun or the like started with this one. Every one of them must call it, and then do the
 * same: `fit`, `evaluate` and `predict` with this cluster, in the same order, on the same data. Calls behind the first that
 * succeeds give the same cluster.
 * @throws LanegradError where the package koffi or an MPI library is missing
 */
export function mpi(options: MpiOptions = {}): Promise<Cluster> {
  made ??= start(options);
  return made;
}

async function start({ library: named, timeout = 30 }: MpiOptions): Promise<Cluster> {
  const library = await libraryFor(named, timeout).catch((problem) => {
    // A process can begin with MPI once; until then the next call may name another library.
    made = undefined;
    throw problem;
  });
  library.init(null, null);
  const cluster = new MpiCluster(library, timeout);
  const launched = launchedSize(process.env);
  if (launched > 1 && cluster.size === 1) {
    throw new LanegradError(
      `mpi: ${launched} processes were started together, but ${library.name} knows of one: it is not the library of the ` +
        "launcher that started them. Name that: mpi({ library: '…' }); under Slurm, say srun --mpi=pmix, or pmi2 for MPICH.",
    );
  }
  process.on('exit', (code) => cluster.end(code));
  return cluster;
}

async function libraryFor(named: string | undefined, timeout: number): Promise<Library> {
  if (timeout > 0) return loadLibrary(process.env, named);
  throw new LanegradError(`mpi: timeout must be a positive number of seconds; got ${timeout}.`);
}

class MpiCluster implements Cluster {
  readonly rank: number;
  readonly size: number;
  readonly version = version.lanegrad;
  readonly #mpi: Library;
  readonly #timeout: number;
  readonly #flag = new Int32Array(1);
  readonly #nothing = new Int32Array(new SharedArrayBuffer(4));
  #failure: string | undefined;

  constructor(library: Library, timeout: number) {
    this.#mpi = library;
    this.#timeout = timeout * 1000;
    const read = (call: Library['commRank']) => {
      call(library.world, this.#flag);
      return this.#flag[0];
    };
    this.rank = read(library.commRank);
    this.size = read(library.commSize);
  }

  exchange(messages: readonly Message[]): void {
    this.begin(messages, 0).wait();
  }

  begin(messages: readonly Message[], channel: number): Exchange {
    return this.#begin(messages, tags.data + channel, this.#timeout);
  }

  #begin(messages: readonly Message[], tag: number, timeout: number): Exchange {
    this.#throwIfFailed();
    const { bytes: type, world, isend, irecv } = this.#mpi;
    // What is awaited first, so that nothing that comes has to be kept elsewhere.
    const parts = messages.flatMap(inParts).sort((a, b) => Number(a.isSent) - Number(b.isSent));
    const requests = this.#requests(parts.length);
    for (const [i, { rank, numbers, isSent }] of parts.entries()) {
      const call = isSent ? isend : irecv;
      call(numbers, numbers.byteLength, type, rank, tag, world, requests.subarray(i));
    }
    return this.#underWay(requests, () => [...new Set(parts.map(({ rank }) => rank))].join(', '), timeout);
  }

  /** MPI knows these by the order in which they begin. */
  beginAllReduce(values: Float32Array): Exchange {
    this.#throwIfFailed();
    const { inPlace, floats, sum, world, iallreduce } = this.#mpi;
    const requests = this.#requests(1);
    iallreduce(inPlace, values, values.length, floats, sum, world, requests);
    return this.#underWay(requests, () => 'all others', this.#timeout);
  }

  #underWay(requests: Requests, others: () => string, timeout: number): Exchange {
    return {
      isDone: () => this.#isDone(requests),
      wait: () => this.#wait(requests, others, timeout),
    };
  }

  fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = `rank ${this.rank} failed: ${reason}`;
    const text = new TextEncoder().encode(this.#failure).slice(0, failureBytes);
    const message = new Uint8Array(failureBytes);
    message.set(text);
    const { bytes, world, issend } = this.#mpi;
    const others = this.#others();
    const requests = this.#requests(others.length);
    // Done once it is received: a launcher may end all when this rank ends, which is soon.
    for (const [i, rank] of others.entries())
      issend(message, failureBytes, bytes, rank, tags.failure, world, requests.subarray(i));
    const end = performance.now() + longestHearing;
    while (!this.#isDone(requests) && performance.now() < end) {
      // Others that failed at the same time wait for this rank as it does for them.
      this.#receiveFailure();
      this.#sleep(longestSleep);
    }
    this.#sleep(timeOfFailure);
  }

  /** Waits until every rank has done everything, however long that takes. */
  #meet(): void {
    const messages = [false, true].flatMap((isSent) =>
      this.#others().map((rank) => ({ rank, isSent, numbers: new Uint8Array(1) })),
    );
    this.#begin(messages, tags.end, Number.POSITIVE_INFINITY).wait();
    const end = performance.now() + timeOfEnd;
    while (performance.now() < end) {
      // MPI gets on with what is under way only while it is asked.
      this.#heedFailure();
      this.#sleep(longestSleep);
    }
  }

  /**
   * To be called when the process ends. One that ends in an error leaves without a word, on which launchers end the
   * others; aborting would end it before Node has printed the error.
   */
  end(code: number): void {
    if (code !== 0 || this.#failure !== undefined) return;
    if (this.#mpi.mayHang) {
      this.#meet();
      sayEnded(this.#mpi, process.env);
    } else {
      this.#mpi.finalize();
    }
  }

  #others(): number[] {
    return Array.from({ length: this.size }, (_, rank) => rank).filter((rank) => rank !== this.rank);
  }

  #isDone(requests: Requests): boolean {
    this.#mpi.testall(requests.length, requests, this.#flag, this.#mpi.noStatus);
    return this.#flag[0] !== 0;
  }

  /** Waits for requests; MPI gets on with them only while it is asked. */
  #wait(requests: Requests, others: () => string, timeout: number): void {
    const begin = performance.now();
    while (!this.#isDone(requests)) {
      const waited = performance.now() - begin;
      if (waited < spinning) continue;
      this.#heedFailure();
      if (waited > timeout) this.#giveUp(waited, others());
      this.#sleep(Math.min(longestSleep, waited / 8));
    }
  }

  #sleep(milliseconds: number): void {
    Atomics.wait(this.#nothing, 0, 0, milliseconds);
  }

  /** @throws LanegradError where another rank has said that it failed */
  #heedFailure(): void {
    const failure = this.#receiveFailure();
    if (failure === undefined) return;
    this.#failure = failure;
    // A launcher may end all as soon as one has ended: this rank says why now, and the one that failed has time to say it.
    console.error(`lanegrad/mpi: ${this.#failure}. Rank ${this.rank} ends too.`);
    this.#sleep(timeOfEnding);
    this.#throwIfFailed();
  }

  /** What another rank says that failed. */
  #receiveFailure(): string | undefined {
    const { anySource, bytes, world, iprobe, recv, noStatus } = this.#mpi;
    iprobe(anySource, tags.failure, world, this.#flag, noStatus);
    if (this.#flag[0] === 0) return undefined;
    const message = new Uint8Array(failureBytes);
    recv(message, failureBytes, bytes, anySource, tags.failure, world, noStatus);
    return new TextDecoder().decode(message).replace(/\0+$/, '');
  }

  /** Ends all ranks: what is still under way would write into memory whenever it comes. */
  #giveUp(waited: number, others: string): never {
    const seconds = (waited / 1000).toFixed(0);
    console.error(
      `lanegrad/mpi: rank ${this.rank} waited ${seconds} s for rank ${others}, which does not answer. All ranks end. ` +
        'If a rank is only slow, give mpi({ timeout }) more seconds.',
    );
    this.#sleep(timeOfFailure);
    this.#mpi.abort(this.#mpi.world, 1);
    throw new LanegradError('mpi: the cluster has ended.');
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw new LanegradError(`mpi: ${this.#failure}`);
  }

  /** Room for MPI's names of what is under way. */
  #requests(count: number): Requests {
    return this.#mpi.handle === 'int' ? new Int32Array(count) : new BigInt64Array(count);
  }
}

/** A message in parts that MPI can count. */
function inParts(message: Message): Message[] {
  const { numbers } = message;
  if (numbers.byteLength <= maxBytes) return [message];
  const { buffer, byteOffset, byteLength } = numbers;
  return Array.from({ length: Math.ceil(byteLength / maxBytes) }, (_, i) => {
    const start = i * maxBytes;
    const part = new Uint8Array(buffer, byteOffset + start, Math.min(maxBytes, byteLength - start));
    return { ...message, numbers: part };
  });
}
