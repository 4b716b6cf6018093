// What classes of layers are called, and their layers.

import { requireOptions } from '../../errors.ts';
import { type LayerOptions, reservedName, uniqueName } from './layer-options.ts';

/** A class, as far as its name goes. */
interface Named {
  readonly className?: string;
  readonly name: string;
}

/** A class as `fromConfig` takes it, so that scripts may say `tf.serialization.SerializableConstructor<T>` for it. */
export interface Restorable<Made> {
  // biome-ignore lint/suspicious/noExplicitAny: scripts' classes declare constructors as they like, which no type says.
  new (...args: any[]): Made;
  // biome-ignore lint/suspicious/noExplicitAny: scripts' classes declare other parameters and results, and all must fit.
  fromConfig(Class: any, config: object): any;
}

/** Whether a class says which options it takes, as built-in ones do. */
export const describesItself = (Class: object): boolean => Object.hasOwn(Class, 'options');

export const classNameOf = ({ className, name }: Named): string => className ?? name;

export function nameOf(Class: Named, options: LayerOptions): string {
  const className = classNameOf(Class);
  const { name } = requireOptions(className, options);
  return name ? reservedName(className, name) : uniqueName(className);
}
