// What the page and the worker of the playground say to each other.

import type { Settings } from './settings.ts';

/** Points of a row and of a column at which every unit is asked. */
export const resolution = 64;

/** Coordinates go from −extent to extent. */
export const extent = 6;

export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** −1 to 1; classes are −1 and 1. */
  readonly value: Float32Array;
  /** How many of them, from the first, are trained with. */
  readonly training: number;
}

export interface LayerFrame {
  readonly units: number;
  /** [inputs, units] */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly kernelGradient: Float32Array;
  readonly biasGradient: Float32Array;
  /** What each unit says of each point of the plane, rows from the top: [points, units]. */
  readonly plane: Float32Array;
}

export interface Frame {
  readonly epoch: number;
  readonly layers: readonly LayerFrame[];
  readonly trainingLoss: number;
  readonly testLoss: number;
  /** Shares that are classified right; NaN where there are no classes. */
  readonly trainingAccuracy: number;
  readonly testAccuracy: number;
  readonly steps: number;
  /** Time that these steps took, in milliseconds. */
  readonly time: number;
}

export type Order =
  | { readonly type: 'build'; readonly run: number; readonly settings: Settings }
  | {
      readonly type: 'advance';
      readonly run: number;
      /** At least one; more as long as the time is not over. */
      readonly epochs: number;
      /** Milliseconds. */
      readonly time: number;
      readonly settings: Settings;
    };

export type Report =
  | {
      readonly type: 'built';
      readonly run: number;
      readonly points: Points;
      /** Each feature over the plane. */
      readonly features: readonly Float32Array[];
      readonly frame: Frame;
    }
  | { readonly type: 'frame'; readonly run: number; readonly frame: Frame }
  | { readonly type: 'failed'; readonly run: number; readonly message: string };
