// A function that is called again with tensors of the same shapes runs the programs of the first times.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type * as tf from '../../src/node.ts';
import { keptPrograms } from '../../src/tensor/evaluate.ts';
import { tensorsIn } from '../../src/tensor/scopes.ts';
import { rightCall } from '../bad-input/calls.ts';
import { exportedFunctions } from '../exported-functions.ts';

beforeAll(() => {
  for (const method of ['log', 'warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Calls it and reads what it gives; what it refuses is not of this test. */
async function read(call: () => unknown): Promise<void> {
  try {
    for (const each of tensorsIn(await call())) (each as tf.Tensor).dataSync();
  } catch {}
}

test.each(exportedFunctions)('%s', async (name, call) => {
  const right = rightCall(name);
  for (let i = 0; i < 3; i++) await read(() => call(...right()));
  const { count } = keptPrograms();
  await read(() => call(...right()));
  expect(keptPrograms().count).toBe(count);
});
