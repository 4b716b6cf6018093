// Whether a function is being differentiated: tensors that get numbers meanwhile remember how they came to be.

import type { Value } from '../graph/graph.ts';
import { type Deferred, numbersOp } from './deferred.ts';

/**
 * While a function is differentiated: tensors that got numbers meanwhile and remember how they came to be, the first node
 * that is made by it, and the tensors that it is differentiated by. What else is older is constant to it, read or not.
 */
const tape = { depth: 0, remembering: [] as Deferred[], first: 0, sources: new Set<Deferred>() };

let nodeCount = 0;

/** The number of the next node that a script makes: later ones have larger ones. */
export const nextNodeId = (): number => nodeCount++;

/** Whether a node of a script is constant to the function that is differentiated, having been made before. */
export const isOlderThanTape = ({ id, graph }: Value): boolean => id < tape.first && graph.isOfScript;

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

/** Whether a function is being differentiated. */
export const isTaping = (): boolean => tape.depth > 0;
