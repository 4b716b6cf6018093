// What a page and its training worker say to each other.

import type { Variant } from '../engine/variant.ts';
import type { SavedArtifacts } from '../io/artifacts.ts';
import type { DataType, TypedArray } from '../tensor/data-type.ts';
import type { Logs } from '../training/callbacks/callback.ts';
import type { FitOptions } from '../training/fit.ts';

/** A tensor on its way: its numbers are transferred, not cloned. */
export interface SentTensor {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** What training changes: the model's weights, and what the optimizer remembers. */
export interface SentState {
  readonly weights: readonly SentTensor[];
  readonly remembered: readonly SentNamedTensor[];
}

export interface SentNamedTensor {
  readonly name: string;
  readonly tensor: SentTensor;
}

/** To the worker. */
export type Order =
  | {
      readonly type: 'fit';
      /** The page's kernels, for the same bits. */
      readonly variant: Variant;
      /** The model, how it is compiled, and what its optimizer remembers. */
      readonly model: SavedArtifacts;
      readonly x: unknown;
      readonly y: unknown;
      readonly options: FitOptions;
      /** Whether the page has callbacks: they are told of batches, and find the weights of each epoch's end. */
      readonly hasCallbacks: boolean;
    }
  | { readonly type: 'answer'; readonly stop: boolean; readonly rates: Float64Array }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' };

export type Hook = 'onTrainBegin' | 'onEpochBegin' | 'onEpochEnd' | 'onTrainEnd';

export interface BatchEvent {
  readonly hook: 'onBatchBegin' | 'onBatchEnd';
  readonly batch: number;
  readonly logs: Logs;
}

/** From the worker. */
export type Report =
  | {
      /** The worker waits for an answer. */
      readonly type: 'hook';
      readonly hook: Hook;
      readonly epoch: number;
      readonly logs: Logs | undefined;
      readonly params: {
        readonly doValidation: boolean;
        readonly steps: number;
        readonly samples: number;
        readonly metrics: readonly string[];
      };
      /** Optimizer steps done. */
      readonly iterations: number;
      readonly state: SentState | undefined;
    }
  | { readonly type: 'batches'; readonly events: readonly BatchEvent[] }
  | {
      readonly type: 'done';
      readonly epoch: readonly number[];
      readonly history: Readonly<Record<string, number[]>>;
      readonly state: SentState;
    }
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly isAborted: boolean;
      readonly state: SentState | undefined;
    };

/** The memory of what is sent, to be moved and not copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (Array.isArray(value) && typeof value[0] === 'number') return [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
