// `tf.serialization`: classes by name, for models that are loaded.

import { registerBuiltInLayers } from './classes.ts';
import { registeredClasses } from './registry.ts';

export type { ConfigDict, ConfigDictValue } from '../../options/kinds.ts';
export { getRegisteredName, registerClass } from './registry.ts';

/** The classes that are registered, as TensorFlow.js shows them: each by its name, with how one is made. */
export const SerializationMap = {
  getMap() {
    registerBuiltInLayers();
    const entries = registeredClasses().map(([name, Class]) => [name, [Class, Class.fromConfig] as const]);
    return { classNameMap: Object.fromEntries(entries) };
  },
};

/** What classes of one's own may extend that models are saved with: an initializer, a regularizer, a constraint. */
export abstract class Serializable {
  /** The name under which the class is registered. */
  getClassName(): string {
    return (this.constructor as { className?: string }).className ?? this.constructor.name;
  }

  /** The options from which `fromConfig` makes another one. */
  abstract getConfig(): object;

  static fromConfig<Made>(Class: new (config: never) => Made, config: object): Made {
    return new Class(config as never);
  }
}
