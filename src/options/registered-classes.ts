// Classes by the names that saved models give them: layers, and what stands in options and in training configs.

import { LanegradError } from '../errors.ts';
import { knownAs, lookUp } from '../names.ts';

/** What can be registered: a layer's class, or another of what models are saved with. */
export interface SerializableClass {
  new (...args: never[]): object;
  readonly className?: string;
  /** Makes another one; by default `new` does. */
  readonly fromConfig?: unknown;
}

const classes = new Map<string, SerializableClass>();

/**
 * Makes a class known, so that models with layers, initializers, regularizers, constraints, activations or an optimizer of
 * it can be loaded, and options can name it.
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
  if (typeof Class !== 'function') {
    throw new LanegradError('registerClass: takes a class, such as one of a layer.');
  }
  const own = name ?? Class.className ?? Class.name;
  classes.set(packageName ? `${packageName}>${own}` : own, Class);
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
  for (const [name, known] of classes) if (known === Class) return name;
  return undefined;
}

/** Whether there is a class of a name. */
export const isRegistered = (name: string): boolean => classes.has(name);

/** The class of a name, if one is registered. */
export const registeredClass = (name: string): SerializableClass | undefined => classes.get(name);

/** The classes that are registered. */
export const registeredClasses = (): readonly (readonly [string, SerializableClass])[] => [...classes];

/** One of the class of a name, with the options that its `getConfig` gave. There must be such a class. */
export function registered<Made>(name: string, config: object = {}): Made {
  const Class = classes.get(name) as { new (config: object): Made; fromConfig?: unknown };
  const { fromConfig } = Class;
  return typeof fromConfig === 'function' ? fromConfig.call(Class, Class, config) : new Class(config);
}

/**
 * What the factory of a name makes of options; where there is none, one of the class that is registered under it.
 * @throws LanegradError for a name that is neither, with the nearest one.
 */
export function makeNamed<Made>(
  kind: string,
  name: string,
  table: Readonly<Record<string, (options?: object) => Made>>,
  options?: object,
): Made {
  const isOwn = knownAs(name, table) === undefined && isRegistered(name);
  return isOwn ? registered(name, options) : lookUp(kind, name, table)(options);
}
