// What goes with a weight, as a layer's options say it: kernelInitializer, kernelRegularizer, kernelConstraint.

import type { Constraint } from '../../constraints/constraints.ts';
import type { Initializer } from '../../initializers/initializers.ts';
import type { Regularizer } from '../../regularizers/regularizers.ts';

/** What goes with a weight. */
export interface WeightOptions {
  /** All zeros by default. */
  readonly initializer?: Initializer;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
  /** True by default. */
  readonly trainable?: boolean;
}

interface WeightSettings {
  readonly [name: `${string}Initializer`]: Initializer;
  readonly [name: `${string}Regularizer`]: Regularizer | undefined;
  readonly [name: `${string}Constraint`]: Constraint | undefined;
}

/** What a layer's settings say of a weight. @param stem what their names begin with: 'kernel' */
export function optionsOfWeight<Stem extends string>(
  settings: Pick<WeightSettings, `${Stem}Initializer` | `${Stem}Regularizer` | `${Stem}Constraint`>,
  stem: Stem,
): WeightOptions {
  const named: WeightSettings = settings;
  return {
    initializer: named[`${stem}Initializer`],
    regularizer: named[`${stem}Regularizer`],
    constraint: named[`${stem}Constraint`],
  };
}
