// Functions as methods of tensors: `a.sub(m).div(s)` is `div(sub(a, m), s)`.

import { bufferOf } from '../tensor/buffer.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { Rank } from '../tensor/rank.ts';
import { Tensor } from '../tensor/tensor.ts';
import * as activations from './activations.ts';
import * as arithmetic from './arithmetic.ts';
import { gather } from './gather.ts';
import * as logic from './logic.ts';
import * as probabilities from './probabilities.ts';
import * as products from './products.ts';
import * as reductions from './reductions.ts';
import * as shapes from './shapes.ts';
import * as trigonometry from './trigonometry.ts';

const { addN: _terms, ...elementwise } = arithmetic;
// TensorFlow.js's `a.where(condition, b)` has the condition second.
const { where: _condition, ...truths } = logic;
const chosen = {
  where: (a: Tensor, condition: TensorArgument, b: TensorArgument) => logic.where(condition, a, b),
};
const { softmaxCrossEntropy: _logits, ...normalized } = probabilities;
// Tensors have a reshape of their own.
const { reshape: _own, concat: _list, ...moved } = shapes;

const buffers = { bufferSync: bufferOf, buffer: async (tensor: Tensor) => bufferOf(tensor) };

const methods = {
  ...activations,
  ...elementwise,
  ...trigonometry,
  ...truths,
  ...chosen,
  ...products,
  ...reductions,
  ...moved,
  ...normalized,
  ...buffers,
  gather,
};

/** A function of a tensor and more as a method of the tensor. */
type Method<F> = F extends (first: never, ...others: infer Others) => infer Result
  ? (...others: Others) => Result
  : never;

type Methods = { [Name in keyof typeof methods]: Method<(typeof methods)[Name]> };

declare module '../tensor/tensor.ts' {
  // The parameter must be named as the class names it.
  interface Tensor<R extends Rank> extends Methods {
    readonly rankHint?: unknown | R;
  }
}

for (const [name, call] of Object.entries(methods) as [string, (...args: unknown[]) => unknown][]) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...others: unknown[]) {
      return call(this, ...others);
    },
    writable: true,
    configurable: true,
  });
}

export { Tensor };
