// Callbacks without a model: what they make of the logs that they are given.

import { describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import { type Callback, CallbackList, type Trainee } from '../../../src/training/callbacks/callback.ts';
import { History } from '../../../src/training/callbacks/history.ts';

/** Feeds a callback the values of one log, an epoch each; returns the epoch after which it stopped. */
async function stopped(callback: Callback, name: string, values: readonly number[]): Promise<number> {
  const model = { stopTraining: false } as Trainee;
  callback.setModel(model);
  await callback.onTrainBegin();
  for (const [epoch, value] of values.entries()) {
    await callback.onEpochEnd(epoch, { [name]: value });
    if (model.stopTraining) return epoch;
  }
  return -1;
}

describe('early stopping', () => {
  test('waits as long as it is patient, and anew after an improvement', async () => {
    const callback = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 });
    expect(await stopped(callback, 'loss', [3, 4, 2, 3, 2.5, 1])).toBe(4);
  });

  test('begins anew with each training', async () => {
    const callback = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 });
    expect(await stopped(callback, 'loss', [1, 2])).toBe(-1);
    expect(await stopped(callback, 'loss', [5, 6, 4, 5, 6])).toBe(4);
    expect(callback.stoppedEpoch).toBe(4);
    expect(await stopped(callback, 'loss', [5, 6])).toBe(-1);
    expect(callback.stoppedEpoch).toBe(0);
  });

  test('classes that extend it read how far it is, and compare as it does', async () => {
    class Watching extends tf.EarlyStopping {
      readonly seen: unknown[] = [];
      override async onEpochEnd(epoch: number, logs: tf.Logs): Promise<void> {
        const improves = this.monitorFunc(this.getMonitorValue(logs) - this.minDelta, this.best);
        await super.onEpochEnd(epoch, logs);
        this.seen.push([improves, this.best, this.wait]);
      }
    }
    const callback = new Watching({ monitor: 'loss', minDelta: 0.5, patience: 9 });
    expect([callback.stoppedEpoch, callback.minDelta]).toEqual([0, -0.5]);
    callback.patience = 2;
    expect(await stopped(callback, 'loss', [3, 2.6, 2, 2, 1.6])).toBe(4);
    expect(callback.seen).toEqual([
      [true, 3, 0],
      [false, 3, 1],
      [true, 2, 0],
      [false, 2, 1],
      [false, 2, 2],
    ]);
    const rising = new Watching({ monitor: 'acc', minDelta: 0.5 });
    expect([rising.minDelta, rising.monitorFunc(2, 1)]).toEqual([0.5, true]);
  });

  test('NaN is no improvement', async () => {
    const callback = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 });
    expect(await stopped(callback, 'loss', [3, Number.NaN, Number.NaN])).toBe(2);
    const higher = tf.callbacks.earlyStopping({ monitor: 'acc', patience: 1 });
    expect(await stopped(higher, 'acc', [Number.NaN, 0.5, 0.6])).toBe(0);
  });

  test.each(['acceleration_loss', 'val_accident_loss', 'recallable_error', 'aucune'])(
    '%s is to fall, whatever its name holds',
    async (monitor) => {
      const callback = tf.callbacks.earlyStopping({ monitor });
      expect(await stopped(callback, monitor, [3, 2, 1])).toBe(-1);
    },
  );

  test('what never reaches the baseline ends training, with the best weights', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
    const callback = tf.callbacks.earlyStopping({
      ...{ monitor: 'loss', patience: 3, baseline: 0, restoreBestWeights: true },
    });
    callback.setModel(model);
    callback.onTrainBegin();
    for (const [epoch, loss] of [3, 1, 2].entries()) {
      model.setWeights([tf.fill([1, 1], epoch), tf.zeros([1])]);
      callback.onEpochEnd(epoch, { loss });
    }
    expect(callback.stoppedEpoch).toBe(2);
    callback.onTrainEnd();
    expect(model.getWeights()[0].dataSync()[0]).toBe(1);
  });

  test('an improvement is more than minDelta', async () => {
    const callback = () => tf.callbacks.earlyStopping({ monitor: 'loss', patience: 1, minDelta: 0.5 });
    expect(await stopped(callback(), 'loss', [3, 2.5, 2])).toBe(1);
    expect(await stopped(callback(), 'loss', [3, 2.25, 1.5])).toBe(-1);
  });

  test.each(['acc', 'auc', 'precision', 'recall', 'r2', 'val_binaryAccuracy'])(
    '%s is to rise',
    async (monitor) => {
      const callback = () => tf.callbacks.earlyStopping({ monitor, patience: 1 });
      expect(await stopped(callback(), monitor, [0.1, 0.2, 0.3])).toBe(-1);
      expect(await stopped(callback(), monitor, [0.3, 0.2])).toBe(1);
    },
  );

  test('a baseline must be met from the first epoch on', async () => {
    const callback = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 1, baseline: 1 });
    expect(await stopped(callback, 'loss', [2])).toBe(0);
  });
});

describe('what callbacks remember', () => {
  const monitor = 'loss';
  /** And whether training needs them. */
  const factories: [string, boolean, () => Callback][] = [
    [
      'earlyStopping',
      true,
      () => tf.callbacks.earlyStopping({ monitor, patience: 3, restoreBestWeights: true }),
    ],
    ['reduceLROnPlateau', true, () => tf.callbacks.reduceLROnPlateau({ monitor, patience: 1, cooldown: 4 })],
    ['tensorBoard', false, () => tf.callbacks.tensorBoard('logs')],
    ['checkpoint', false, () => tf.callbacks.checkpoint({ path: 'http://here', monitor })],
    ['history', false, () => new History()],
  ];

  /** One that has begun to train; losses of epochs that it has seen. */
  async function begun(make: () => Callback, losses: readonly number[]): Promise<Callback> {
    const callback = make();
    const values = [Float32Array.of(1, 2), Float32Array.of(3)];
    const variables = values.map((each) => ({ values: () => each }));
    const model = { stopTraining: false, optimizer: { learningRate: 1 }, variables, save: () => {} };
    callback.setModel(model as never);
    callback.setTraining({ state: async () => ({}) as never });
    await callback.onTrainBegin();
    for (const [epoch, loss] of losses.entries()) {
      if (callback.className === 'tensorBoard') await callback.onBatchEnd(epoch, { loss });
      else await callback.onEpochEnd(epoch, { loss });
    }
    return callback;
  }

  test.each(factories)('of %s is what it was given', async (name, isNeeded, make) => {
    const first = await begun(make, [3, 2, 2, 2]);
    const second = await begun(make, []);
    const state = structuredClone(first.getState());
    expect(second.getState()).not.toEqual(state);
    second.setState(state);
    expect(second.getState()).toEqual(state);
    expect(new CallbackList([second]).states()).toEqual([{ name, state, isNeeded }]);
  });

  /** One that remembers a text. */
  class Noting extends tf.Callback {
    note: string;

    constructor(note: string) {
      super();
      this.note = note;
    }

    override getState(): string {
      return this.note;
    }

    override setState(state: string): void {
      this.note = state;
    }
  }
  const noting = (note: string) => new Noting(note);

  test('comes back to the first of a name what the first of that name knew, whatever is between them', () => {
    const plateau = () => tf.callbacks.reduceLROnPlateau({ monitor });
    const before = [noting('a'), plateau(), noting('b'), noting('c'), new History()];
    for (const callback of before) callback.onTrainBegin();
    const states = new CallbackList(before).states();
    expect(states.map(({ name, isNeeded }) => [name, isNeeded])).toEqual([
      ['Noting', true],
      ['reduceLROnPlateau', true],
      ['Noting', true],
      ['Noting', true],
      ['history', false],
    ]);
    const notes = ['x', 'y', 'z', 'more'].map(noting);
    const list = new CallbackList([...notes.slice(0, 2), plateau(), ...notes.slice(2)]);
    list.setStates('fit', states);
    expect(notes.map(({ note }) => note)).toEqual(['a', 'b', 'c', 'more']);
  });

  test('must find whom it belongs to, unless training is the same without', () => {
    const [history, note] = [new History(), noting('a')];
    const states = new CallbackList([history, note]).states();
    expect(() => new CallbackList([noting('b')]).setStates('fit', states)).not.toThrow();
    expect(() => new CallbackList([new History()]).setStates('fit', states)).toThrow(
      'fit: the checkpoint remembers a callback Noting that this training does not have. Give it again.',
    );
  });
});

test('all behind a callback that takes its time are called, and waited for', async () => {
  const called: string[] = [];
  const hook = (name: string, isSlow: boolean) => ({
    onBatchEnd: () => {
      called.push(name);
      return isSlow ? Promise.resolve() : undefined;
    },
  });
  const list = new CallbackList([hook('a', true), hook('b', false), hook('c', true), hook('d', false)]);
  await list.onBatchEnd(0);
  expect(called).toEqual(['a', 'b', 'c', 'd']);
  expect(new CallbackList([hook('e', false)]).onBatchEnd(0)).toBeUndefined();
});
