// How long functions of tensors take, and what they make.

import { requireArgument } from '../options/arguments.ts';
import { memory, tensorsIn } from '../tensor/scopes.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Milliseconds that a function took. */
export interface TimeInfo {
  /** All of it. */
  readonly wallMs: number;
  /** The same: what is computed is computed within. */
  readonly kernelMs: number;
}

/** How long `f` takes, the computing of the tensors that it returns included. */
export async function time(f: () => unknown): Promise<TimeInfo> {
  requireArgument('time: f', 'function', f);
  const begun = performance.now();
  compute(await f());
  const wallMs = performance.now() - begun;
  return { wallMs, kernelMs: wallMs };
}

/** What a function made, and its result. */
export interface ProfileInfo<T> {
  readonly result: T;
  readonly newBytes: number;
  readonly newTensors: number;
  /** The most bytes that there were: those that are left. */
  readonly peakBytes: number;
  /** Nothing: operations are fused, and computed when somebody looks. `fit({ profile: true })` tells of a model's. */
  readonly kernels: readonly never[];
  readonly kernelNames: readonly string[];
}

/** How many tensors and bytes `f` leaves behind. */
export async function profile<T>(f: () => T | Promise<T>): Promise<ProfileInfo<T>> {
  requireArgument('profile: f', 'function', f);
  const before = memory();
  const result = await f();
  compute(result);
  const after = memory();
  const newBytes = after.numBytes - before.numBytes;
  const newTensors = after.numTensors - before.numTensors;
  return { result, newBytes, newTensors, peakBytes: after.numBytes, kernels: [], kernelNames: [] };
}

function compute(result: unknown): void {
  for (const tensor of tensorsIn(result)) {
    if (tensor instanceof Tensor && !tensor.isDisposed) tensor.dataSync();
  }
}
