// What the page and the worker of the text say to each other.

import type * as tf from 'lanegrad';

/** Sizes of the network that the page offers. */
export const sizes = {
  small: { steps: 32, size: 32, heads: 2, blocks: 1 },
  medium: { steps: 64, size: 48, heads: 4, blocks: 2 },
  large: { steps: 96, size: 96, heads: 6, blocks: 3 },
} as const;

export type SizeName = keyof typeof sizes;

/** How much each letter of the end of a text looked at each. */
export interface Looks {
  /** The letters, as many as the network reads at once or fewer. */
  readonly text: readonly string[];
  /** Letters that the network reads at once: the side of a head's square. */
  readonly steps: number;
  readonly heads: number;
  /** Of each block, [heads, steps, steps]: row by row who looks, at whom. */
  readonly blocks: readonly Float32Array[];
}

interface OfRun {
  /** Which network is meant: what is said of one that is gone is not heard. */
  readonly run: number;
}

export type Order = OfRun &
  (
    | { readonly type: 'build'; readonly text: string; readonly size: SizeName }
    /** Trains for about this time, in milliseconds. */
    | { readonly type: 'advance'; readonly time: number }
    | {
        readonly type: 'write';
        readonly prompt: string;
        readonly temperature: number;
        readonly letters: number;
      }
    | { readonly type: 'save' }
  );

export type Report = OfRun &
  (
    | {
        readonly type: 'built';
        readonly letters: number;
        readonly different: number;
        readonly weights: number;
      }
    | {
        readonly type: 'progress';
        readonly steps: number;
        /** The mean since the last report. */
        readonly loss: number;
        readonly lettersPerSecond: number;
        /** Every so many steps, something that it wrote. */
        readonly sample: string | undefined;
      }
    | {
        readonly type: 'written';
        /** What was understood of the prompt. */
        readonly prompt: string;
        readonly text: string;
        readonly looks: Looks;
      }
    | { readonly type: 'saved'; readonly artifacts: tf.io.ModelArtifacts }
    | { readonly type: 'failed'; readonly message: string }
  );
