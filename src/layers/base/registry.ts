// Layers made by what files say of them.

import { isObject } from '../../errors.ts';
import { lookUp } from '../../names.ts';
import type { Kind } from '../../options/option.ts';
import { registeredClass, registeredClasses } from '../../options/registered-classes.ts';
import { Layer, type LayerClass } from './layer.ts';

/** A layer as the layers format stores it, names in camelCase. */
export interface LayerConfig {
  readonly className: string;
  readonly config: object;
}

/** The class of a name. @throws LanegradError for one that is not registered, with the nearest one that is. */
export const layerClass = (name: string): LayerClass =>
  (registeredClass(name) ??
    lookUp(
      'layer',
      name,
      Object.fromEntries(registeredClasses()) as Record<string, unknown>,
      'Make yours known by tf.serialization.registerClass.',
    )) as LayerClass;

/** The layer that a file describes. */
export function layerFromConfig({ className, config }: LayerConfig): Layer {
  const Class = layerClass(className);
  return Class.fromConfig(Class, config);
}

/** Options that are layers of a class. */
// @__NO_SIDE_EFFECTS__
export function layerOf<Made extends Layer>(
  expected: string,
  Class: abstract new (options: never) => Made,
): Kind<Made, Made> {
  return {
    expected,
    read(given) {
      const isConfig = isObject(given) && 'className' in given && 'config' in given;
      const layer = !(given instanceof Layer) && isConfig ? layerFromConfig(given as LayerConfig) : given;
      return layer instanceof Class ? layer : undefined;
    },
    save: (layer) => ({ className: layer.className, config: layer.getConfig() }),
  };
}
