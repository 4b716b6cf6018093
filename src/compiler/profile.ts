// Where the time of programs goes: what each stage of a program took, over many runs.

import { formatShape } from '../graph/shape.ts';
import { nodesOf, type Stage, scopesOf } from './fuse.ts';

/** One line of a profile. */
export interface ProfileEntry {
  /** 'matMul', 'conv2d', 'map' (element-wise arithmetic), 'update' (the optimizer), 'data' (copying a batch), 'exchange' (between ranks), … */
  readonly kind: string;
  /** Shape of what it computes. */
  readonly shape: string;
  /** The layers, losses and metrics that it is of. */
  readonly layers: string;
  readonly runs: number;
  readonly milliseconds: number;
  /** Of the time of all entries, from 0 to 1. */
  readonly share: number;
}

type Sums = Omit<ProfileEntry, 'share'>;

/** Times of stages, summed over the runs of any number of programs. */
export class Profile {
  readonly #sums = new Map<string, { -readonly [K in keyof Sums]: Sums[K] }>();

  /**
   * Runs `work` and adds the time that it took.
   * @param runs that this counts as: none where it is the beginning of something that is counted when it ends
   */
  time(kind: string, shape: string, layers: string, work: () => void, runs = 1): void {
    const key = `${kind} ${shape} ${layers}`;
    let sums = this.#sums.get(key);
    if (!sums) {
      sums = { kind, shape, layers, runs: 0, milliseconds: 0 };
      this.#sums.set(key, sums);
    }
    const began = performance.now();
    work();
    sums.milliseconds += performance.now() - began;
    sums.runs += runs;
  }

  /** The same for a stage of a program. */
  timeStage(stage: Stage, work: () => void): void {
    const [{ shape }] = nodesOf(stage);
    this.time(stage.kernel?.op.name ?? 'map', formatShape(shape), scopesOf(stage), work);
  }

  /** All entries, the longest first. */
  entries(): ProfileEntry[] {
    const all = [...this.#sums.values()].sort((a, b) => b.milliseconds - a.milliseconds);
    const total = all.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return all.map((sums) => ({ ...sums, share: total === 0 ? 0 : sums.milliseconds / total }));
  }
}
