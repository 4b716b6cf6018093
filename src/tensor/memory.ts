/*
 * What TensorFlow.js scripts call to manage memory. Tensors here are ordinary memory, so these only keep such
 * scripts running.
 */

/** Calls `fn` and gives back its result; a name may come first. Nothing is disposed of. */
export function tidy<T>(fn: () => T): T;
export function tidy<T>(name: string, fn: () => T): T;
export function tidy<T>(nameOrFn: string | (() => T), fn?: () => T): T {
  return typeof nameOrFn === 'function' ? nameOrFn() : fn!();
}

/** Does nothing: a tensor is collected when nothing refers to it. */
export function dispose(_container?: unknown): void {}

/** Resolves after the event loop had a turn, so that a page can draw. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
