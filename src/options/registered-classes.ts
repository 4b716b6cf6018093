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

interface Restorable<Made> {
  new (config: object): Made;
  fromConfig?(Class: Restorable<Made>, config: object): Made;
}

const classes = new Map<string, SerializableClass>();

/**
 * Makes a class known, so that models with layers, initializers, regularizers, constraints, activations or an optimizer of
 * it can be loaded, and options can name it.
 * @param packageName stands before the name, with a > between, if there is one
 * @param name by default the class's `className`
 * @returns the class
 */
export function registerClass<Class extends SerializableClass>(
  Class: Class,
  packageName?: string,
  name?: string,
): Class {
  const problem = problemOf(Class?.className);
  if (problem) throw new LanegradError(`registerClass: ${problem}.`);
  const own = name ?? (Class.className as string);
  classes.set(packageName ? `${packageName}>${own}` : own, Class);
  return Class;
}

/** What is wrong with the name by which a class says that it is saved. */
function problemOf(className: unknown): string | undefined {
  if ((className ?? null) === null) return 'the class does not have the static className property defined';
  if (typeof className !== 'string')
    return `className is required to be a string, but got type ${typeof className}`;
  return className === '' ? 'the class has an empty-string as its className' : undefined;
}

/** The name under which a class is registered; undefined for one that is not. */
export const getRegisteredName = (Class: SerializableClass): string | undefined =>
  registeredClasses().find(([, known]) => known === Class)?.[0];

/** Whether there is a class of a name. */
export const isRegistered = (name: string): boolean => classes.has(name);

/** The class of a name, if one is registered. */
export const registeredClass = (name: string): SerializableClass | undefined => classes.get(name);

/** The classes that are registered. */
export const registeredClasses = (): readonly (readonly [string, SerializableClass])[] => [...classes];

/** One of the class of a name, with the options that its `getConfig` gave. There must be such a class. */
export function registered<Made>(name: string, config: object = {}): Made {
  const Class = classes.get(name) as Restorable<Made>;
  return Class.fromConfig ? Class.fromConfig(Class, config) : new Class(config);
}

/** Whether a name is that of a registered class, and of nothing in a table. */
export const isOwn = (name: string, table: object): boolean =>
  knownAs(name, table) === undefined && isRegistered(name);

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
  return isOwn(name, table) ? registered(name, options) : lookUp(kind, name, table)(options);
}
