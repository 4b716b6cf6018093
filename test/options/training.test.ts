// Options of optimizers, schedules, losses, metrics and callbacks: unknown names and wrong values are sentences.
// All that `tf.train` and its like have are walked: new ones need no line.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

type Options = Record<string, unknown>;
type Factory = (options?: Options) => unknown;

/** Schedules, and what they need at least. */
const schedules: Record<keyof typeof tf.schedules, Options> = {
  step: { initial: 0.1, factor: 0.5, every: 10 },
  exponential: { initial: 0.1, decaySteps: 10, decayRate: 0.5 },
  inverseTime: { initial: 0.1, decaySteps: 10, decayRate: 0.5 },
  cosine: { initial: 0.1, decaySteps: 10 },
  piecewise: { boundaries: [2], values: [0.1, 0.01] },
};

const { learningRateScheduler: _function, csvLogger, tensorBoard, checkpoint, ...callbacks } = tf.callbacks;

const factories: [string, Factory, Options][] = [
  ...Object.entries(tf.train).map(([name, make]): [string, Factory, Options] => [name, make as Factory, {}]),
  ...Object.entries(schedules).map(([name, least]): [string, Factory, Options] => [
    name,
    tf.schedules[name as 'step'] as unknown as Factory,
    least,
  ]),
  ...(
    ['huber', 'binaryCrossentropy', 'categoricalCrossentropy', 'sparseCategoricalCrossentropy'] as const
  ).map((name): [string, Factory, Options] => [name, tf.losses[name] as Factory, {}]),
  ...(['binaryAccuracy', 'precision', 'recall', 'f1Score', 'topKCategoricalAccuracy'] as const).map(
    (name): [string, Factory, Options] => [name, tf.metrics[name] as unknown as Factory, {}],
  ),
  ...Object.entries(callbacks).map(([name, make]): [string, Factory, Options] => [name, make as Factory, {}]),
  ['csvLogger', (options) => csvLogger('log.csv', options), {}],
  ['checkpoint', checkpoint as Factory, { path: 'file://checkpoints' }],
  ['tensorBoard', (options) => tensorBoard('logs', options), {}],
];

const nonsense = [
  ...[Symbol('s'), () => 'x', 'no such thing', '', -1, Number.NaN, Number.POSITIVE_INFINITY, 10n, {}, []],
  ...[Object.create(null), [null], ['a'], new Date(0), tf.tensor1d([1, 2])],
];

/** The names of all options: an unknown one lists them. */
function namesOf(make: Factory, least: Options): string[] {
  try {
    make({ ...least, qqqqqqqqqqqqqqqqqqqqqq: 1 });
  } catch (error) {
    return /Known are (.*)\.$/.exec((error as Error).message)![1].split(', ');
  }
  throw new Error('an unknown option was taken');
}

describe.each(factories)('%s', (_, make, least) => {
  test('every option takes what is right or says what is', () => {
    const names = namesOf(make, least);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      for (const value of nonsense) {
        try {
          make({ ...least, [name]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(tf.LanegradError);
          expect((error as Error).message).toMatch(/\w+: .* (must be|need) .*; got .*\./);
        }
      }
    }
  });

  test('null is the same as nothing', () => {
    const optional = namesOf(make, least).filter((name) => !(name in least));
    expect(() =>
      make({ ...least, ...Object.fromEntries(optional.map((name) => [name, null])) }),
    ).not.toThrow();
    if (Object.keys(least).length === 0) expect(() => make(null as never)).not.toThrow();
  });
});

test.each<[() => unknown, string]>([
  [() => tf.train.adam({ lr: 0.1 } as object), 'adam: there is no option lr; did you mean learningRate?'],
  [() => tf.train.adam(0.1, 1), 'adam: beta1 must be at least 0 and less than 1; got 1.'],
  [() => tf.train.sgd(null as never), ''],
  [
    () => tf.train.sgd('0.1' as never),
    "sgd: learningRate must be a number, 0 or more, or a schedule; got '0.1'.",
  ],
  [
    () => tf.train.sgd(tf.scalar(1) as never),
    'sgd: learningRate must be a number, 0 or more, or a schedule; got a Tensor.',
  ],
  [
    () => tf.train.rmsprop({ centred: true } as object),
    'rmsprop: there is no option centred; did you mean centered?',
  ],
  [() => tf.train.momentum(0.1, 0.5, 2 as never), 'momentum: useNesterov must be true or false; got 2.'],
  [() => tf.losses.huber({ delta: 0 }), 'huber: delta must be positive; got 0.'],
  [() => tf.losses.hinge({ margin: 1 } as object), 'hinge: there is no option margin. It takes none.'],
  [
    () => tf.losses.binaryCrossentropy({ from_logits: true } as object),
    'binaryCrossentropy: there is no option from_logits; did you mean fromLogits?',
  ],
  [
    () => tf.metrics.topKCategoricalAccuracy({ k: 0 }),
    'topKCategoricalAccuracy: k must be a positive integer; got 0.',
  ],
  [
    () => tf.callbacks.earlyStopping({ patiance: 3 } as object),
    'earlyStopping: there is no option patiance; did you mean patience?',
  ],
  [() => tf.callbacks.csvLogger(3 as never), 'csvLogger: path must be a string; got 3.'],
  [
    () => tf.callbacks.learningRateScheduler(0.1 as never),
    'learningRateScheduler: schedule must be a function; got 0.1.',
  ],
  [
    () => new tf.Optimizer({ learningRate: 0.1, update: 'sgd' as never }),
    "Optimizer: update must be a function; got 'sgd'.",
  ],
])('%#', (act, sentence) => {
  if (sentence === '') expect(act).not.toThrow();
  else expect(act).toThrow(new tf.LanegradError(sentence));
});

describe('functions that give what is no answer', () => {
  const x = tf.ones([4, 2]);
  const y = tf.ones([4, 1]);
  const train = (how: object, options: object = {}) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...how });
    return model.fit(x, y, { verbose: 0, ...options });
  };
  const nothing = () => undefined as never;

  test.each<[object, object, string]>([
    [
      { loss: nothing },
      {},
      'loss: the loss nothing must return a tensor made of targets and predictions; got undefined.',
    ],
    [
      { loss: () => 3 },
      {},
      'loss: the loss loss must return a tensor made of targets and predictions; got 3.',
    ],
    [
      { loss: () => tf.scalar(3) },
      {},
      'loss: the loss loss must return a tensor made of targets and predictions; got a tensor that does not depend on them.',
    ],
    [
      { loss: { name: 'x' } },
      {},
      'loss must be the name of a loss, a loss, or a function of targets and predictions; got an object with name.',
    ],
    [
      { loss: 3 },
      {},
      'loss must be the name of a loss, a loss, or a function of targets and predictions; got 3.',
    ],
    [
      { metrics: [nothing] },
      {},
      'nothing: the metric nothing must return a tensor made of targets and predictions; got undefined.',
    ],
    [
      { metrics: [{ name: 'own', sums: nothing, result: () => 1 }] },
      {},
      'own: the metric own must return a tensor made of targets and predictions; got undefined.',
    ],
    [
      { metrics: [{ name: 'own', sums: (t: tf.Tensor) => t.sum().reshape([1]), result: () => 'x' }] },
      {},
      "the result of the metric own must be a number; got 'x'.",
    ],
    [
      { metrics: [3] },
      {},
      'metric must be the name of a metric, a metric, or a function of targets and predictions; got 3.',
    ],
    [{ optimizer: 3 }, {}, 'compile: optimizer must be the name of an optimizer, or an optimizer; got 3.'],
    [
      { lossWeights: ['1'] },
      {},
      "compile: lossWeights must be a list of numbers, or numbers by output; got ['1'].",
    ],
    [{}, { callbacks: tf.callbacks.earlyStopping }, 'Call it, and give what it returns.'],
    [{ optimizer: tf.train.adam }, {}, 'or an optimizer; got a function. Call it, and give what it returns.'],
    [{}, { callbacks: [3] }, 'onBatchEnd, onYield; got 3.'],
    [
      {},
      { callbacks: { onEpochEnded() {} } },
      'callbacks: there is no hook onEpochEnded; did you mean onEpochEnd?',
    ],
    [{}, { callbacks: { onEpochEnd: 3 } }, 'callbacks: onEpochEnd must be a function; got 3.'],
    [
      {},
      { callbacks: tf.callbacks.learningRateScheduler(nothing) },
      'learningRateScheduler: the rate of epoch 0 must be a finite number, 0 or more; got undefined.',
    ],
  ])('%#', async (how, options, sentence) => {
    await expect((async () => train(how, options))()).rejects.toThrow(sentence);
  });
});

describe('what functions and classes of users give', () => {
  const lin = (options: object = {}) =>
    tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'd', ...options })] });
  const fitted = (model: tf.Sequential, how: object = {}, options: object = {}) => {
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...how });
    return model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 1, verbose: 0, ...options });
  };
  const layerThat = (methods: object) => {
    class Own extends tf.layers.Layer {
      static readonly className = 'Own';
      override call(inputs: readonly tf.Value[]) {
        return inputs[0];
      }
    }
    Object.assign(Own.prototype, methods);
    return tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2] }), new Own({ name: 'own' })],
    });
  };
  const optimizerThat = (update: object | undefined) =>
    new tf.Optimizer({ className: 'Own', learningRate: 0.1, slots: {}, update: (() => update) as never });
  const iterating = (iterator: unknown) => {
    const model = lin();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return model.fitDataset({ iterator: () => iterator } as never, { epochs: 1, verbose: 0 });
  };
  test.each<[string, () => unknown, string]>([
    [
      'an initializer by apply',
      () => lin({ kernelInitializer: { apply: () => 3, getConfig: () => ({}) } }),
      'the initializer must give a tensor of shape [2,1]; got 3.',
    ],
    [
      'an initializer of another shape',
      () => lin({ kernelInitializer: { apply: () => tf.ones([3]), getConfig: () => ({}) } }),
      'the initializer must give a tensor of shape [2,1]; got one of shape [3].',
    ],
    [
      'an initializer by values',
      () => lin({ kernelInitializer: { values: () => undefined, className: 'Q', config: {} } }),
      'd/kernel: the initializer must give 2 numbers in a Float32Array; got undefined.',
    ],
    [
      'a regularizer',
      () => fitted(lin({ kernelRegularizer: { apply: () => 'x', className: 'Q', config: {} } })),
      "d/kernel: the regularizer must give a tensor of shape []; got 'x'.",
    ],
    [
      'a constraint',
      () => fitted(lin({ kernelConstraint: { apply: () => null, className: 'Q', config: {} } })),
      'd/kernel: the constraint must give a tensor of shape [2,1]; got null.',
    ],
    ['an activation', () => lin({ activation: () => 3 }), 'activation must give a tensor; got 3.'],
    ['call', () => layerThat({ call: () => undefined }), 'call must give a tensor; got undefined.'],
    ['call, a list of nothing', () => layerThat({ call: () => [] }), 'call must give a tensor; got [].'],
    [
      'computeOutputShape',
      () => layerThat({ computeOutputShape: () => 'x' }),
      "own: computeOutputShape must give a shape, or a list of shapes; got 'x'.",
    ],
    ['computeMask', () => layerThat({ computeMask: () => 3 }), 'computeMask must give a tensor; got 3.'],
    [
      'an update',
      () => fitted(lin(), { optimizer: optimizerThat(undefined) }),
      "the optimizer's update: weights must give a tensor of shape",
    ],
    [
      'a learning rate',
      () => fitted(lin(), { optimizer: tf.train.sgd(() => Number.NaN) }),
      'sgd: the learning rate of step 0 must be a finite number; got NaN.',
    ],
    ['an iterator', () => iterating(3), 'dataset: iterator must give an iterator, with next; got 3.'],
    ['next', () => iterating({ next: () => 3 }), 'dataset: next must give { value, done }; got 3.'],
    [
      'a handler',
      () => tf.loadLayersModel({ load: () => undefined as never }),
      'what load gives must be an object; got undefined.',
    ],
    [
      'customGrad',
      () => tf.customGrad(() => undefined as never)(1),
      'must return an object where `obj.value`',
    ],
  ])('%s', async (_, act, sentence) => {
    await expect((async () => act())()).rejects.toThrow(sentence);
  });

  test('what callbacks give that is no promise means nothing', async () => {
    for (const given of [3, 'x', [1], {}, true, tf.scalar(1)]) {
      const give = () => given as never;
      const callbacks = { onBatchBegin: give, onBatchEnd: give, onEpochEnd: give, onTrainEnd: give };
      expect((await fitted(lin(), {}, { callbacks })).epoch).toEqual([0]);
    }
  });
});

describe('what an optimizer takes in order', () => {
  const { sgd, momentum, adagrad, adam } = tf.train as unknown as Record<
    string,
    (...args: unknown[]) => tf.Optimizer
  >;

  test('is what TensorFlow.js takes: more is passed over', () => {
    expect(sgd(0.1, 0.9).clipValue).toBeUndefined();
    expect(momentum(0.1, 0.9, false, 1).clipValue).toBeUndefined();
    expect(adagrad(0.1, 0.2, 5).getConfig()).toMatchObject({ initialAccumulatorValue: 0.2, epsilon: 1e-7 });
    const own = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 };
    expect(adam(...Object.values(own), true).getConfig()).toEqual(own);
  });

  test('is told by name too, as what is not', () => {
    expect(sgd({ learningRate: 0.1, clipValue: 2 }).clipValue).toBe(2);
    expect(adagrad({ epsilon: 5 }).getConfig()).toMatchObject({ epsilon: 5 });
    expect(adam({ amsgrad: true }).getConfig()).toMatchObject({ amsgrad: true });
  });
});
