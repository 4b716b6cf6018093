// Threads that help to run programs. They live inside WebAssembly, where they look for work or sleep; this side
// starts them and hears when one ends.

import { RunEnd } from '../../assembly/opcodes.ts';
import { ShareWord } from '../../assembly/words.ts';
import { LanegradError } from '../errors.ts';
import { platform } from '../platform/platform.ts';
import { startThread } from './thread.ts';
import { wordOf } from './words.ts';

/** Bounds in multiply-adds, as programs estimate their work. Tests lower them, to share small programs too. */
export const teamBounds = {
  /** The work of a program from which several threads gain more than they cost. */
  program: 200_000,
  /** The work done before threads are started: what is over sooner gains nothing from them. */
  start: 2e8,
};

/** The kernels of a team: see team.ts there. */
export interface TeamKernels {
  runTogether(
    program: number,
    count: number,
    share: number,
    team: number,
    threads: number,
    maySleep: boolean,
  ): RunEnd;
}

interface TeamOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: TeamKernels;
  /** Address of the memory that all threads know, `Layout.teamBytes`. */
  readonly address: number;
  /** Address of each thread's own memory, `Layout.threadBytes`; the first is that of the thread that runs programs. */
  readonly shares: readonly number[];
}

export class Team {
  readonly #options: TeamOptions;
  /** Memory as words. Shared memory stays where it is when it grows, so this view serves for good. */
  readonly #words: Int32Array;
  #workDone = 0;
  #isStarted = false;
  #failure: string | undefined;
  /** Trainings that are going on: a thread that ends while there are none is nobody's failure. */
  #trainings = 0;
  /** Whether a thread may still be at work on a step that was given up: none may run beside it any more. */
  #isAbandoned = false;

  constructor(options: TeamOptions) {
    this.#options = options;
    this.#words = new Int32Array(options.memory.buffer);
    for (const [thread, share] of options.shares.entries())
      this.#words[wordOf(share) + ShareWord.thread] = thread;
  }

  /** Whether programs of so much work are run with `run`, once the threads are there. */
  gainsFrom(work: number): boolean {
    return work >= teamBounds.program;
  }

  /** Whether to run a program with `run` now. Starts the threads once enough work has been done. */
  isReadyFor(work: number): boolean {
    if (!this.gainsFrom(work) || this.#isAbandoned) return false;
    this.#workDone += work;
    if (!this.#isStarted && this.#workDone > teamBounds.start) this.#start();
    return this.#failure !== undefined || this.present > 1;
  }

  /**
   * Runs a program on all threads.
   * @throws LanegradError if a thread has ended during the training that goes on: then its next run does not begin, or
   * this one does not come to an end.
   */
  run(program: number, count: number): void {
    this.#throwFailure();
    const { kernels, address, shares } = this.#options;
    const end = kernels.runTogether(program, count, shares[0], address, shares.length, platform.maySleep);
    if (end === RunEnd.allDone) return;
    this.#failure =
      end === RunEnd.oneFailed ? 'a kernel gave up' : 'its part of a step was not done within a minute';
    this.#isAbandoned = end === RunEnd.tooLate;
    this.#throwFailure();
  }

  /** Runs a training, which hears of threads that end meanwhile. */
  async during<T>(training: () => Promise<T>): Promise<T> {
    this.#trainings++;
    try {
      return await training();
    } finally {
      this.#trainings--;
      if (this.#trainings === 0) this.#failure = undefined;
    }
  }

  /** Starts the threads. They help from when they are there; until then programs run without them. */
  #start(): void {
    this.#isStarted = true;
    const { module, memory, address, shares } = this.#options;
    for (const share of shares.slice(1)) {
      const joined = wordOf(share) + ShareWord.joined;
      const ended = (reason: string) => {
        // One that never came is not missed: its file may not be where a bundler put the rest.
        if (this.#words[joined] === 0) return;
        this.#words[joined] = 0;
        if (this.#trainings > 0) this.#failure = reason;
      };
      try {
        startThread({ module, memory, team: address, share }, ended);
      } catch {
        // Nor is one that may not come: pages' policies and Node's permissions forbid workers.
        return;
      }
    }
  }

  /** Threads that can work now, the one that runs programs included. */
  get present(): number {
    const { shares } = this.#options;
    let present = 1;
    if (this.#isAbandoned) return present;
    for (let i = 1; i < shares.length; i++) present += this.#words[wordOf(shares[i]) + ShareWord.joined];
    return present;
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    const reason = this.#failure;
    this.#failure = undefined;
    throw new LanegradError(
      `A thread ended: ${reason}. The current step was not done; the model can still be used, ` +
        `on ${this.present} of ${this.#options.shares.length} threads.`,
    );
  }
}
