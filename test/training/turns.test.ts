// When `fit` gives the event loop a turn: after so much work, as programs estimate it, and where callbacks take time.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';
import { type Platform, platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';

const previous = platform;
afterEach(() => {
  vi.restoreAllMocks();
  setPlatform(previous);
});

/** What a step costs beside its program, and after how much of all there is a turn. */
const [perStep, perTurn] = [20_000, 1e8];

/** Has runs be counted. @returns the work of each, and before which of them there was a turn */
function counted(part: Partial<Platform> = {}) {
  const works: number[] = [];
  const turns: number[] = [];
  const run = engine().run.bind(engine());
  vi.spyOn(engine(), 'run').mockImplementation((...given) => {
    works.push(given[2]!);
    return run(...given);
  });
  setPlatform({ ...portablePlatform(), turn: async () => void turns.push(works.length), ...part });
  return { works, turns };
}

/** After which steps there must be a turn: where one more would be too much work since the last turn. */
function expectedTurns(steps: number, work: number): number[] {
  const turns: number[] = [];
  let since = 0;
  for (let done = 1; done <= steps; done++) {
    since += work + perStep;
    if (since + work <= perTurn) continue;
    turns.push(done);
    since = 0;
  }
  return turns;
}

function network(units: number): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [256] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

const data = (samples: number, units: number) =>
  [tf.zeros([samples, 256]), tf.zeros([samples, units])] as const;
const options = { batchSize: 64, epochs: 1, verbose: 0, yieldEvery: 'auto' } as const;

test.each([8, 16, 64, 256, 512, 1024])('turns come after so much work: layers of %i units', async (units) => {
  const { works, turns } = counted();
  await network(units).fit(...data(64 * 120, units), options);
  expect(works).toHaveLength(120);
  const expected = expectedTurns(120, works[0]);
  expect(turns).toEqual(expected);
  if (units >= 64) expect(expected.length).toBeGreaterThan(0);
});

test('steps of hardly any work are counted by what a step costs', async () => {
  const { works, turns } = counted();
  const [x, y] = data(7000, 1);
  await network(1).fit(x, y, { ...options, batchSize: 1 });
  expect(turns).toEqual(expectedTurns(7000, works[0]));
  expect(turns).toHaveLength(1);
});

test('the work of validation counts, and of what was trained before it', async () => {
  const { works, turns } = counted();
  const units = 256;
  await network(units).fit(...data(64 * 3, units), { ...options, validationData: [...data(64 * 60, units)] });
  const [training, validation] = [works[0], works[3]];
  expect(works).toHaveLength(63);
  const expected: number[] = [];
  let since = 3 * (training + perStep);
  for (let done = 4; done <= 63; done++) {
    since += validation + perStep;
    if (since <= perTurn) continue;
    expected.push(done);
    since = 0;
  }
  expect(expected.length).toBeGreaterThan(1);
  expect(turns).toEqual(expected);
});

test('so does that of validation with a dataset', async () => {
  const { works, turns } = counted();
  const units = 256;
  const model = network(units);
  const batches = (count: number) =>
    Array.from({ length: count }, () => ({ xs: tf.zeros([64, 256]), ys: tf.zeros([64, units]) }));
  await model.fitDataset(batches(1), { verbose: 0, validationData: tf.data.array(batches(60)) });
  expect(works).toHaveLength(61);
  const expected: number[] = [];
  let since = works[0] + perStep;
  for (let done = 2; done <= 61; done++) {
    since += works[1] + perStep;
    if (since <= perTurn) continue;
    expected.push(done);
    since = 0;
  }
  expect(expected.length).toBeGreaterThan(1);
  expect(turns).toEqual(expected);
});

test('a step in parts costs what its parts do; turns come between callbacks as without any', async () => {
  let steps = 0;
  const units = 256;
  const turns: number[] = [];
  const { works } = counted({ turn: async () => void turns.push(steps), now: () => 0 });
  const callbacks = {
    onBatchEnd: () => {
      steps++;
    },
  };
  const settings = { ...options, batchSize: 256, microBatches: 4, callbacks };
  await network(units).fit(...data(256 * 40, units), settings);
  const expected = expectedTurns(40, 4 * works[0]);
  expect(expected.length).toBeGreaterThan(5);
  expect(turns).toEqual(expected);
});

describe('callbacks that take time', () => {
  test.each([
    [8, [2, 4]],
    [9, [1, 2, 3, 4]],
    [4, [3]],
  ])('of %i ms have turns after steps %j', async (taken, expected) => {
    let now = 0;
    const { turns } = counted({ now: () => now });
    const callbacks = {
      onBatchEnd: () => {
        now += taken;
      },
    };
    await network(8).fit(...data(64 * 4, 8), { ...options, callbacks });
    expect(turns).toEqual(expected);
  });

  test.each([
    ['batch', [1, 2, 3, 4, 5, 6]],
    ['epoch', [3, 6]],
    ['never', []],
  ] as const)('have turns as yieldEvery %s asks for', async (yieldEvery, expected) => {
    const { turns } = counted();
    await network(8).fit(...data(64 * 3, 8), { ...options, epochs: 2, yieldEvery });
    expect(turns).toEqual(expected);
  });
});
