// A node that may have its numbers: a tensor as far as evaluation, gradients and bookkeeping know it.

import { LanegradError } from '../errors.ts';
import { type Op, Value } from '../graph/graph.ts';
import { inputOp } from '../graph/ops/sources.ts';
import type { TypedArray } from './data-type.ts';

/** A run that passed a node by: it computed the node without keeping its numbers. */
export interface Passing {
  /** To be called when the numbers are wanted after all: the next run shall keep them. */
  regret(place: number): void;
}

let arrays = 0;

/** A number that no other array has. */
const nextArrayId = (): number => ++arrays;

/** What tensors that show one array must know of each other. */
interface Access {
  hasReader: boolean;
  hasWriter: boolean;
}

export abstract class Deferred extends Value {
  // What a tensor with numbers was made of may be forgotten.
  /** @internal */
  declare op: Op;
  /** @internal */
  declare inputs: readonly Value[];
  /** @internal */
  declare attrs: object;
  /** @internal The numbers in row-major order; undefined until somebody looks. Several tensors may share an array. */
  numbers: TypedArray | undefined;
  /** @internal Tells arrays apart without holding them. */
  arrayId = 0;
  /** @internal Operations from here down to tensors with numbers, along the longest way. */
  depth = 0;
  /** @internal How the ends looked where the chain that it is of was cut, if it was. */
  endLooks: Set<number> | undefined;
  /** @internal The run that computed it last without keeping it, and its place there. */
  passedBy: Passing | undefined;
  /** @internal */
  passedAt = -1;
  /** @internal */
  place = -1;
  // No private names below, which proxies of tensors, as stores of pages make them, could not reach.
  /** @internal Whether a node that may be computed later reads it. */
  hasReader = false;
  /** @internal Whether a script has its array and may write into it. */
  hasWriter = false;
  /** @internal The same of all tensors that show its array or a part of it, where others do. */
  access: Access | undefined;
  /** @internal Whether a variable holds it: it will most likely be read again. */
  isHeld = false;
  isDisposed = false;
  /** @internal Who shares its numbers, where it shares them. */
  sharers: { counted: number } | undefined;
  /** @internal Whether the books count it: it was handed to a user, and not taken back. */
  isCounted = false;
  /** @internal Whether scopes leave it alone. */
  isKept = false;

  /** @internal Takes numbers that were computed, or that another tensor has. */
  setNumbers(numbers: TypedArray, arrayId = nextArrayId()): void {
    this.numbers = numbers;
    this.arrayId = arrayId;
    this.depth = 0;
    this.passedBy = undefined;
  }

  /** @internal Whether what may be computed later reads its array. */
  get isRead(): boolean {
    return this.hasReader || this.access?.hasReader === true;
  }

  /** @internal Notes that a node reads it that may be computed later. */
  noteReader(): void {
    this.hasReader = true;
    if (this.access) this.access.hasReader = true;
  }

  /** @internal Notes that a script has its array, into which it may write. */
  open(): void {
    this.hasWriter = true;
    if (this.access) this.access.hasWriter = true;
  }

  /** @internal Takes an array of its own, where a script has this one: what is made of it now reads that when it is computed. */
  close(): void {
    if (!this.hasWriter && !this.access?.hasWriter) return;
    this.hasWriter = false;
    this.access = undefined;
    this.requireNumbers();
    if (this.numbers) this.setNumbers(this.numbers.slice());
  }

  /** @internal Shows the array of another, or a part of it. */
  show(source: Deferred, numbers: TypedArray, arrayId?: number): void {
    source.access ??= { hasReader: source.hasReader, hasWriter: source.hasWriter };
    this.access = source.access;
    this.setNumbers(numbers, arrayId);
  }

  /** @internal @throws LanegradError where a script gave its array away, which leaves it empty. */
  requireNumbers(): void {
    if (this.numbers?.length !== 0 || this.size === 0) return;
    throw new LanegradError(
      'The numbers of this tensor were given away, as by postMessage: give data.slice().',
    );
  }

  /** An object that tensors have in common where they share their numbers. */
  get dataId(): object {
    this.sharers ??= { counted: this.isCounted ? 1 : 0 };
    return this.sharers;
  }

  /** @internal Shares the numbers of another tensor. */
  shareWith(source: Deferred): void {
    this.sharers = source.dataId as Deferred['sharers'];
  }

  /** @internal Forgets how it came to be, so that what it was made of can be collected. */
  forget(): void {
    if (this.op.kind === 'alias' && this.op.isAccompanied) {
      // What it shows has its numbers as well then, and needs what it was made of no more.
      const [shown] = this.inputs as readonly Deferred[];
      if (!this.numbers || shown.numbers) return;
      shown.show(this, this.numbers, this.arrayId);
      shown.forget();
      return;
    }
    this.op = numbersOp;
    this.inputs = none;
  }
}

const none: readonly Value[] = [];

/** A tensor that is nothing but its numbers. */
export const numbersOp = { ...inputOp, name: 'numbers' } as unknown as Op;

/**
 * A tensor that shows its first input as it is, with a gradient of its own in its attributes: what `customGrad` makes.
 * It is never computed.
 */
export const transparentOp: Op = {
  name: 'transparent',
  kind: 'alias',
  shape: ([x]) => x.shape,
  gradient: (dy, { attrs }) => (attrs as CustomGradient).gradient(dy),
};

/** From the gradient of the result to the gradients of all inputs, of which the first's is undefined. */
export interface CustomGradient {
  readonly gradient: (dy: Value) => readonly (Value | undefined)[];
}
