// Callbacks and signals while `fit` runs.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../../src/index.ts';
import { shownLog } from '../../../src/training/callbacks/progress-bar.ts';
import { line, quiet, weightOf, x, y } from '../line.ts';
import { withPlatform } from '../with-platform.ts';

afterEach(() => vi.restoreAllMocks());

describe('callbacks', () => {
  test('hooks are called in order, and waited for', async () => {
    const calls: string[] = [];
    const note = (name: string) => async (index: unknown) => {
      await Promise.resolve();
      calls.push(typeof index === 'number' ? `${name} ${index}` : name);
    };
    await line().fit(x, y, {
      ...quiet,
      epochs: 2,
      batchSize: 10,
      callbacks: {
        onTrainBegin: note('train begin'),
        onEpochBegin: note('epoch begin'),
        onBatchBegin: note('batch begin'),
        onBatchEnd: note('batch end'),
        onEpochEnd: note('epoch end'),
        onTrainEnd: note('train end'),
      },
    });
    const epoch = (i: number) => [
      `epoch begin ${i}`,
      ...['batch begin 0', 'batch end 0', 'batch begin 1', 'batch end 1'],
      `epoch end ${i}`,
    ];
    expect(calls).toEqual(['train begin', ...epoch(0), ...epoch(1), 'train end']);
  });

  test('they are told how much there is to do', async () => {
    let told: tf.TrainingParams | undefined;
    class Told extends tf.Callback {
      override onTrainBegin() {
        told = this.params;
      }
    }
    const { params } = await line().fit(x, y, { ...quiet, epochs: 1, batchSize: 5, callbacks: new Told() });
    expect(told).toBe(params);
    expect(told).toMatchObject({ epochs: 1, initialEpoch: 0, steps: 4, samples: 20, batchSize: 5 });
  });

  test('and whether there is a validation, whose logs are named too', async () => {
    const told: unknown[] = [];
    const callbacks = {
      setParams: ({ doValidation, metrics }: tf.TrainingParams) => told.push([doValidation, ...metrics]),
    } as tf.CallbackHooks;
    const model = line('sgd', ['mae']);
    const once = { ...quiet, epochs: 1, callbacks };
    await model.fit(x, y, once);
    await model.fit(x, y, { ...once, validationSplit: 0.5 });
    await model.fitDataset([[x, y]] as never, { ...once, validationData: [x, y] });
    const all = [true, 'loss', 'mae', 'val_loss', 'val_mae'];
    expect(told).toEqual([[false, 'loss', 'mae'], all, all]);
  });

  test('the model has the history of its latest training, while it runs too', async () => {
    const model = line();
    expect(model.history).toBeUndefined();
    let seen: object | undefined;
    const onEpochEnd = () => {
      seen = model.history;
    };
    const first = await model.fit(x, y, { ...quiet, epochs: 1, callbacks: { onEpochEnd } });
    expect([seen, model.history]).toEqual([first, first]);
    expect(model.history).toBe(first);
    expect(await model.fit(x, y, { ...quiet, epochs: 2 })).toBe(model.history);
  });

  test('a history is data alone, which workers may send and JSON has', async () => {
    const history = await line().fit(x, y, { epochs: 2, verbose: 0 });
    const { epoch, history: logs, params } = structuredClone(history);
    expect([epoch, params.epochs]).toEqual([[0, 1], 2]);
    expect(logs).toEqual({ ...history.history });
    expect(Object.keys(JSON.parse(JSON.stringify(history)))).toEqual(['epoch', 'history', 'params']);
  });

  test('classes may set what callbacks say of themselves', async () => {
    class Quiet extends tf.Callback {
      constructor() {
        super();
        Object.assign(this, { showsProgress: true, isLast: false, onlyWatches: 'mine' });
      }
    }
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await line().fit(x, y, { callbacks: new Quiet() });
    expect(log).not.toHaveBeenCalled();
  });

  test('what is false is no callback', async () => {
    for (const callbacks of [false, '', 0, null, [false, undefined]]) {
      await line().fit(x, y, { verbose: 0, callbacks: callbacks as never });
    }
    await expect(line().fit(x, y, { verbose: 0, callbacks: (() => null) as never })).rejects.toThrow(
      'got a function. Call it, and give what it returns.',
    );
  });

  test('batches log what they have themselves, but for metrics that need the end of the epoch', async () => {
    const names = new Set<string>();
    const losses: number[] = [];
    const model = line('sgd', ['mae', 'auc']);
    const { history } = await model.fit(x, tf.greater(x, 0), {
      ...quiet,
      callbacks: {
        onBatchEnd: (_, logs) => {
          for (const name of Object.keys(logs!)) names.add(name);
          losses.push(logs!.loss * logs!.size);
        },
      },
    });
    expect([...names]).toEqual(['batch', 'size', 'loss', 'mae']);
    expect(losses.reduce((sum, loss) => sum + loss, 0) / x.size).toBeCloseTo(history.loss[0], 6);
    expect(history.auc[0]).toBe(1);
  });

  test('stopTraining ends after the current step', async () => {
    const model = line();
    let steps = 0;
    const { epoch } = await model.fit(x, y, {
      ...quiet,
      epochs: 5,
      batchSize: 5,
      callbacks: {
        onBatchEnd: () => {
          if (++steps === 2) model.stopTraining = true;
        },
      },
    });
    expect([steps, epoch]).toEqual([2, [0]]);
  });

  test('stopTraining before an epoch leaves it out, and does not outlast its fit', async () => {
    const model = line();
    const { epoch, history } = await model.fit(x, y, {
      ...quiet,
      epochs: 3,
      callbacks: {
        onEpochBegin: (each) => {
          if (each === 1) model.stopTraining = true;
        },
      },
    });
    expect(epoch).toEqual([0]);
    expect(history.loss).toHaveLength(1);
    expect((await model.fit(x, y, { ...quiet, epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test('an object that takes the model', async () => {
    const seen: unknown[] = [];
    const callback = { setModel: (model: unknown) => void seen.push(model), onEpochEnd: () => undefined };
    const model = line();
    await model.fit(x, y, { ...quiet, callbacks: callback });
    expect(seen).toEqual([model]);
  });

  test('an object of a class of its own', async () => {
    class Counter {
      epochs = 0;

      onEpochEnd(): void {
        this.epochs++;
      }
    }
    const counter = new Counter();
    await line().fit(x, y, { ...quiet, epochs: 2, callbacks: counter });
    expect(counter.epochs).toBe(2);
  });

  test('metrics of one name are numbered', async () => {
    const model = line();
    const precisions = [0.1, 0.9].map((threshold) => tf.metrics.precision({ threshold }));
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: precisions });
    const { history } = await model.fit(x, y, quiet);
    expect(Object.keys(history)).toEqual(['loss', 'precision', 'precision_1']);
  });

  test('early stopping gives the best weights back', async () => {
    // From 0.5 the weight grows towards what fits the training data; at 0.8 the validation data are met.
    const model = line(tf.train.sgd(0.05));
    const seen: number[] = [];
    const { history } = await model.fit(x, tf.mul(x, 2), {
      ...quiet,
      epochs: 50,
      validationData: [x, tf.mul(x, 0.8)],
      callbacks: [
        tf.callbacks.earlyStopping({ patience: 3, restoreBestWeights: true }),
        { onEpochEnd: () => void seen.push(weightOf(model)) },
      ],
    });
    const best = history.val_loss.indexOf(Math.min(...history.val_loss));
    expect(best).toBeGreaterThan(1);
    expect(history.val_loss).toHaveLength(best + 4);
    expect(weightOf(model)).toBe(seen[best]);
  });

  test('what a callback adds to the logs of an epoch is in the history, and shown', async () => {
    const model = line();
    const { history } = await model.fit(x, y, {
      ...quiet,
      epochs: 2,
      callbacks: {
        onEpochEnd: (epoch, logs) => void Object.assign(logs!, { rate: epoch / 2, note: 'text' }),
      },
    });
    expect(Object.keys(history)).toEqual(['loss', 'rate', 'note']);
    expect(history.rate).toEqual([0, 0.5]);
    expect(shownLog('text' as never)).toBe('text');
  });

  test('a log that does not exist is a sentence', async () => {
    await expect(line().fit(x, y, { ...quiet, callbacks: tf.callbacks.earlyStopping() })).rejects.toThrow(
      'earlyStopping: there is no val_loss to monitor, only loss. Give fit validationData or validationSplit.',
    );
  });

  test('the learning rate by epoch, and lowered on a plateau', async () => {
    const model = line(tf.train.sgd(0.1));
    const rates: number[] = [];
    const note = { onEpochEnd: () => void rates.push(model.optimizer.learningRate) };
    await model.fit(x, y, {
      ...quiet,
      epochs: 3,
      callbacks: [tf.callbacks.learningRateScheduler((epoch, rate) => (epoch === 0 ? 0.5 : rate / 2)), note],
    });
    expect(rates).toEqual([0.5, 0.25, 0.125]);
    rates.length = 0;
    model.optimizer.learningRate = 0;
    await model.fit(x, y, { ...quiet, epochs: 2 });
    model.optimizer.learningRate = 1e-9;
    const reduce = tf.callbacks.reduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 2 });
    await model.fit(x, y, { ...quiet, epochs: 5, callbacks: [reduce, note] });
    expect(rates).toEqual([1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10]);
    rates.length = 0;
    model.optimizer.learningRate = 1e-9;
    const options = { monitor: 'loss', factor: 0.5, patience: 0, cooldown: 2, minLR: 4e-10 };
    await model.fit(x, y, {
      ...quiet,
      epochs: 7,
      callbacks: [tf.callbacks.reduceLROnPlateau(options), note],
    });
    expect(rates).toEqual([1e-9, 5e-10, 5e-10, 4e-10, 4e-10, 4e-10, 4e-10]);
  });

  test('a class that is registered takes part in every training that says so much', async () => {
    let begun = 0;
    class Listener extends tf.Callback {
      override onTrainBegin() {
        begun++;
      }
    }
    tf.registerCallbackConstructor(2, Listener);
    expect(() => tf.registerCallbackConstructor(0, Listener)).toThrow('Listener is registered already');
    await line().fit(x, y, quiet);
    expect(begun).toBe(0);
    await withPlatform({ write: () => {} }, () => line().fit(x, y, { verbose: 2 }));
    expect(begun).toBe(1);
  });

  test('a list calls its callbacks in order, objects with hooks among them', async () => {
    const calls: string[] = [];
    const list = new tf.CallbackList([{ onEpochEnd: (epoch) => void calls.push(`a ${epoch}`) }]);
    list.append({ onEpochEnd: async (epoch) => void calls.push(`b ${epoch}`) });
    await list.onEpochEnd(3);
    expect(calls).toEqual(['a 3', 'b 3']);
  });
});

describe('a signal', () => {
  test('aborts after the current step with its reason, and the model stays usable', async () => {
    const controller = new AbortController();
    const model = line();
    let steps = 0;
    const training = model.fit(x, y, {
      ...quiet,
      epochs: 100,
      batchSize: 4,
      signal: controller.signal,
      callbacks: {
        onBatchEnd: () => {
          if (++steps === 7) controller.abort(new Error('enough'));
        },
      },
    });
    await expect(training).rejects.toThrow('enough');
    expect(steps).toBe(7);
    expect((await model.fit(x, y, quiet)).epoch).toEqual([0]);
  });

  test.each([
    ['arrays', (model: tf.Model, options: object) => model.fit(x, y, { ...options, validationData: [x, y] })],
    [
      'a dataset',
      (model: tf.Model, options: object) =>
        model.fitDataset([[x, y]], { ...options, validationData: tf.data.array([{ xs: x, ys: y }]) }),
    ],
  ])('aborts before a step of validation with %s', async (_, trained) => {
    const controller = new AbortController();
    const epochs: number[] = [];
    const training = trained(line(), {
      ...quiet,
      signal: controller.signal,
      callbacks: {
        onBatchEnd: () => controller.abort(new Error('enough')),
        onEpochEnd: (epoch: number) => void epochs.push(epoch),
      },
    });
    await expect(training).rejects.toThrow('enough');
    expect(epochs).toEqual([]);
  });
});
