// `tf.LayersModel` and `tf.Sequential`: the classes of models, which here learn to make one of a configuration. Whoever names
// neither of them carries no layers but those that he uses.

import { requireOptions } from '../errors.ts';
import { type Json, snakeCased } from '../io/json.ts';
import type { Layer } from '../layers/base/layer.ts';
import { Model } from './model.ts';
import { rebuildModel } from './rebuild.ts';
import { Sequential as Chain } from './sequential.ts';

/** The model that `getConfig` told of, with new weights. */
Model.fromConfig = <Made extends Layer>(_Class: object, config: object): Made => {
  // A sequential model's may be the list of its layers alone.
  const described = Array.isArray(config) ? config : requireOptions('fromConfig', config);
  const isNetwork = 'inputLayers' in described || 'input_layers' in described;
  return rebuildModel({
    class_name: isNetwork ? 'Model' : 'Sequential',
    config: snakeCased(described as unknown as Json),
  }) as unknown as Made;
};

/** A network of layers that can be trained: all models are such. */
export const LayersModel = Model;
export type LayersModel = Model;

/** What functions take that use a model and do not train it. */
export type InferenceModel = Pick<Model, 'inputs' | 'outputs' | 'predict' | 'execute'>;

/** Layers one after the other. The first must know its input: `inputShape`. */
export const Sequential = Chain;
export type Sequential = Chain;
