// What an optimizer's rule is: graph functions from gradients, weights and what it remembers to the next of these;
// and the functions that rules are made of.
//
// WebAssembly cannot flush denormals and they are a hundred times slower than other numbers, so a rule lets none in:
// gradients are cut to zero below 1e-15, what decays below 1e-30, and a square that is summed or averaged counts as
// 1e-30 at the least. None of this is visible beside any epsilon in use.

import type { Value } from '../graph/graph.ts';
import { cut } from '../graph/ops/cut.ts';
import { abs, maximum, mul, type Operand, square } from '../graph/ops/elementwise.ts';
import { multiplyAdd, multiplySubtract } from '../graph/ops/multiply-add.ts';

export const minGradient = 1e-15;
const minSlot = 1e-30;

/** What a rule reads. Gradient, weights and slots have one shape; numbers are scalars. */
export interface UpdateValues {
  readonly gradient: Value;
  readonly weights: Value;
  /** What the optimizer remembers of the weights, by name. */
  readonly slots: Readonly<Record<string, Value>>;
  /** The step's numbers by name: `rate`, the learning rate, and those of the optimizer. */
  readonly numbers: Readonly<Record<string, Value>>;
}

/** What a rule makes of it. */
export interface Updated {
  readonly weights: Value;
  /** Slots that change, by name. */
  readonly slots?: Readonly<Record<string, Value>>;
}

/** From a gradient, the weights and what was remembered to the next weights and what to remember. */
export type UpdateRule = (values: UpdateValues) => Updated;

/** A gradient, without what would become denormal when it is squared. */
export const cutGradient = (gradient: Value): Value => cut(gradient, minGradient);

/** x², 1e-30 at the least. */
export const squareOf = (x: Value): Value => square(maximum(abs(x), minGradient));

/** decay·slot + x, cut to zero where it is hardly anything. */
export const decayed = (slot: Value, decay: Operand, x: Operand, least = minSlot): Value =>
  cut(multiplyAdd(slot, decay, x), least);

/** decay·slot + rest·x: a moving average, where decay and rest make 1. */
export const averaged = (slot: Value, decay: Operand, rest: Operand, x: Value): Value =>
  multiplyAdd(slot, decay, mul(rest, x));

/** weights − rate·direction. */
export const stepped = (weights: Value, rate: Operand, direction: Value): Value =>
  multiplySubtract(rate, direction, weights);
