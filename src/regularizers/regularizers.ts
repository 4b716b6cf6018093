// Penalties on weights, added to the loss.

import { requireOptions } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { abs, add, mul, square } from '../graph/ops/elementwise.ts';
import { sum } from '../graph/ops/reductions.ts';
import { lookUp } from '../names.ts';

export interface Regularizer {
  readonly className: string;
  readonly config: object;
  /** The penalty, a scalar. */
  apply(w: Value): Value;
}

export interface L1L2Options {
  /** Factor of Σ|w|; 0.01 by default. */
  readonly l1?: number;
  /** Factor of Σw²; 0.01 by default. */
  readonly l2?: number;
}

/** l1·Σ|w| + l2·Σw². */
function l1l2(options: L1L2Options = {}): Regularizer {
  const { l1 = 0.01, l2 = 0.01 } = requireOptions('l1l2', options);
  return {
    className: 'L1L2',
    config: { l1, l2 },
    apply: (w) => {
      const terms = [];
      if (l1 !== 0) terms.push(mul(sum(abs(w)), l1));
      if (l2 !== 0) terms.push(mul(sum(square(w)), l2));
      return terms.length > 0 ? terms.reduce((a, b) => add(a, b)) : mul(sum(w), 0);
    },
  };
}

export const regularizers = {
  /** l1·Σ|w|; l1 is 0.01 by default. */
  l1: (options: Pick<L1L2Options, 'l1'> = {}) => l1l2({ l1: requireOptions('l1', options).l1, l2: 0 }),
  /** l2·Σw²; l2 is 0.01 by default. */
  l2: (options: Pick<L1L2Options, 'l2'> = {}) => l1l2({ l1: 0, l2: requireOptions('l2', options).l2 }),
  l1l2,
};

const byName = { ...regularizers, L1L2: l1l2 };

/**
 * The regularizer of a name, of a saved configuration, or the regularizer itself.
 * @throws LanegradError for an unknown name.
 */
export function getRegularizer(
  identifier: string | Regularizer | { readonly className: string; readonly config: object },
): Regularizer {
  if (typeof identifier === 'string') return lookUp('regularizer', identifier, byName)();
  if ('apply' in identifier) return identifier;
  return lookUp('regularizer', identifier.className, byName)(identifier.config);
}
