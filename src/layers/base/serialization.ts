// `tf.serialization`: classes by name, for models that are loaded.

import { classNameOf } from '../../names.ts';
import type { ConfigDict } from '../../options/kinds.ts';
import { registeredClasses } from '../../options/registered-classes.ts';
import type { Restorable } from './class-names.ts';
import { registerBuiltInLayers } from './classes.ts';

export type { ConfigDict, ConfigDictArray, ConfigDictValue } from '../../options/kinds.ts';
export { getRegisteredName, registerClass } from '../../options/registered-classes.ts';

/** The classes that are registered, as TensorFlow.js shows them: each by its name, with how one is made. */
export const SerializationMap = {
  getMap() {
    registerBuiltInLayers();
    const entries = registeredClasses().map(([name, Class]) => [name, [Class, Class.fromConfig] as const]);
    return { classNameMap: Object.fromEntries(entries) };
  },
};

/** A class of which `fromConfig` makes others, as TensorFlow.js names its type. */
export interface SerializableConstructor<T extends Serializable> extends Restorable<T> {
  className?: string;
}
/** A class's `fromConfig`. */
export type FromConfigMethod<T extends Serializable> = (
  cls: SerializableConstructor<T>,
  config: ConfigDict,
) => T;

/** What classes of one's own may extend that models are saved with: an initializer, a regularizer, a constraint. */
export abstract class Serializable {
  /** The name under which the class is registered. */
  getClassName(): string {
    return classNameOf(this.constructor);
  }

  /** The options from which `fromConfig` makes another one. */
  abstract getConfig(): ConfigDict;

  static fromConfig<Made>(Class: new (config: never) => Made, config: object): Made {
    return new Class(config as never);
  }
}
