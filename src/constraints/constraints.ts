// What weights are held to after each step. Norms are taken along `axis`: for a dense kernel, axis 0 is
// the weights into one unit.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { add, clip, div, mul, relu, sqrt, square } from '../graph/ops/elementwise.ts';
import {
  type Configurable,
  configurable,
  type Described,
  described,
  integer,
  nonNegative,
  readAs,
  share,
} from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { makeNamed } from '../options/registered-classes.ts';
import { type AppliesToTensors, applied } from '../tensor/convert.ts';

/** Where a weight may go: it is put back there after each step. */
export interface Constraint extends Configurable {
  readonly className: string;
  readonly config: object;
  /** The weights as they should be. */
  apply(w: Value): Value;
}

/** What the functions here make: scripts may call them, as in TensorFlow.js. */
export interface BuiltInConstraint extends Described {
  apply<T extends Value>(w: T): T;
}

const axisOptions = {
  /** 0 by default. */
  axis: optional(integer, 0),
};

const maxNormOptions = /* @__PURE__ */ describe(axisOptions, {
  /** 2 by default. */
  maxValue: optional(nonNegative, 2),
});

const minMaxNormOptions = /* @__PURE__ */ describe(axisOptions, {
  /** 0 by default. */
  minValue: optional(nonNegative, 0),
  /** 1 by default. */
  maxValue: optional(nonNegative, 1),
  /** How much of the correction is made in one step; 1, all of it, by default. */
  rate: optional(share, 1),
});

export interface AxisOptions extends OptionsOf<typeof axisOptions> {}
export interface MaxNormOptions extends OptionsOf<typeof maxNormOptions> {}
export interface MinMaxNormOptions extends OptionsOf<typeof minMaxNormOptions> {}

/** Keeps a division by a norm of zero finite, as in TensorFlow.js. */
const epsilon = 1e-7;

const normOf = (w: Value, axis: number) => sqrt(sum(square(w), axis, true));

/** w, with norms rescaled to `wanted(norm)`. */
const rescale = (w: Value, axis: number, wanted: (norm: Value) => Value): Value => {
  const norm = normOf(w, axis);
  return mul(w, div(wanted(norm), add(norm, epsilon)));
};

/** A constraint; scripts that call it get a tensor of its own. */
const made = (className: string, config: object, hold: (w: Value) => Value): BuiltInConstraint => ({
  ...described(className, config),
  apply: <T extends Value>(given: T) => applied('constraint.apply', 'w', given, hold) as T,
});

/** Norms of at most maxValue. */
function maxNorm(options: MaxNormOptions = {}): BuiltInConstraint {
  const config = readOptions('maxNorm', maxNormOptions, options);
  const { maxValue, axis } = config;
  return made('MaxNorm', config, (w) => rescale(w, axis, (norm) => clip(norm, 0, maxValue)));
}

/** Norms of 1. */
function unitNorm(options: AxisOptions = {}): BuiltInConstraint {
  const config = readOptions('unitNorm', axisOptions, options);
  return made('UnitNorm', config, (w) => div(w, add(normOf(w, config.axis), epsilon)));
}

/** No negative weights. */
function nonNeg(): BuiltInConstraint {
  return made('NonNeg', {}, relu);
}

/** Norms between minValue and maxValue. */
function minMaxNorm(options: MinMaxNormOptions = {}): BuiltInConstraint {
  const config = readOptions('minMaxNorm', minMaxNormOptions, options);
  const { minValue, maxValue, rate, axis } = config;
  const held = (norm: Value) => add(mul(clip(norm, minValue, maxValue), rate), mul(norm, 1 - rate));
  return made('MinMaxNorm', config, (w) => rescale(w, axis, held));
}

export const constraints = { maxNorm, unitNorm, nonNeg, minMaxNorm };

/** Options that are constraints. */
export const constraint: Kind<string | Constraint | AppliesToTensors | Configurable, Constraint> =
  /* @__PURE__ */ configurable<Constraint>('a constraint', 'apply', fromName);

/**
 * The constraint of a name, of a saved configuration, or the constraint itself.
 * @throws LanegradError for an unknown name.
 */
export function getConstraint(identifier: string | Constraint | Configurable): Constraint {
  return readAs(constraint, 'constraint', identifier);
}

function fromName(name: string, options: object = {}): Constraint {
  const table: Readonly<Record<string, (options?: object) => Constraint>> = constraints;
  return makeNamed('constraint', name, table, options);
}
