// The optimizers of `tf.train`: a factory and its options, in a table each. Those that TensorFlow.js has as classes are
// classes to extend, too.

import { lookUp } from '../names.ts';
import { making } from '../options/making.ts';
import type { Description, Kind } from '../options/option.ts';
import { Optimizer, type OptimizerSpecification } from './optimizer.ts';
import { type AdadeltaArguments, adadelta, adadeltaOptions } from './rules/adadelta.ts';
import { type AdagradArguments, adagrad, adagradOptions } from './rules/adagrad.ts';
import {
  type AdamArguments,
  adam,
  adamOptions,
  adamw,
  adamwOptions,
  amsgrad,
  amsgradOptions,
} from './rules/adam.ts';
import { type AdamaxArguments, adamax, adamaxOptions } from './rules/adamax.ts';
import { lamb, lambOptions } from './rules/lamb.ts';
import {
  type MomentumArguments,
  momentum,
  momentumOptions,
  nesterov,
  nesterovOptions,
} from './rules/momentum.ts';
import { type RmsPropArguments, rmsprop, rmspropOptions } from './rules/rmsprop.ts';
import { type SgdArguments, sgd, sgdOptions } from './rules/sgd.ts';

export type { ClippingOptions } from './clipping.ts';
export type { NamedTensor } from './custom-loop.ts';
export { Optimizer } from './optimizer.ts';

/** w ← w − lr·g. */
export class SGDOptimizer extends Optimizer {
  static readonly className: string = 'SGD';

  constructor(...args: SgdArguments) {
    super(sgd(...args));
  }
}

/** v ← momentum·v + g, w ← w − lr·v; with Nesterov's, w ← w − lr·(g + momentum·v). */
export class MomentumOptimizer extends Optimizer {
  static readonly className: string = 'Momentum';

  constructor(...args: MomentumArguments) {
    super(momentum(...args));
  }
}

/** h ← h + g², w ← w − lr·g/√(h + ε). */
export class AdagradOptimizer extends Optimizer {
  static readonly className: string = 'Adagrad';

  constructor(...args: AdagradArguments) {
    super(adagrad(...args));
  }
}

/** h ← γh + (1−γ)g², v ← momentum·v + lr·g/√(h + ε), w ← w − v. */
export class RMSPropOptimizer extends Optimizer {
  static readonly className: string = 'RMSProp';

  constructor(...args: RmsPropArguments) {
    super(rmsprop(...args));
  }
}

/** Steps of the size of recent steps: g·√(u + ε)/√(h + ε). */
export class AdadeltaOptimizer extends Optimizer {
  static readonly className: string = 'Adadelta';

  constructor(...args: AdadeltaArguments) {
    super(adadelta(...args));
  }
}

/** w ← w − lr·m̂/(√v̂ + ε). */
export class AdamOptimizer extends Optimizer {
  static readonly className: string = 'Adam';

  constructor(...args: AdamArguments) {
    super(adam(...args));
  }
}

/** m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε). */
export class AdamaxOptimizer extends Optimizer {
  static readonly className: string = 'Adamax';

  constructor(...args: AdamaxArguments) {
    super(adamax(...args));
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
  nesterov: /* @__PURE__ */ following(nesterov),
  adagrad: /* @__PURE__ */ making(AdagradOptimizer),
  rmsprop: /* @__PURE__ */ making(RMSPropOptimizer),
  adadelta: /* @__PURE__ */ making(AdadeltaOptimizer),
  /** Adam; 0.001 is the learning rate by default. */
  adam: /* @__PURE__ */ making(AdamOptimizer),
  /** Adam with the largest v so far in place of v. */
  amsgrad: /* @__PURE__ */ following(amsgrad),
  /** Adam with weights that decay beside it. */
  adamw: /* @__PURE__ */ following(adamw),
  adamax: /* @__PURE__ */ making(AdamaxOptimizer),
  /** Adam, each weight moved by a length that follows its own. */
  lamb: /* @__PURE__ */ following(lamb),
};

/** What each of them takes in an object. */
export const trainOptions: Readonly<Record<keyof typeof train, Description>> = {
  sgd: sgdOptions,
  momentum: momentumOptions,
  nesterov: nesterovOptions,
  adagrad: adagradOptions,
  rmsprop: rmspropOptions,
  adadelta: adadeltaOptions,
  adam: adamOptions,
  amsgrad: amsgradOptions,
  adamw: adamwOptions,
  adamax: adamaxOptions,
  lamb: lambOptions,
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
