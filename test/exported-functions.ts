// The functions that the library exports, by their names, and those of its spaces: `image.flipLeftRight`.

import * as tf from '../src/node.ts';

export type Callable = (...args: unknown[]) => unknown;

/** What a wrong argument would reach beyond the process, or the tests beside this one. */
const leftAlone = /^(layers|version|node|string|sparse|spectral)\.|register|removeBackend|repeatedTry/;

const isClass = (value: Callable) => /^class\b/.test(Function.prototype.toString.call(value));

function functionsIn(space: object, prefix = ''): [string, Callable][] {
  return Object.entries(space).flatMap(([name, value]): [string, Callable][] => {
    if (typeof value === 'function') return isClass(value) ? [] : [[prefix + name, value as Callable]];
    const isSpace = typeof value === 'object' && value !== null && prefix === '' && !Array.isArray(value);
    return isSpace ? functionsIn(value, `${name}.`) : [];
  });
}

export const exportedFunctions = functionsIn(tf).filter(([name]) => !leftAlone.test(name));
