// Scopes as scripts have them: `tidy`, and the end of those that they open themselves.

import { LanegradError } from '../errors.ts';
import * as scopes from './scopes.ts';
import { cutPiece } from './tensor.ts';

/** Closes the innermost scope. What `result` holds goes to the scope around it. */
export function endScope(result?: unknown): void {
  cutPiece(scopes.endScope(result));
}

/**
 * Calls `fn` and gives back its result; tensors that it made and did not return, keep or make variables of are
 * disposed of. A name may come first. Where `fn` is async, the console says so: a scope cannot stay open over turns of the
 * event loop.
 */
export function tidy<T>(nameOrFn: string | (() => T), fn?: () => T): T {
  const isNamed = typeof nameOrFn === 'string' || nameOrFn instanceof String;
  const run = isNamed ? fn : fn === undefined ? nameOrFn : undefined;
  if (typeof run !== 'function') {
    throw new LanegradError('tidy: takes a function, or a name and a function.');
  }
  scopes.startScope();
  let result: T;
  try {
    result = run();
  } catch (error) {
    // Nothing is computed, which might fail in its turn and hide why.
    scopes.endScope();
    throw error;
  }
  endScope(result);
  if (result instanceof Promise) {
    console.error('tidy: Cannot return a Promise inside of tidy; the function must not be async.');
  }
  return result;
}
