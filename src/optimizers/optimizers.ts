// The optimizers of `tf.train`, as classes to extend and as the factories that scripts call.

import { lookUp } from '../names.ts';
import { making } from '../options/making.ts';
import type { Description, Kind } from '../options/option.ts';
import { lamb } from './lamb.ts';
import { Optimizer, type OptimizerSpecification } from './optimizer.ts';
import * as options from './optimizer-options.ts';
import * as rules from './rules.ts';

export type { ClippingOptions } from './clipping.ts';
export type { NamedTensor } from './custom-loop.ts';
export { Optimizer } from './optimizer.ts';

/** w ← w − lr·g. */
export class SGDOptimizer extends Optimizer {
  static readonly className: string = 'SGD';

  constructor(...args: rules.SgdArguments) {
    super(rules.sgd(...args));
  }
}

/** v ← momentum·v + g, w ← w − lr·v; with Nesterov's, w ← w − lr·(g + momentum·v). */
export class MomentumOptimizer extends Optimizer {
  static readonly className: string = 'Momentum';

  constructor(...args: rules.MomentumArguments) {
    super(rules.momentum(...args));
  }
}

/** h ← h + g², w ← w − lr·g/√(h + ε). */
export class AdagradOptimizer extends Optimizer {
  static readonly className: string = 'Adagrad';

  constructor(...args: rules.AdagradArguments) {
    super(rules.adagrad(...args));
  }
}

/** h ← γh + (1−γ)g², v ← momentum·v + lr·g/√(h + ε), w ← w − v. */
export class RMSPropOptimizer extends Optimizer {
  static readonly className: string = 'RMSProp';

  constructor(...args: rules.RmsPropArguments) {
    super(rules.rmsprop(...args));
  }
}

/** Steps of the size of recent steps: g·√(u + ε)/√(h + ε). */
export class AdadeltaOptimizer extends Optimizer {
  static readonly className: string = 'Adadelta';

  constructor(...args: rules.AdadeltaArguments) {
    super(rules.adadelta(...args));
  }
}

/** w ← w − lr·m̂/(√v̂ + ε). */
export class AdamOptimizer extends Optimizer {
  static readonly className: string = 'Adam';

  constructor(...args: rules.AdamArguments) {
    super(rules.adam(...args));
  }
}

/** m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε). */
export class AdamaxOptimizer extends Optimizer {
  static readonly className: string = 'Adamax';

  constructor(...args: rules.AdamaxArguments) {
    super(rules.adamax(...args));
  }
}

/** The factory of optimizers without a class of their own. */
// @__NO_SIDE_EFFECTS__
function following<Args extends unknown[]>(rule: (...args: Args) => OptimizerSpecification) {
  return function make(...args: Args): Optimizer {
    return new Optimizer(rule(...args));
  };
}

/** The optimizers' factories. */
export const train = {
  /** Stochastic gradient descent; 0.01 is the learning rate by default. */
  sgd: /* @__PURE__ */ making(SGDOptimizer),
  /** Momentum, 0.9 by default, perhaps with Nesterov's look ahead. */
  momentum: /* @__PURE__ */ making(MomentumOptimizer),
  /** Momentum with Nesterov's look ahead. */
  nesterov: /* @__PURE__ */ following(rules.nesterov),
  adagrad: /* @__PURE__ */ making(AdagradOptimizer),
  rmsprop: /* @__PURE__ */ making(RMSPropOptimizer),
  adadelta: /* @__PURE__ */ making(AdadeltaOptimizer),
  /** Adam; 0.001 is the learning rate by default. */
  adam: /* @__PURE__ */ making(AdamOptimizer),
  /** Adam with the largest v so far in place of v. */
  amsgrad: /* @__PURE__ */ following(rules.amsgrad),
  /** Adam with weights that decay beside it. */
  adamw: /* @__PURE__ */ following(rules.adamw),
  adamax: /* @__PURE__ */ making(AdamaxOptimizer),
  /** Adam, each weight moved by a length that follows its own. */
  lamb: /* @__PURE__ */ following(lamb),
};

/** What each of them takes in an object. */
export const trainOptions: Readonly<Record<keyof typeof train, Description>> = {
  sgd: options.sgdOptions,
  momentum: options.momentumOptions,
  nesterov: options.nesterovOptions,
  adagrad: options.adagradOptions,
  rmsprop: options.rmspropOptions,
  adadelta: options.adadeltaOptions,
  adam: options.adamOptions,
  amsgrad: options.amsgradOptions,
  adamw: options.adamwOptions,
  adamax: options.adamaxOptions,
  lamb: options.lambOptions,
};

/** What names stand for: the factories' defaults, but for the rate of 1 that TensorFlow.js gives a named Adadelta. */
const named = { ...train, adadelta: () => train.adadelta(1) };

/** Options that are optimizers; one of a name has its defaults. */
export const optimizer: Kind<OptimizerName | Optimizer, Optimizer> = {
  expected: 'the name of an optimizer, or an optimizer',
  read(given) {
    if (given instanceof Optimizer) return given;
    return typeof given === 'string' ? lookUp<() => Optimizer>('optimizer', given, named)() : undefined;
  },
};

/** The name of an optimizer; any spelling will do. */
export type OptimizerName = keyof typeof train | (string & {});
