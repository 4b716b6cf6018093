// How a caller stops what takes long: an option, and what comes of it.

import { LanegradError } from '../errors.ts';
import type { Kind } from './option.ts';

/** An `AbortSignal`, or anything that says when to stop. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

export const stopSignal: Kind<StopSignal> = {
  expected: 'an AbortSignal',
  read: (given) =>
    typeof (given as { aborted?: unknown } | null)?.aborted === 'boolean' ? (given as StopSignal) : undefined,
};

/** The signal among what `fetch` is given. */
export const signalOf = (init?: object): StopSignal | undefined =>
  (init as { readonly signal?: StopSignal } | undefined)?.signal;

/** Why a request failed, as a sentence; whoever stopped it gets what `fetch` throws then, and knows it by its name. */
export function requestProblem(address: string, cause: unknown, init?: object): unknown {
  const { name, message } = cause as Error;
  if (signalOf(init)?.aborted || name === 'AbortError') return cause;
  return new LanegradError(`${address} cannot be reached: ${message}`, { cause });
}

/** Throws the signal's reason once it is aborted. @param where the method, for the error of a signal without one */
export function stopIfAborted(where: string, signal: StopSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new LanegradError(`${where}: stopped by its signal.`);
}
