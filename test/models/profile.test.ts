import { expect, test, vi } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import * as tf from '../../src/index.ts';

const x = tf.ones([40, 6]);
const y = tf.tensor1d(Int32Array.from({ length: 40 }, (_, i) => i % 3));

function network(): tf.Sequential {
  tf.setSeed(2);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'relu', inputShape: [6], name: 'hidden' }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

test('a profile names every step, how often it ran and its share of the time', async () => {
  const { profile } = await network().fit(x, y, { batchSize: 10, epochs: 3, verbose: 0, profile: true });
  const entries = profile!;
  expect(entries.every(({ runs }) => runs === 12)).toBe(true);
  expect(entries.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  const times = entries.map(({ milliseconds }) => milliseconds);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const named = entries.map(({ kind, shape, layers }) => `${kind} ${shape} ${layers}`);
  expect(named).toContain('matMul [10,5] hidden');
  expect(named).toContain('data [10,6] ');
  expect(named.filter((name) => name.startsWith('update'))).toHaveLength(1);
});

test('profiling changes no bit of the weights, and without it there is no profile', async () => {
  const [timed, plain] = [network(), network()];
  const options = { batchSize: 10, epochs: 3, verbose: 0, seed: 1 } as const;
  await timed.fit(x, y, { ...options, profile: true });
  expect((await plain.fit(x, y, options)).profile).toBeUndefined();
  expect(timed.getWeights().map((w) => w.dataSync())).toEqual(plain.getWeights().map((w) => w.dataSync()));
});

test.each([
  ['', {}],
  [' that failed', { callbacks: { onEpochEnd: () => Promise.reject(new Error('mine')) } }],
])('steps behind a fit with a profile%s are not timed', async (_, options) => {
  const model = network();
  await model.fit(x, y, { verbose: 0, profile: true, ...options }).catch(() => {});
  const timed = vi.spyOn(Program.prototype, 'runTimed');
  await model.trainOnBatch(x, y);
  expect(timed).not.toHaveBeenCalled();
  timed.mockRestore();
});
