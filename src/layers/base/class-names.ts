// What classes of layers are called, and their layers.

import { requireOptions } from '../../errors.ts';
import { classNameOf, type NamedClass } from '../../names.ts';
import { type LayerOptions, reservedName, uniqueName } from './layer-options.ts';

/** A class as `fromConfig` takes it, so that scripts may say `tf.serialization.SerializableConstructor<T>` for it. */
export interface Restorable<Made> {
  // biome-ignore lint/suspicious/noExplicitAny: scripts' classes declare constructors as they like, which no type says.
  new (...args: any[]): Made;
  // biome-ignore lint/suspicious/noExplicitAny: scripts' classes declare other parameters and results, and all must fit.
  fromConfig(Class: any, config: object): any;
}

/** Whether a class says which options it takes, as built-in ones do. */
export const describesItself = (Class: object): boolean => Object.hasOwn(Class, 'options');

/** What a layer is called: as its options say, or by its class and a number. */
export function nameOf(Class: NamedClass, options: LayerOptions): string {
  const className = classNameOf(Class);
  const { name } = requireOptions(className, options);
  return name ? reservedName(className, name) : uniqueName(className);
}
