// The books that TensorFlow.js keeps of tensors: who was handed out, and which scope disposes of them. Memory does not
// depend on them: what is unreachable is collected.

import { isObject, LanegradError, shown } from '../errors.ts';
import { Deferred } from './deferred.ts';

const bytesOf = ({ size, dtype }: Deferred) => size * (dtype === 'bool' || dtype === 'uint8' ? 1 : 4);

/** The scopes that are open: what each will dispose of. */
const scopes: Set<Deferred>[] = [];
/** What variables hold that were given it while any was. */
const assigned = new Set<Deferred>();
/** What `memory` tells of the tensors that are counted. */
let tensorCount = 0;
let byteCount = 0;
let bufferCount = 0;

/** Counts a tensor that a user gets; the scope that is open will dispose of it. */
export function count<T extends Deferred>(tensor: T): T {
  if (tensor.isCounted) return tensor;
  tensor.isCounted = true;
  enter(tensor);
  scopes.at(-1)?.add(tensor);
  return tensor;
}

function enter(tensor: Deferred): void {
  tensorCount++;
  if (!tensor.sharers || tensor.sharers.counted++ === 0) bufferCount++;
  byteCount += bytesOf(tensor);
}

/** Arrays of floats that are no tensors here but are variables in TensorFlow.js: what an optimizer remembers. */
export class CountedArrays {
  static readonly #all = new Set<CountedArrays>();
  #tensors = 0;
  #floats = 0;

  /** Counts `tensors` more of them, of so many floats in all. */
  add(tensors: number, floats: number): void {
    CountedArrays.#all.add(this);
    this.#change(tensors, floats);
  }

  /** Takes them out of the books. */
  clear(): void {
    CountedArrays.#all.delete(this);
    this.#change(-this.#tensors, -this.#floats);
  }

  /** Takes all that there are out of the books. */
  static clear(): void {
    for (const each of [...CountedArrays.#all]) each.clear();
  }

  #change(tensors: number, floats: number): void {
    this.#tensors += tensors;
    this.#floats += floats;
    tensorCount += tensors;
    bufferCount += tensors;
    byteCount += 4 * floats;
  }
}

/** Disposes of a tensor: it cannot be used any more. */
export function disposeOf(tensor: Deferred): void {
  if (tensor.isDisposed) return;
  tensor.isDisposed = true;
  takeOut(tensor);
}

/** Takes a tensor out of the books, and out of the scopes that are open: what nobody else has is collected. */
function takeOut(tensor: Deferred): void {
  uncount(tensor);
  for (const scope of scopes) scope.delete(tensor);
}

function uncount(tensor: Deferred): void {
  if (!tensor.isCounted) return;
  tensor.isCounted = false;
  tensorCount--;
  if (!tensor.sharers || --tensor.sharers.counted === 0) bufferCount--;
  byteCount -= bytesOf(tensor);
}

/** Changes whose numbers a tensor has. */
export function recount(tensor: Deferred, change: () => void): void {
  const { isCounted } = tensor;
  uncount(tensor);
  change();
  tensor.isCounted = isCounted;
  if (isCounted) enter(tensor);
}

/** Opens a scope: `endScope` disposes of what is made from here on. @returns what it will have counted */
export function startScope(): ReadonlySet<Deferred> {
  const scope = new Set<Deferred>();
  scopes.push(scope);
  return scope;
}

export const isInScope = (): boolean => scopes.length > 0;

/** Notes what a variable was given in the scopes that are open. */
export const noteAssigned = (value: Deferred): void => {
  assigned.add(value);
};

/** Notes that a variable holds it no more. */
export function noteLeft(value: Deferred | undefined): void {
  if (value) assigned.delete(value);
}

/** Runs a function; what it makes leaves the books, and may be used on. */
export function unbooked<T>(run: () => T): T {
  startScope();
  try {
    return run();
  } finally {
    closeScope(undefined, uncount);
  }
}

/**
 * Closes the innermost scope. What `result` holds goes to the scope around it.
 * @returns where there is none, what goes on: what `result` holds, and what variables were given
 */
export function endScope(result?: unknown): readonly Deferred[] {
  return closeScope(result, disposeOf);
}

function closeScope(result: unknown, leave: (tensor: Deferred) => void): readonly Deferred[] {
  const scope = scopes.pop();
  if (!scope) throw new LanegradError('endScope: no scope is open.');
  const returned = new Set(tensorsIn(result));
  for (const tensor of scope) {
    if (tensor.isKept) continue;
    if (returned.has(tensor)) scopes.at(-1)?.add(tensor);
    else leave(tensor);
  }
  if (isInScope()) return [];
  const ends = [...returned, ...assigned];
  assigned.clear();
  return ends;
}

/** Keeps a tensor from being disposed of by the scope it was made in. A model comes back as it is: no scope ends it. */
export function keep<T extends Deferred>(tensor: T): T {
  if (tensor instanceof Deferred) tensor.isKept = true;
  else if (typeof (tensor as { dispose?: unknown } | null)?.dispose !== 'function') {
    throw new LanegradError(`keep: takes a tensor; got ${shown(tensor)}.`);
  }
  return tensor;
}

/** Disposes of the tensors in a container: a tensor, an array, an object, or any nesting of them. */
export function dispose(container?: unknown): void {
  for (const tensor of tensorsIn(container)) (tensor as Deferred & { dispose(): void }).dispose();
}

/**
 * Takes tensors out of the books, as it is where TensorFlow.js disposes of them unasked. Whoever has them may go on
 * using them.
 * @param used a container of those that stay, if they are in it too
 */
export function release(container: unknown, used?: unknown): void {
  const staying = new Set(tensorsIn(used));
  for (const tensor of tensorsIn(container)) if (!staying.has(tensor)) takeOut(tensor);
}

/** What the books say. */
export interface MemoryInfo {
  readonly numTensors: number;
  /** How many arrays of numbers they have: clones, other shapes and variables share the array of what they were made of. */
  readonly numDataBuffers: number;
  /** Bytes of the tensors that are counted. */
  readonly numBytes: number;
  readonly unreliable: boolean;
  /** Why the numbers could be unreliable: there is no such reason. */
  readonly reasons?: string[];
}

/** How many tensors were handed out and not disposed of, and what their numbers take. */
export const memory = (): MemoryInfo => ({
  numTensors: tensorCount,
  numDataBuffers: bufferCount,
  numBytes: byteCount,
  unreliable: false,
});

/** The tensors in a container, each once. */
export function tensorsIn(container: unknown): Deferred[] {
  if (container instanceof Deferred) return [container];
  const found = new Set<Deferred>();
  const seen = new Set<unknown>();
  const visit = (each: unknown): void => {
    if (each instanceof Deferred) found.add(each);
    else if (isObject(each) && !ArrayBuffer.isView(each) && !seen.has(each)) {
      seen.add(each);
      for (const part of each instanceof Map ? each.values() : Object.values(each)) visit(part);
    }
  };
  visit(container);
  return [...found];
}
