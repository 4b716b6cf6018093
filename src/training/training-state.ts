// Where a training stands: all that another one needs to go on from there, to the same bits. And that as JSON and arrays
// of floats, as files keep it.

import { isObject } from '../errors.ts';
import type { Json, JsonObject } from '../io/json.ts';
import { damaged } from '../io/model-json.ts';
import { mapValues } from '../names.ts';
import type { SeedPosition } from '../random/seed.ts';

/** What an epoch's totals are made of, so far: each metric by what it adds up, or by what it collects. */
export interface TotalsState {
  readonly samples: number;
  readonly losses: readonly number[];
  readonly tallies: readonly { readonly sums: readonly number[]; readonly collected: Float32Array }[];
}

/** What a trainer knows beside the weights. */
export interface TrainerState {
  /** Batches that were tested. */
  readonly tested: number;
  /** Steps done. */
  readonly steps: number;
  /** Undefined where it follows the step. */
  readonly learningRate?: number;
  /** What the optimizer remembers, slot by slot, of each weight. */
  readonly remembered: readonly Float32Array[];
  /** Of layers that go on where the batch before them ended. */
  readonly layerStates: readonly Float32Array[];
}

/** What a callback remembers. */
export interface CallbackState {
  readonly name: string;
  readonly state: unknown;
  /** Whether training would be another one without the callback. */
  readonly isNeeded: boolean;
}

export interface TrainingState {
  /** When it was put down, in milliseconds since 1970; later than whatever was put down before. */
  readonly savedAt: number;
  /** What trains: 'fit' or 'fitDataset'. */
  readonly method: string;
  /** Of shuffling and dropout. */
  readonly seed: number;
  /** Of what a script draws itself. */
  readonly seeds: SeedPosition;
  /** Epochs done. */
  readonly epoch: number;
  /** Batches done of the epoch after those; 0 where none of it is begun. */
  readonly batch: number;
  /** Samples of an epoch and of a step, where they are known. */
  readonly samples?: number;
  readonly batchSize?: number;
  /** Parts that a step was computed in, where it was. */
  readonly microBatches?: number;
  readonly totals: TotalsState;
  readonly trainer: TrainerState;
  readonly callbacks: readonly CallbackState[];
}

/** What training can be asked for while it runs. */
export interface Resumable {
  /** Where it stands now, between two steps or two epochs. */
  state(): Promise<TrainingState>;
}

/** What errors call it. */
export const stateOfTraining = 'the state of training';

/** What JSON has no word for. */
const isSpecial = (value: unknown): value is number => typeof value === 'number' && !Number.isFinite(value);

/** A value as JSON, its arrays of floats beside it. Other typed arrays become lists; what has no value is left out. */
export function packed(value: unknown): { json: Json; arrays: Float32Array[] } {
  const arrays: Float32Array[] = [];
  const pack = (each: unknown): Json => {
    if (each instanceof Float32Array) return { $array: arrays.push(each) - 1 };
    if (ArrayBuffer.isView(each)) return Array.from(each as unknown as ArrayLike<number>, pack);
    if (isSpecial(each)) return { $number: String(each) };
    if (Array.isArray(each)) return each.map(pack);
    if (!isObject(each)) return (each ?? null) as Json;
    const known = Object.entries(each).filter(([, part]) => part !== undefined);
    return Object.fromEntries(known.map(([name, part]) => [name, pack(part)]));
  };
  return { json: pack(value), arrays };
}

/** The value that was packed. @throws LanegradError where arrays are missing. */
export function unpacked(json: Json, arrays: readonly Float32Array[]): unknown {
  if (Array.isArray(json)) return json.map((each) => unpacked(each, arrays));
  if (!isObject(json)) return json;
  const { $array, $number } = json as JsonObject;
  if (typeof $number === 'string') return Number($number);
  if ($array === undefined) return mapValues(json as JsonObject, (each) => unpacked(each, arrays));
  const found = arrays[$array as number];
  if (found) return found;
  throw damaged(stateOfTraining, `it names array ${JSON.stringify($array)} of ${arrays.length}`);
}
