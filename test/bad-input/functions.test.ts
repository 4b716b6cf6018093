// Every function that is exported, with every value that is none of its arguments' in every place: it works, or what it
// throws is a sentence, and it does not take long.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { rightCall } from './calls.ts';
import { fault, malformed } from './malformed.ts';

type Callable = (...args: unknown[]) => unknown;

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

const functions = functionsIn(tf).filter(([name]) => !leftAlone.test(name));

beforeAll(() => {
  for (const method of ['log', 'warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
  vi.stubGlobal('fetch', async () => {
    throw new tf.LanegradError('fetch: there is no network here.');
  });
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each(functions)('%s', async (name, call) => {
  const right = rightCall(name);
  const faults: string[] = [];
  for (let position = 0; position <= right().length; position++) {
    for (const [kind, make] of Object.entries(malformed)) {
      const args = right();
      args[position] = make();
      const found = await fault(() => call(...args));
      if (found) faults.push(`${name}, argument ${position}: ${kind}: ${found}`);
    }
  }
  expect(faults.join('\n')).toBe('');
});
