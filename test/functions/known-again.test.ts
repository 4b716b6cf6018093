// A function that is called again with tensors of the same shapes runs the programs of the first times.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { programsMade } from '../../src/tensor/evaluate.ts';
import { tensorsIn } from '../../src/tensor/scopes.ts';
import { rightCall } from '../bad-input/calls.ts';
import { exportedFunctions } from '../exported-functions.ts';
import { compiledBy } from '../tensor/programs.ts';

beforeAll(() => {
  for (const method of ['log', 'warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Calls it, reads what it gives, and says how many tensors that is: none of what it refuses, which is not of this test. */
async function read(call: () => unknown): Promise<number> {
  try {
    const given = tensorsIn(await call());
    for (const each of given) (each as tf.Tensor).dataSync();
    return given.length;
  } catch {
    return 0;
  }
}

test.each(exportedFunctions)('%s', async (name, call) => {
  const right = rightCall(name);
  for (let i = 0; i < 3; i++) await read(() => call(...right()));
  const made = programsMade();
  await read(() => call(...right()));
  expect(programsMade()).toBe(made);
});

test('pictures that are turned by one angle after the other are of one program', () => {
  const image = tf.ones([1, 4, 5, 2]);
  const turn = (angle: number) => tf.image.rotateWithOffset(image as tf.Tensor4D, angle).dataSync();
  turn(0.1);
  expect(compiledBy(() => [0.2, 0.3, -1].map(turn))).toBe(0);
});

test('half of the functions give tensors to read', async () => {
  const giving: string[] = [];
  for (const [name, call] of exportedFunctions) {
    if ((await read(() => call(...rightCall(name)()))) > 0) giving.push(name);
  }
  expect(giving.length).toBeGreaterThanOrEqual(250);
});
