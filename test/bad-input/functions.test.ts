// Every function that is exported, with every value that is none of its arguments' in every place: it works, or what it
// throws is a sentence, and it does not take long.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { exportedFunctions } from '../exported-functions.ts';
import { rightCall } from './calls.ts';
import { fault, malformed } from './malformed.ts';

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

test.each(exportedFunctions)('%s', async (name, call) => {
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
