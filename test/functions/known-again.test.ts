// A function that is called again with tensors of the same shapes runs the programs of the first times.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import * as tf from '../../src/node.ts';
import { programsMade } from '../../src/tensor/evaluate.ts';
import { tensorsIn } from '../../src/tensor/scopes.ts';
import { rightCall } from '../bad-input/calls.ts';
import { exportedFunctions } from '../exported-functions.ts';
import { compiledBy, ramp } from '../tensor/programs.ts';

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

const pixels = () => ramp(1, 4, 5, 2) as tf.Tensor4D;
const rows = () => ramp(3, 4) as tf.Tensor2D;
const labels = tf.tensor2d([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1], [3, 4]);

/** Functions of a number beside their tensors. */
const ofNumbers: Record<string, (number: number) => tf.Tensor> = {
  clipByValue: (number) => tf.clipByValue(rows(), -number, number),
  leakyRelu: (number) => tf.leakyRelu(rows(), number),
  step: (number) => tf.step(rows(), number),
  dropout: (number) => tf.dropout(rows(), number),
  fill: (number) => tf.fill([3], number).add(rows().sum()),
  'oneHot, on and off': (number) => tf.oneHot(tf.tensor1d([2, 0], 'int32'), 3, 10.1 * number, -10.1 * number),
  'batchNorm, epsilon': (number) =>
    tf.batchNorm(pixels(), [0.1, 0.2], [1, 2], undefined, undefined, number) as tf.Tensor,
  'logLoss, epsilon': (number) => tf.losses.logLoss(labels, rows().abs(), 1, number),
  'huberLoss, delta': (number) => tf.losses.huberLoss(labels, rows(), 1, number),
  'softmaxCrossEntropy, smoothing': (number) => tf.losses.softmaxCrossEntropy(labels, rows(), 1, number),
  'a gradient': (number) => tf.grad((x) => tf.leakyRelu(x, number))(rows()),
};

test.each(Object.entries(ofNumbers))('%s: another number is of the same program', (_, call) => {
  call(0.25).dataSync();
  expect(compiledBy(() => [0.375, 0.125, 0.7].map((number) => call(number).dataSync()))).toBe(0);
});

test('a loss with another number is trained by the same program', () => {
  const weights = tf.variable(tf.tensor1d([1, 2]));
  const optimizer = tf.train.sgd(0.1);
  const step = (number: number) => optimizer.minimize(() => tf.leakyRelu(weights.neg(), number).sum());
  step(0.25);
  expect(compiledBy(() => [0.5, 0.125].map(step))).toBe(0);
  // The gradient of leakyRelu(−w, a) is −a where w > 0.
  const moved = 0.1 * (0.25 + 0.5 + 0.125);
  expect(weights.dataSync()[0]).toBeCloseTo(1 + moved, 6);
  expect(weights.dataSync()[1]).toBeCloseTo(2 + moved, 6);
});

test('numbers that the compiler knows by themselves count as others do, before them and after', () => {
  const x = tf.tensor1d([-3, -0.5, 0.5, 3]);
  const held = (most: number) => Array.from(tf.clipByValue(x, -most, most).dataSync());
  for (const most of [0.25, 1, 2, 0, 0.75, 1]) {
    expect(held(most)).toEqual([-3, -0.5, 0.5, 3].map((each) => Math.max(-most, Math.min(most, each)) + 0));
  }
  const hot = (on: number, off: number) => tf.oneHot(tf.tensor1d([1], 'int32'), 2, on, off).dataSync();
  expect([hot(7, -7), hot(1, 0), hot(2, 3)].map((row) => [...row])).toEqual([
    [-7, 7],
    [0, 1],
    [3, 2],
  ]);
});

test('numbers that follow from shapes stay in programs, which compute nothing of them', () => {
  const run = vi.spyOn(Program.prototype, 'run');
  compilerOptions.keepsStages = true;
  try {
    const weights = tf.variable(ramp(40, 50));
    const { value, grads } = tf.variableGrads(() => weights.elu().square().mean(), [weights]);
    value.dispose();
    grads[weights.name].dataSync();
    expect(String(run.mock.contexts.at(-1))).toMatch(/^ *0 map [^\n]*\n *arena 16000 bytes$/);
  } finally {
    compilerOptions.keepsStages = false;
    run.mockRestore();
  }
});

test('half of the functions give tensors to read', async () => {
  const giving: string[] = [];
  for (const [name, call] of exportedFunctions) {
    if ((await read(() => call(...rightCall(name)()))) > 0) giving.push(name);
  }
  expect(giving.length).toBeGreaterThanOrEqual(250);
});
