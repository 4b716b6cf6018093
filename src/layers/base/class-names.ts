// What classes of layers are called, and their layers.

import { requireOptions } from '../../errors.ts';
import { type LayerOptions, reservedName, uniqueName } from './layer-options.ts';

/** A class, as far as its name goes. */
interface Named {
  readonly className?: string;
  readonly name: string;
}

/** Whether a class says which options it takes, as built-in ones do. */
export const describesItself = (Class: object): boolean => Object.hasOwn(Class, 'options');

export const classNameOf = ({ className, name }: Named): string => className ?? name;

export function nameOf(Class: Named, options: LayerOptions): string {
  const className = classNameOf(Class);
  const { name } = requireOptions(className, options);
  return name ? reservedName(className, name) : uniqueName(className);
}
