// Layer classes by the names that saved models give them, and layers made by what files say of them.

import { isObject, LanegradError } from '../../errors.ts';
import { lookUp } from '../../names.ts';
import type { Kind } from '../../options/option.ts';
import { Layer, type LayerClass } from './layer.ts';

/** A layer as the layers format stores it, names in camelCase. */
export interface LayerConfig {
  readonly className: string;
  readonly config: object;
}

/** What can be registered: a layer's class, or another of what models are saved with. */
export interface SerializableClass {
  new (...args: never[]): object;
  readonly className?: string;
  readonly fromConfig: unknown;
}

const classes = new Map<string, LayerClass>();

/**
 * Makes a class known, so that models with layers of it can be loaded.
 * @param packageName stands before the name, with a > between, if there is one
 * @param name by default the class's `className`, or its name
 * @returns the class
 */
export function registerClass<Class extends SerializableClass>(
  Class: Class,
  packageName?: string,
  name?: string,
): Class {
  checkClassName(Class);
  if (typeof Class.fromConfig !== 'function') {
    throw new LanegradError('registerClass: takes a class with a static fromConfig, such as one of a layer.');
  }
  const own = name ?? Class.className ?? Class.name;
  classes.set(packageName ? `${packageName}>${own}` : own, Class as unknown as LayerClass);
  return Class;
}

/** @throws LanegradError unless a class says by what name it is saved. */
function checkClassName(Class: SerializableClass): void {
  const { className } = (Class ?? {}) as { className?: unknown };
  if (className === undefined || className === null) {
    throw new LanegradError('registerClass: the class does not have the static className property defined.');
  }
  if (typeof className !== 'string') {
    throw new LanegradError(
      `registerClass: className is required to be a string, but got type ${typeof className}.`,
    );
  }
  if (className === '')
    throw new LanegradError('registerClass: the class has an empty-string as its className.');
}

/** The name under which a class is registered; undefined for one that is not. */
export function getRegisteredName(Class: SerializableClass): string | undefined {
  for (const [name, known] of classes) if ((known as SerializableClass) === Class) return name;
  return undefined;
}

/** Whether there is a class of a name. */
export const isRegistered = (name: string): boolean => classes.has(name);

/** The classes that are registered. */
export const registeredClasses = (): readonly (readonly [string, LayerClass])[] => [...classes];

/** The class of a name. @throws LanegradError for one that is not registered, with the nearest one that is. */
export const layerClass = (name: string): LayerClass =>
  classes.get(name) ?? lookUp('layer', name, Object.fromEntries(classes));

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
