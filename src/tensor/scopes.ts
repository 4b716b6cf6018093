// The books that TensorFlow.js keeps of tensors: who was handed out, which scope disposes of them, and whether a
// function is being differentiated. Memory does not depend on them: what is unreachable is collected.

import { isObject, LanegradError, shown } from '../errors.ts';
import type { Storage } from '../graph/graph.ts';
import { Deferred, numbersOp } from './deferred.ts';

const bytesOf = ({ size, dtype }: Deferred) => size * (dtype === 'bool' || dtype === 'uint8' ? 1 : 4);

interface Scope {
  readonly counted: Deferred[];
  /** What variables were given while it, or one within it, was open. */
  readonly assigned: Deferred[];
}

const scopes: Scope[] = [];
/** What `memory` tells of the tensors that are counted. */
let tensorCount = 0;
let byteCount = 0;
let bufferCount = 0;

/**
 * While a function is differentiated: tensors that got numbers meanwhile and remember how they came to be, the first node
 * that is made by it, and the tensors that it is differentiated by. What else is older is constant to it, read or not.
 */
const tape = { depth: 0, remembering: [] as Deferred[], first: 0, sources: new Set<Deferred>() };

let nodeCount = 0;

/** The number of the next node that a script makes: later ones have larger ones. */
export const nextNodeId = (): number => nodeCount++;

/** Whether a node is constant to the function that is differentiated, having been made before. */
export const isOlderThanTape = (node: { readonly id: number }): boolean => node.id < tape.first;

/** A change of weights that belongs to a step. */
export interface Assignment {
  readonly storage: Storage;
  readonly value: Deferred;
}

/** While a step is recorded of which nothing but what is kept can be read later. */
let step: RecordedStep | undefined;

interface RecordedStep {
  readonly assigned: Map<Storage, Deferred>;
  /** Whether functions with gradients of their own were called. */
  hasCustomGradients: boolean;
}

/** Counts a tensor that a user gets; the scope that is open will dispose of it. */
export function count<T extends Deferred>(tensor: T): T {
  if (tensor.isCounted) return tensor;
  tensor.isCounted = true;
  enter(tensor);
  scopes.at(-1)?.counted.push(tensor);
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
  uncount(tensor);
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

/** Gives numbers to a tensor, which forgets how it came to be unless a function is being differentiated. */
export function remember(tensor: Deferred): void {
  if (tape.depth > 0) tape.remembering.push(tensor);
  else tensor.forget();
}

/** Whether a tensor with numbers, which is not read of weights, is constant to what is differentiated, if anything is. */
export const isConstantNow = (tensor: Deferred): boolean =>
  tensor.op === numbersOp && isOlderThanTape(tensor) && !tensor.isHeld && !tape.sources.has(tensor);

/**
 * Runs a function that is to be differentiated.
 * @param sources the tensors, no variables, by which it is
 */
export function taped<T>(run: () => T, sources: readonly Deferred[] = []): T {
  if (tape.depth++ === 0) tape.first = nodeCount;
  for (const source of sources) tape.sources.add(source);
  try {
    return run();
  } finally {
    tape.depth--;
    if (tape.depth === 0) {
      // Those that became a version of weights meanwhile have no numbers of their own.
      for (const tensor of tape.remembering) if (tensor.numbers) tensor.forget();
      tape.remembering.length = 0;
      tape.sources.clear();
    }
  }
}

/**
 * Records a step that is computed right afterwards: what it makes is disposed of but for what is kept and returned.
 * @returns the result, the tensors that are kept, and the weights that change
 */
export function recordStep<T>(run: () => T): { result: T; kept: Deferred[]; assigned: Assignment[] } {
  startScope();
  const { counted } = scopes[scopes.length - 1];
  const outer = step;
  const assigned = new Map<Storage, Deferred>();
  step = { assigned, hasCustomGradients: false };
  let result: T | undefined;
  try {
    result = run();
    return {
      result,
      kept: counted.filter(({ isKept, isDisposed }) => isKept && !isDisposed),
      assigned: [...assigned].map(([storage, value]) => ({ storage, value })),
    };
  } finally {
    step = outer;
    endScope(result);
  }
}

/** Has the step that is recorded now change weights, if there is one. */
export function assignInStep(storage: Storage, value: Deferred): boolean {
  step?.assigned.set(storage, value);
  return step !== undefined;
}

/** Notes that a function with a gradient of its own was called. */
export function noteCustomGradient(): void {
  if (step) step.hasCustomGradients = true;
}

/** Whether such functions were called in the step that is recorded now. */
export const hasCustomGradients = (): boolean => step?.hasCustomGradients ?? false;

/** What weights will be after the step that is recorded now, if it changes them. */
export const assignedInStep = (storage: Storage): Deferred | undefined => step?.assigned.get(storage);

/** Whether what is recorded now will be computed before anything changes, or never. */
export const isPassing = (): boolean => step !== undefined;

/** Whether a function is being differentiated. */
export const isTaping = (): boolean => tape.depth > 0;

/** Opens a scope: `endScope` disposes of what is made from here on. */
export function startScope(): void {
  scopes.push({ counted: [], assigned: [] });
}

/** Notes what a variable was given in the scopes that are open. @returns whether there are any */
export function noteAssigned(value: Deferred): boolean {
  scopes[0]?.assigned.push(value);
  return scopes.length > 0;
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
  for (const tensor of scope.counted) {
    if (tensor.isDisposed || tensor.isKept) continue;
    if (returned.has(tensor)) scopes.at(-1)?.counted.push(tensor);
    else leave(tensor);
  }
  return scopes.length > 0 ? [] : [...returned, ...scope.assigned];
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
  for (const tensor of tensorsIn(container)) if (!staying.has(tensor)) uncount(tensor);
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
