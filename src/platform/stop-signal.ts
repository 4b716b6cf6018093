// How a caller stops what takes long.

import { LanegradError } from '../errors.ts';

/** An `AbortSignal`, or anything that says when to stop. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** Throws the signal's reason once it is aborted. @param where the method, for the error of a signal without one */
export function stopIfAborted(where: string, signal: StopSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new LanegradError(`${where}: stopped by its signal.`);
}
