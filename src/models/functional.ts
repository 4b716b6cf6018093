// `tf.model`: a model of any shape.

import { LanegradError, shown } from '../errors.ts';
import { SymbolicTensor } from '../layers/base/symbolic.ts';
import { Model, type ModelOptions } from './model.ts';

/**
 * A model of any shape, from inputs made by `input()` to outputs made by `layer.apply()`.
 * @throws LanegradError when an output needs an input that is not given.
 */
export function model(options: ModelOptions): Model {
  for (const option of ['inputs', 'outputs'] as const) {
    const given: readonly unknown[] = [options?.[option]].flat();
    if (given.length > 0 && given.every((each) => each instanceof SymbolicTensor)) continue;
    throw new LanegradError(
      `model: ${option} must be what input() and layer.apply() return; got ${given.map((each) => shown(each)).join(', ') || 'none'}.`,
    );
  }
  return new Model(options);
}
