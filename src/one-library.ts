// One library for all copies of it that a process loads, by `import` and by `require` or under several names of packages,
// and for those of a page's scripts: the tensors of one would be strangers to the other.

import { isObject, isPlain } from './errors.ts';
import { version } from './tensorflow/version.ts';

type Names = Record<string, unknown>;

const place = Symbol.for(`lanegrad ${version.lanegrad}`);

/**
 * The names of the copy that was loaded first, of those of this version.
 * @param own the names of this copy
 */
export function oneLibrary(own: Names): Names {
  const places = globalThis as unknown as Record<symbol, Names | undefined>;
  places[place] ??= asModule(changeable(own));
  return places[place];
}

/** What compilers take for a module in CommonJS, whose default is all of it. */
const asModule = (names: Names): Names =>
  Object.defineProperties(names, { __esModule: { value: true }, default: { value: names } });

/** Names in objects that scripts may write to, as tests do that put a function of their own in the place of one. */
const changeable = (names: Names): Names =>
  Object.fromEntries(
    Object.entries(names).map(([name, value]) => [
      name,
      isNamespace(value) ? changeable(value) : named(name, value),
    ]),
  );

const handedOut = new WeakSet<object>();

/** Under the name by which it is handed out first: bundles number names, begin some with a line, and leave others out. */
function named(name: string, value: unknown): unknown {
  if (isPlain(value)) for (const [inner, one] of Object.entries(value)) named(inner, one);
  if (typeof value !== 'function' || handedOut.has(value)) return value;
  handedOut.add(value);
  if (value.name !== name && (!isClass(value) || value.name === `_${name}`)) {
    Object.defineProperty(value, 'name', { value: name });
  }
  return value;
}

const isClass = (value: object): boolean =>
  Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;

/** Whether it is a namespace as bundles have it: all that it has is read through functions. */
function isNamespace(value: unknown): value is Names {
  if (!isObject(value)) return false;
  const properties = Object.values(Object.getOwnPropertyDescriptors(value));
  return properties.length > 0 && properties.every(({ get, set }) => get && !set);
}
