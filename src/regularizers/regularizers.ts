// Penalties on weights, added to the loss.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { abs, add, mul, square } from '../graph/ops/elementwise.ts';
import {
  type Configurable,
  configurable,
  type Described,
  described,
  finite,
  readAs,
} from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { makeNamed } from '../options/registered-classes.ts';
import { type AppliesToTensors, applied } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Scalar } from '../tensor/types.ts';

/** What a weight or an output costs: a scalar that is added to the loss. */
export interface Regularizer extends Configurable {
  readonly className: string;
  readonly config: object;
  /** The penalty, a scalar. */
  apply(w: Value): Value;
}

/** What the functions here make: scripts may call them, as in TensorFlow.js. */
export interface BuiltInRegularizer extends Described {
  apply(w: Tensor): Scalar;
  apply(w: Value): Value;
}

const l1Options = {
  /** Factor of Σ|w|; 0.01 by default. */
  l1: optional(finite, 0.01),
};

const l2Options = {
  /** Factor of Σw²; 0.01 by default. */
  l2: optional(finite, 0.01),
};

const l1l2Options = /* @__PURE__ */ describe(l1Options, l2Options);

export interface L1Options extends OptionsOf<typeof l1Options> {}
export interface L2Options extends OptionsOf<typeof l2Options> {}
export interface L1L2Options extends OptionsOf<typeof l1l2Options> {}

/** l1·Σ|w| + l2·Σw². */
function l1l2(options: L1L2Options = {}): BuiltInRegularizer {
  const { l1, l2 } = readOptions('l1l2', l1l2Options, options);
  const penalty = (w: Value): Value => {
    const terms = [];
    if (l1 !== 0) terms.push(mul(sum(abs(w)), l1));
    if (l2 !== 0) terms.push(mul(sum(square(w)), l2));
    return terms.length > 0 ? terms.reduce((a, b) => add(a, b)) : mul(sum(w), 0);
  };
  return {
    ...described('L1L2', { l1, l2 }),
    apply: (given: Value) => applied('regularizer.apply', 'x', given, penalty) as Scalar,
  };
}

/** l1·Σ|w|; l1 is 0.01 by default. */
function l1(options: L1Options = {}) {
  return l1l2({ ...readOptions('l1', l1Options, options), l2: 0 });
}

/** l2·Σw²; l2 is 0.01 by default. */
function l2(options: L2Options = {}) {
  return l1l2({ ...readOptions('l2', l2Options, options), l1: 0 });
}

export const regularizers = {
  l1,
  l2,
  l1l2,
};

/** Options that are regularizers. */
export const regularizer: Kind<string | Regularizer | AppliesToTensors | Configurable, Regularizer> =
  /* @__PURE__ */ configurable<Regularizer>('a regularizer', 'apply', fromName);

/**
 * The regularizer of a name, of a saved configuration, or the regularizer itself.
 * @throws LanegradError for an unknown name.
 */
export function getRegularizer(identifier: string | Regularizer | Configurable): Regularizer {
  return readAs(regularizer, 'regularizer', identifier);
}

function fromName(name: string, options: object = {}): Regularizer {
  const table: Readonly<Record<string, (options?: object) => Regularizer>> = regularizers;
  return makeNamed('regularizer', name, table, options);
}
