// What weights are held to after each step. Norms are taken along `axis`: for a dense kernel, axis 0 is
// the weights into one unit.

import { requireOptions } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { add, clip, div, mul, relu, sqrt, square } from '../graph/ops/elementwise.ts';
import { sum } from '../graph/ops/reductions.ts';
import { lookUp } from '../names.ts';

export interface Constraint {
  readonly className: string;
  readonly config: object;
  /** The weights as they should be. */
  apply(w: Value): Value;
}

export interface AxisOptions {
  /** 0 by default. */
  readonly axis?: number;
}

export interface MaxNormOptions extends AxisOptions {
  /** 2 by default. */
  readonly maxValue?: number;
}

export interface MinMaxNormOptions extends AxisOptions {
  /** 0 by default. */
  readonly minValue?: number;
  /** 1 by default. */
  readonly maxValue?: number;
  /** How much of the correction is made in one step; 1, all of it, by default. */
  readonly rate?: number;
}

/** Keeps a division by a norm of zero finite, as in TensorFlow.js. */
const epsilon = 1e-7;

const normOf = (w: Value, axis: number) => sqrt(sum(square(w), axis, true));

/** w, with norms rescaled to `wanted(norm)`. */
const rescale = (w: Value, axis: number, wanted: (norm: Value) => Value): Value => {
  const norm = normOf(w, axis);
  return mul(w, div(wanted(norm), add(norm, epsilon)));
};

/** Norms of at most maxValue. */
function maxNorm(options: MaxNormOptions = {}): Constraint {
  const { maxValue = 2, axis = 0 } = requireOptions('maxNorm', options);
  return {
    className: 'MaxNorm',
    config: { maxValue, axis },
    apply: (w) => rescale(w, axis, (norm) => clip(norm, 0, maxValue)),
  };
}

/** Norms of 1. */
function unitNorm(options: AxisOptions = {}): Constraint {
  const { axis = 0 } = requireOptions('unitNorm', options);
  return {
    className: 'UnitNorm',
    config: { axis },
    apply: (w) => div(w, add(normOf(w, axis), epsilon)),
  };
}

/** No negative weights. */
const nonNeg = (): Constraint => ({ className: 'NonNeg', config: {}, apply: relu });

/** Norms between minValue and maxValue. */
function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = requireOptions('minMaxNorm', options);
  const held = (norm: Value) => add(mul(clip(norm, minValue, maxValue), rate), mul(norm, 1 - rate));
  return {
    className: 'MinMaxNorm',
    config: { minValue, maxValue, rate, axis },
    apply: (w) => rescale(w, axis, held),
  };
}

export const constraints = { maxNorm, unitNorm, nonNeg, minMaxNorm };

const byName: Readonly<Record<string, (config?: object) => Constraint>> = {
  ...constraints,
  MaxNorm: maxNorm,
  UnitNorm: unitNorm,
  NonNeg: nonNeg,
  MinMaxNorm: minMaxNorm,
};

/**
 * The constraint of a name, of a saved configuration, or the constraint itself.
 * @throws LanegradError for an unknown name.
 */
export function getConstraint(
  identifier: string | Constraint | { readonly className: string; readonly config: object },
): Constraint {
  if (typeof identifier === 'string') return lookUp('constraint', identifier, byName)();
  if ('apply' in identifier) return identifier;
  return lookUp('constraint', identifier.className, byName)(identifier.config);
}
