// Callbacks that watch a log, epoch by epoch, through logs that were made up: when they stop, and the rates they set.

import { afterEach, describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import { platform, portablePlatform, setPlatform } from '../../../src/platform/platform.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';

/** Goes through a log's values as epochs do. @returns the rate after each, until the training is stopped */
function ratesOf(callback: Callback, values: readonly number[], log = 'loss'): number[] {
  const model = { stopTraining: false, optimizer: { learningRate: 1 }, variables: [] };
  callback.setModel(model as never);
  callback.onTrainBegin();
  const rates: number[] = [];
  for (const [epoch, value] of values.entries()) {
    callback.onEpochEnd(epoch, { [log]: value });
    rates.push(model.optimizer.learningRate);
    if (model.stopTraining) break;
  }
  callback.onTrainEnd();
  return rates;
}

const previous = platform;
afterEach(() => setPlatform(previous));

const [monitor, nan] = ['loss', Number.NaN];

describe('earlyStopping', () => {
  test.each<[string, object, number[], number]>([
    ['at the first epoch without improvement', {}, [3, 2, 2, 1], 2],
    ['not while there is some', {}, [3, 2, 1], 0],
    ['after two', { patience: 2 }, [3, 2, 2, 2, 1], 3],
    ['not where it improves in time', { patience: 2 }, [3, 2, 2, 1, 1], 0],
    ['more is better', { mode: 'max' }, [1, 2, 2], 2],
    ['by a delta', { minDelta: 0.5 }, [3, 2.5, 2], 1],
    ['by more than a delta', { minDelta: 0.5 }, [3, 2.4, 1.8], 0],
    ['a delta below zero is one', { minDelta: -0.5 }, [3, 2.5], 1],
    ['NaN is no improvement', {}, [3, nan], 1],
    ['the baseline is reached too late', { baseline: 1, patience: 2 }, [3, 2, 1], 1],
    ['the baseline is reached', { baseline: 2.5, patience: 2 }, [3, 2, 1], 0],
    ['the baseline is to be bettered', { baseline: 2, patience: 2 }, [3, 2, 1], 1],
  ])('%s', (_, options, values, stopped) => {
    const callback = tf.callbacks.earlyStopping({ monitor, ...options });
    const rates = ratesOf(callback as never, values);
    expect((callback as unknown as { stoppedEpoch: number }).stoppedEpoch).toBe(stopped);
    expect(rates).toHaveLength(stopped === 0 ? values.length : stopped + 1);
  });

  test.each<[string, object, number[], string[]]>([
    [
      'once training has ended',
      { verbose: 1 },
      [3, 2, 2],
      ['Stopped after epoch 3: loss no longer improves.\n'],
    ],
    ['not where it came to its end', { verbose: 1 }, [3, 2, 1], []],
    ['not unless it is asked for', {}, [3, 2, 2], []],
  ])('says that it stopped %s', (_, options, values, expected) => {
    const written: string[] = [];
    setPlatform({ ...portablePlatform(), write: (text) => void written.push(text) });
    ratesOf(tf.callbacks.earlyStopping({ monitor, ...options }) as never, values);
    expect(written).toEqual(expected);
  });

  test.each([
    ['stopped', [3, 3], true],
    ['goes on', [3, 2], false],
  ])('a training that %s does so where it is resumed', (_, values, isOver) => {
    const [first, second] = [1, 2].map(() => tf.callbacks.earlyStopping({ monitor }) as unknown as Callback);
    ratesOf(first, values);
    const model = { stopTraining: false, variables: [] };
    second.setModel(model as never);
    second.setState(first.getState());
    expect(model.stopTraining).toBe(isOver);
  });
});

describe('reduceLROnPlateau', () => {
  test.each<[string, object, number[], number[]]>([
    ['after so many epochs', { patience: 2 }, [3, 3, 3, 3, 3], [1, 1, 0.5, 0.5, 0.25]],
    ['after none', { patience: 0 }, [3, 3, 2, 2], [1, 0.5, 0.5, 0.25]],
    ['not while there is improvement', { patience: 1 }, [3, 2, 1], [1, 1, 1]],
    ['by less than 1e-4 is none', { patience: 1 }, [3, 2.99995, 2.9998], [1, 0.5, 0.5]],
    ['waits after a reduction', { patience: 1, cooldown: 2 }, [3, 3, 3, 3, 3], [1, 0.5, 0.5, 0.25, 0.25]],
    ['improvement begins the count anew', { patience: 2 }, [3, 3, 2, 2, 2], [1, 1, 1, 1, 0.5]],
    ['no lower than', { patience: 1, minLR: 0.4 }, [3, 3, 3, 3], [1, 0.5, 0.4, 0.4]],
    ['nor higher', { patience: 1, minLR: 3 }, [3, 3, 3], [1, 1, 1]],
  ])('%s', (_, options, values, expected) => {
    const callback = tf.callbacks.reduceLROnPlateau({ monitor, factor: 0.5, ...options });
    expect(ratesOf(callback as never, values)).toEqual(expected);
  });

  test('by a tenth after ten epochs, where nothing is said', () => {
    const rates = ratesOf(tf.callbacks.reduceLROnPlateau() as never, new Array(12).fill(3), 'val_loss');
    expect(rates).toEqual([...new Array(10).fill(1), 0.1, 0.1]);
  });

  test('begins anew with each training', () => {
    const callback = tf.callbacks.reduceLROnPlateau({
      monitor,
      factor: 0.5,
      patience: 2,
      cooldown: 3,
    }) as never;
    const expected = [1, 1, 0.5];
    expect([ratesOf(callback, [1, 1, 1]), ratesOf(callback, [3, 3, 3])]).toEqual([expected, expected]);
  });

  test('counts anew where the first value of a training is none', () => {
    const callback = tf.callbacks.reduceLROnPlateau({ monitor, factor: 0.5, patience: 2 }) as never;
    ratesOf(callback, [3, 3]);
    expect(ratesOf(callback, [Number.NaN, 3])).toEqual([1, 1]);
  });

  test('that is resumed has waited as long', () => {
    const [first, second] = [1, 2].map(
      () => tf.callbacks.reduceLROnPlateau({ monitor, factor: 0.5, patience: 3 }) as unknown as Callback,
    );
    ratesOf(first as never, [3, 3, 3]);
    const optimizer = { learningRate: 1 };
    second.setModel({ optimizer } as never);
    second.onTrainBegin();
    second.setState(first.getState());
    second.onEpochEnd(0, { [monitor]: 3 });
    expect(optimizer.learningRate).toBe(0.5);
  });
});

test.each<[string, readonly number[], number]>([
  ['val_acc', [1, 2], 2],
  ['label_recall_1', [1, 2], 2],
  ['fastAccuracy', [1, 2], 2],
  ['acceleration_loss', [1, 2], 1],
  ['error', [1, 2], 1],
])('better is told by the name: %s', (log, values, epochs) => {
  const callback = tf.callbacks.earlyStopping({ monitor: log, patience: 1 });
  expect(ratesOf(callback as never, values, log)).toHaveLength(2);
  expect((callback as unknown as { stoppedEpoch: number }).stoppedEpoch).toBe(epochs === 2 ? 0 : 1);
});
