// `tf.LayersModel`: a model under TensorFlow.js's name, which knows how to make one of a configuration.

import { type Json, type JsonObject, snakeCased } from '../io/json.ts';
import type { Layer, LayerClass } from '../layers/layer.ts';
import { Model } from './model.ts';
import { rebuildModel } from './rebuild.ts';

/** A network of layers that can be trained: all models are such. */
export class LayersModel extends Model {
  static override [Symbol.hasInstance](given: unknown): boolean {
    return given instanceof Model;
  }

  /** The model that `getConfig` told of, with new weights. */
  static override fromConfig<Made extends Layer>(_Class: LayerClass<Made>, config: object): Made {
    const isNetwork = 'inputLayers' in config || 'input_layers' in config;
    const described: JsonObject = {
      class_name: isNetwork ? 'Functional' : 'Sequential',
      config: snakeCased(config as unknown as Json),
    };
    return rebuildModel(described) as unknown as Made;
  }
}
