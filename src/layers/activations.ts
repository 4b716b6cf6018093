// Activations, each a composition of graph functions: adding one touches this file and its test alone.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { elu, leakyRelu, relu6, selu } from '../graph/ops/activations.ts';
import {
  abs,
  add,
  clip,
  div,
  erf,
  mul,
  relu,
  sigmoid,
  sign,
  softplus,
  square,
  step,
  tanh,
} from '../graph/ops/elementwise.ts';
import { max } from '../graph/ops/reductions.ts';
import { logSoftmax, softmax } from '../graph/ops/softmax.ts';
import { reshape } from '../graph/ops/sources.ts';
import { lookUp } from '../names.ts';
import type { Telling } from '../options/kinds.ts';
import type { Kind } from '../options/option.ts';
import { isOwn, registered } from '../options/registered-classes.ts';
import { applied, givenTensor } from '../tensor/convert.ts';

export interface ActivationParameters {
  /** Slope or scale of the negative side, where there is one. */
  readonly alpha?: number;
}

export type ActivationFunction = (x: Value, options?: ActivationParameters) => Value;
/** A name, or a function of one value. */
export type ActivationIdentifier = ActivationName | AnyName | ((x: Value) => Value);
type ActivationName = keyof typeof activations;
/** Any string, which leaves editors to suggest the names that are known. */
type AnyName = string & Record<never, never>;

/** x·sigmoid(x). */
const swish: ActivationFunction = (x) => mul(x, sigmoid(x));

/** x·Φ(x), Φ the normal distribution: x/2·(1 + erf(x/√2)). */
const gelu: ActivationFunction = (x) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

/**
 * x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³), as x·sigmoid(2u), which does not cancel for x < 0.
 * Hendrycks and Gimpel, 2016.
 */
const geluTanh: ActivationFunction = (x) => {
  // The sigmoid is 0 or 1 in float32 well before 12, where the cube does not yet overflow.
  const held = clip(x, -12, 12);
  const u = mul(mul(held, add(mul(square(held), 0.044715), 1)), Math.sqrt(2 / Math.PI));
  return mul(x, sigmoid(mul(u, 2)));
};

export const activations = {
  linear: (x) => x,
  /** 1 where x > 0, else 0; its gradient is zero. */
  step: (x) => step(x),
  /** −1, 0 or 1; its gradient is zero. */
  sign: (x) => sign(x),
  relu: (x) => relu(x),
  relu6: (x) => relu6(x),
  /** x where x > 0, else alpha·x; alpha is 0.2 by default. */
  leakyReLU: (x, { alpha } = {}) => leakyRelu(x, alpha),
  elu: (x, { alpha } = {}) => elu(x, alpha),
  selu: (x) => selu(x),
  sigmoid: (x) => sigmoid(x),
  /** 0.2·x + 0.5 held between 0 and 1. */
  hardSigmoid: (x) => clip(add(mul(x, 0.2), 0.5), 0, 1),
  tanh: (x) => tanh(x),
  softplus: (x) => softplus(x),
  softsign: (x) => div(x, add(abs(x), 1)),
  swish,
  silu: swish,
  gelu,
  /** The name that TensorFlow.js has for the tanh form. */
  geluNew: geluTanh,
  geluTanh,
  /** x·tanh(softplus(x)). */
  mish: (x) => mul(x, tanh(softplus(x))),
  /** Along the last axis. */
  softmax: (x) => softmax(x),
  logSoftmax: (x) => logSoftmax(x),
} satisfies Record<string, ActivationFunction>;

/** The largest of every `pieces` neighbouring features: [..., n] → [..., n / pieces]. */
export function maxout(x: Value, pieces: number): Value {
  const features = x.shape[x.rank - 1] / pieces;
  return max(reshape(x, [...x.shape.slice(0, -1), features, pieces]), -1);
}

const nameOf = (given: (x: Value) => Value): string | undefined =>
  Object.entries(activations).find(([, each]) => each === given)?.[0];

/** With what the activations of TensorFlow.js's layers have, which are objects. @param name that of a class of one's own */
function asObject(compute: (x: Value) => Value, name?: string): (x: Value) => Value {
  if (Object.hasOwn(compute, 'apply')) return compute;
  return Object.assign(compute, {
    apply: (x: unknown) => applied('activation.apply', 'x', x, compute),
    getClassName: () => name ?? nameOf(compute),
  });
}

/**
 * The activation of a name in any case, with or without underscores, or the function itself; linear for none.
 * @throws LanegradError for an unknown name, with the nearest known one.
 */
export function getActivation(identifier: ActivationIdentifier = 'linear'): (x: Value) => Value {
  if (typeof identifier !== 'function') {
    if (!isOwn(identifier, activations))
      return asObject(lookUp<ActivationFunction>('activation', identifier, activations));
    const own = registered<{ apply(x: Value): Value }>(identifier);
    return asObject((x) => givenTensor('activation', own.apply(x)), identifier);
  }
  return asObject(nameOf(identifier) ? identifier : (x) => givenTensor('activation', identifier(x)));
}

/** Options that are activations. */
export const activation: Kind<ActivationIdentifier, (x: Value) => Value> = {
  expected: 'the name of an activation, or a function',
  isWord: true,
  read(given) {
    const { className: name = given, config } = Object(typeof given === 'object' && given);
    // By its name, it has no options.
    const isKnown = typeof name === 'string' || typeof name === 'function';
    return isKnown && Object.keys({ ...config }).length === 0 ? getActivation(name) : undefined;
  },
  save(given) {
    const known = (given as Partial<Telling>).getClassName?.();
    if (known) return known;
    throw new LanegradError('a function cannot be saved. Give it by name.');
  },
};

/** Options that are activations, where null is none and not the default. */
export const activationOrNone: Kind<ActivationIdentifier, (x: Value) => Value> = {
  ...activation,
  takesNull: true,
  read: (given) => activation.read(given ?? 'linear'),
};
