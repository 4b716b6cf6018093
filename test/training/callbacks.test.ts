// Callbacks without a model: what they make of the logs that they are given.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Callback, Trainee } from '../../src/training/callback.ts';

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
