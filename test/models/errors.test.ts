// Bad input is a sentence: every error a user of models meets, word by word.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const quiet = { verbose: 0 } as const;

function classifier(loss = 'sparseCategoricalCrossentropy'): tf.Sequential {
  const model = tf.sequential({
    name: 'digits',
    layers: [tf.layers.dense({ units: 10, activation: 'softmax', inputShape: [4], name: 'classes' })],
  });
  model.compile({ optimizer: 'sgd', loss });
  return model;
}

const x = tf.tensor2d([
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 8, 7, 6],
]);
const labels = tf.tensor1d(Int32Array.of(0, 9, 3));

const train = (model: tf.Model, inputs: tf.DataList, targets: tf.DataList, options: tf.FitOptions = {}) =>
  model.fit(inputs, targets, { ...quiet, ...options });

describe('shapes', () => {
  test('inputs of another shape', async () => {
    await expect(train(classifier(), tf.ones([3, 5]), labels)).rejects.toThrow(
      'fit: x: expected shape [null,4]; got [3,5].',
    );
    expect(() => classifier().predict(tf.ones([4]))).toThrow('predict: x: expected shape [null,4]; got [4].');
  });

  test('a sample alone, texts and datasets say where they belong', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const row = tf.data.array([{ xs: tf.ones([2]), ys: tf.ones([1]) }]);
    const alone = 'x: expected shape [null,2]; got [2]. One sample is [sample]; batch() a dataset.';
    expect(() => model.predict([1, 2])).toThrow(new tf.LanegradError(`predict: ${alone}`));
    await expect(model.fitDataset(row, { epochs: 1, verbose: 0 })).rejects.toThrow(`fitDataset: ${alone}`);
    await expect(model.fit(row as never, tf.ones([1, 1]))).rejects.toThrow('A dataset goes to fitDataset.');
    await expect(model.fit(tf.ones([2, 2]), ['cat', 'dog'] as never)).rejects.toThrow(
      'fit: y: expected numbers or booleans; values[0] is a string. Words become numbers by stringLookup.',
    );
  });

  test('a typed array that does not divide', () => {
    expect(() => classifier().predict(new Float32Array(10))).toThrow(
      'predict: x: 10 numbers do not divide into samples of shape [4].',
    );
  });

  test('more targets than samples', async () => {
    await expect(train(classifier(), x, tf.tensor1d(Int32Array.of(1, 2, 3, 4)))).rejects.toThrow(
      'fit: y: 4 targets for 3 samples.',
    );
  });

  test('no samples', () => {
    expect(() => classifier().predict(tf.zeros([0, 4]))).toThrow('predict: there are no samples.');
  });

  test('inputs of different lengths, inputs that are missing', () => {
    const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const model = tf.model({ inputs: [a, b], outputs: tf.layers.add().apply([a, b]) });
    expect(() => model.predict([tf.ones([2, 2]), tf.ones([3, 2])])).toThrow(
      'predict: inputs have different numbers of samples: 2, 3.',
    );
    expect(() => model.predict({ a: tf.ones([2, 2]) })).toThrow('predict: x: no data for b; got data for a.');
    expect(() => model.predict(tf.ones([2, 2]))).toThrow(
      'predict: x: expected 2 arrays (a, b); got one array.',
    );
  });

  test('a layer that does not fit the one before it', () => {
    expect(() =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, inputShape: [4] }),
          tf.layers.reshape({ targetShape: [2, 2], name: 'square' }),
        ],
      }),
    ).toThrow('square: a sample of shape [3] cannot become [2,2].');
  });
});

describe('labels and losses', () => {
  test('label 10 of ten classes', async () => {
    await expect(train(classifier(), x, tf.tensor1d(Int32Array.of(0, 10, 3)))).rejects.toThrow(
      'fit: y: label 10 of sample 1 is not a class: sparseCategoricalCrossentropy with 10 outputs ' +
        'takes whole numbers from 0 to 9.',
    );
  });

  test('class numbers for a loss of one-hot targets', async () => {
    await expect(train(classifier('categoricalCrossentropy'), x, labels)).rejects.toThrow(
      'loss: categoricalCrossentropy takes one-hot targets of shape [3,10]; got [3]. ' +
        'For class numbers use sparseCategoricalCrossentropy.',
    );
  });

  test('one-hot targets for a loss of class numbers', async () => {
    await expect(train(classifier(), x, tf.oneHot(labels, 10))).rejects.toThrow(
      'loss: sparseCategoricalCrossentropy takes a class number for each sample, shape [3]; got [3,10]. ' +
        'For one-hot targets use categoricalCrossentropy.',
    );
  });

  test('shares of classes where there is one output', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const loss = 'categoricalCrossentropy';
    const yesNo = tf.tensor2d([[1], [0], [1]]);
    const sentence = 'loss: categoricalCrossentropy of one output is 0; use binaryCrossentropy.';
    model.compile({ optimizer: 'sgd', loss });
    await expect(model.fit(tf.ones([3, 2]), yesNo)).rejects.toThrow(sentence);
    expect(() => model.evaluate(tf.ones([3, 2]), yesNo)).toThrow(sentence);
    const call = (targets: tf.Value, predictions: tf.Value) =>
      tf.losses.meanSquaredError(targets, predictions);
    function categoricalCrossentropy(targets: tf.Tensor, predictions: tf.Tensor) {
      return targets.sub(predictions).square().mean();
    }
    for (const other of ['binaryCrossentropy', categoricalCrossentropy, { name: loss, call } as never]) {
      model.compile({ optimizer: 'sgd', loss: other, metrics: [loss] });
      await model.fit(tf.ones([3, 2]), yesNo, { verbose: 0 });
    }
  });
});

describe('names', () => {
  const compile = (args: Partial<tf.CompileArguments>) => () =>
    classifier().compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });

  test('unknown ones suggest the nearest', () => {
    expect(compile({ optimizer: 'adm' })).toThrow('Unknown optimizer "adm". Did you mean "adam"?');
    expect(compile({ loss: 'meanSqaredError' })).toThrow(
      'Unknown loss "meanSqaredError". Did you mean "meanSquaredError"?',
    );
    expect(compile({ metrics: ['acuracy'] })).toThrow('Unknown metric "acuracy". Did you mean "accuracy"?');
    expect(() => tf.layers.dense({ units: 1, activation: 'rellu' })).toThrow(
      'Unknown activation "rellu". Did you mean "relu"?',
    );
  });

  test('no arguments', () => {
    expect(() => classifier().compile(undefined as never)).toThrow(
      "compile: takes an optimizer and a loss, as in model.compile({ optimizer: 'adam', loss: 'meanSquaredError' }); got nothing.",
    );
  });

  test('a loss too many', () => {
    expect(compile({ loss: ['meanSquaredError', 'hinge'] })).toThrow(
      'compile: loss has 2 entries; the model has 1 outputs.',
    );
  });
});

describe('data', () => {
  test('NaN in the inputs and infinity in the targets', async () => {
    const bad = tf.tensor2d([
      [1, 2, 3, 4],
      [5, Number.NaN, 7, 8],
      [9, 8, 7, 6],
    ]);
    await expect(train(classifier(), bad, labels)).rejects.toThrow(
      'fit: x: sample 1 holds NaN at position 1. Remove or replace such values before training.',
    );
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(train(model, x, tf.tensor1d([1, 2, Infinity]))).rejects.toThrow(
      'fit: y: sample 2 holds Infinity at position 0. Remove or replace such values before training.',
    );
  });

  test('a loss that is not finite any more names its step', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: tf.train.sgd(1e6), loss: 'meanSquaredError' });
    await expect(
      train(model, x, tf.tensor1d([1, 2, 3]), { epochs: 50, batchSize: 2, seed: 1 }),
    ).rejects.toThrow(
      /^fit: step [12] of epoch \d+: the loss is (NaN|Infinity)\. Lower the learning rate, clip gradients \(clipNorm\), or check the data\.$/,
    );
  });
});

describe('order', () => {
  test('fit before compile', async () => {
    const model = tf.sequential({ name: 'raw', layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    await expect(train(model, x, labels)).rejects.toThrow(
      'raw: fit needs a compiled model. Call model.compile({ optimizer, loss }) first.',
    );
  });

  test('a model that does not know its input', () => {
    const model = tf.sequential({ name: 'open', layers: [tf.layers.dense({ units: 1 })] });
    expect(() => model.predict(x)).toThrow(
      'open: has no input shape yet. Give its first layer inputShape, as in inputShape: [784].',
    );
  });

  test('a first layer that has no input shape, whatever a later one has', () => {
    const layers = [tf.layers.dense({ units: 2 }), tf.layers.dense({ units: 1, inputShape: [3] })];
    const model = tf.sequential({ name: 'open', layers });
    expect(model.layers).toEqual(layers);
    expect(() => model.predict(tf.ones([1, 3]))).toThrow('open: has no input shape yet.');
    model.pop();
    model.pop();
    model.add(layers[1]);
    expect((model.predict(tf.ones([1, 3])) as tf.Tensor).shape).toEqual([1, 1]);
  });

  test('outputs that need an input that is not given', () => {
    const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const sum = tf.layers.add().apply([a, b]);
    expect(() => tf.model({ inputs: a, outputs: sum })).toThrow(
      'model: outputs depend on b, which is not among the inputs.',
    );
  });

  test("a call of one's own outside of a trace that draws random numbers", () => {
    const layer = tf.layers.gaussianNoise({ stddev: 1 });
    const { call } = layer;
    layer.call = (inputs, args) => call.call(layer, inputs, args);
    expect(() => layer.call([tf.zeros([2, 4])], { training: true } as never)).toThrow(
      'State can be changed, and random values drawn, only while a model is traced: in call().',
    );
  });
});

describe('options of fit', () => {
  test.each([
    [{ batchSize: 0 }, 'fit: batchSize must be a positive integer; got 0.'],
    [{ validationSplit: 1.5 }, 'fit: validationSplit must be at least 0 and less than 1; got 1.5.'],
    [{ validationSplit: 0.9 }, 'fit: validationSplit 0.9 of 3 samples leaves 0 to train with.'],
    [{ sampleWeight: tf.ones([2]) }, 'fit: sampleWeight must hold a number for each of 3 samples; got [2].'],
    [{ validationSplit: Number.NaN }, 'fit: validationSplit must be at least 0 and less than 1; got NaN.'],
    [{ epochs: 1.5 }, 'fit: epochs must be a non-negative integer; got 1.5.'],
    [{ initialEpoch: -1 }, 'fit: initialEpoch must be a non-negative integer; got -1.'],
    [{ seed: Number.NaN }, 'fit: seed must be an integer; got NaN.'],
    [
      { validationData: [x] },
      'fit: validationData: a batch is inputs, targets and perhaps sample weights, or { xs, ys }; got 1 parts.',
    ],
  ] as const)('%o', async (options, sentence) => {
    await expect(train(classifier(), x, labels, options as tf.FitOptions)).rejects.toThrow(sentence);
  });
});

test('options of callbacks', () => {
  expect(() => tf.callbacks.earlyStopping({ mode: 'least' as 'min' })).toThrow(
    "earlyStopping: mode must be 'auto', 'min' or 'max'; got 'least'.",
  );
});

describe('batch sizes that are none', () => {
  test.each([0, -1, 2.5, Number.NaN])('%d', async (batchSize) => {
    const model = classifier();
    const of = (where: string, option = 'batchSize') =>
      `${where}: ${option} must be a positive integer; got ${batchSize}.`;
    expect(() => model.predict(x, { batchSize })).toThrow(of('predict'));
    expect(() => model.evaluate(x, labels, { batchSize })).toThrow(of('evaluate'));
    const datasets = { ...quiet, validationData: [x, labels] as const };
    const batches: tf.Batch[] = [[x, labels]];
    await expect(model.fitDataset(batches, { ...datasets, validationBatchSize: batchSize })).rejects.toThrow(
      of('fitDataset', 'validationBatchSize'),
    );
    await expect(model.fitDataset(batches, { ...datasets, batchesPerEpoch: batchSize })).rejects.toThrow(
      of('fitDataset', 'batchesPerEpoch'),
    );
    await expect(model.evaluateDataset(batches, { batches: batchSize })).rejects.toThrow(
      of('evaluateDataset', 'batches'),
    );
  });
});

describe('options that are no objects', () => {
  const wrong = (make: unknown, given: unknown) => () => (make as (options: unknown) => unknown)(given);
  test.each([
    [
      () => tf.sequential().compile(tf.train.sgd(0.1) as never),
      'compile: takes its options in an object; got a SGDOptimizer.',
    ],
    [
      () => tf.train.adam(tf.tensor([0.1]) as never),
      'adam: learningRate must be a number, 0 or more, or a schedule; got a Tensor.',
    ],
    [
      wrong(tf.constraints.maxNorm, Object.assign(Object.create({ base: 1 }), { maxValue: 1, foo: 2 })),
      'maxNorm: there is no option foo. Known are axis, maxValue.',
    ],
    [wrong(tf.layers.dense, 10), 'Dense: takes its options in an object; got 10.'],
    [wrong(tf.layers.maxPooling2d, 3), 'MaxPooling2D: takes its options in an object; got 3.'],
    [wrong(tf.regularizers.l1, 0.5), 'l1: takes its options in an object; got 0.5.'],
    [wrong(tf.regularizers.l2, 0.5), 'l2: takes its options in an object; got 0.5.'],
    [wrong(tf.regularizers.l1l2, 0.5), 'l1l2: takes its options in an object; got 0.5.'],
    [wrong(tf.constraints.maxNorm, 3), 'maxNorm: takes its options in an object; got 3.'],
    [wrong(tf.constraints.unitNorm, 1), 'unitNorm: takes its options in an object; got 1.'],
    [
      wrong(tf.sequential, [tf.layers.dense({ units: 1 })]),
      'Sequential: takes its options in an object; got [a Dense].',
    ],
    [wrong(tf.constraints.minMaxNorm, 3), 'minMaxNorm: takes its options in an object; got 3.'],
    [
      wrong(tf.train.sgd, '0.01'),
      "sgd: learningRate must be a number, 0 or more, or a schedule; got '0.01'.",
    ],
  ])('%#', (act, sentence) => {
    expect(act).toThrow(new tf.LanegradError(sentence));
  });
});

describe('models', () => {
  const input = tf.input({ shape: [2], name: 'in' });
  const head = (name: string) => tf.layers.dense({ units: 2, name }).apply(input);

  test('two layers of one name are not saved', async () => {
    const model = tf.model({ inputs: input, outputs: [head('a'), head('a')], name: 'm' });
    await expect(model.save({ save: async () => undefined })).rejects.toThrow(
      'm: two of its layers are named a; only one of a name can be saved.',
    );
  });

  test('inputs and outputs that are none', () => {
    const of = (outputs: unknown) => () => tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
    expect(of(undefined)).toThrow(
      'model: outputs must be what input() and layer.apply() return; got undefined.',
    );
    expect(of([])).toThrow('model: outputs must be what input() and layer.apply() return; got none.');
  });

  test('a layer applied to nested arrays', () => {
    const layer = tf.layers.dense({ units: 1, name: 'd' });
    expect(() => layer.apply([[1, 2]] as unknown as tf.SymbolicTensor)).toThrow(
      'd: apply takes what input() or apply() return, or tensors; not both; got [[1,2]].',
    );
  });

  test('entries for outputs that are none', async () => {
    const model = tf.model({ inputs: input, outputs: [head('p'), head('q')] });
    const compile = (args: object) => () =>
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });
    const sentence = (where: string) => `${where} has an entry for r; the outputs are p, q.`;
    expect(
      compile({ loss: { p: 'meanSquaredError', q: 'meanSquaredError', r: 'meanSquaredError' } }),
    ).toThrow(sentence('compile: loss'));
    expect(compile({ metrics: { r: 'mae' } })).toThrow(sentence('compile: metrics'));
    expect(compile({ lossWeights: { p: 1, q: 1, r: 1 } })).toThrow(sentence('compile: lossWeights'));
    compile({})();
    const targets = [tf.zeros([1, 2]), tf.zeros([1, 2])];
    await expect(
      model.fit(tf.ones([1, 2]), targets, { ...quiet, classWeight: { r: { 0: 1 } } }),
    ).rejects.toThrow(sentence('classWeight'));
  });

  test('a second fit beside the first', async () => {
    const model = classifier();
    const first = train(model, x, labels);
    await expect(train(model, x, labels)).rejects.toThrow(
      'digits: fit: the model is being trained. Await that first.',
    );
    await first;
    await train(model, x, labels);
  });
});

test("targets of the outputs' numbers in another shape", async () => {
  const model = tf.sequential({
    layers: [tf.layers.reshape({ targetShape: [2, 3], inputShape: [6] }), tf.layers.dense({ units: 3 })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await expect(model.fit(tf.ones([4, 6]), tf.ones([4, 3, 2]), quiet)).rejects.toThrow(
    'loss: meanSquaredError takes targets of shape [4,2,3]; got [4,3,2].',
  );
  // Numbers without a shape, and axes of size 1, are taken.
  await model.fit(tf.ones([4, 6]), new Float32Array(24), quiet);
  await model.fit(tf.ones([4, 6]), tf.ones([4, 2, 1, 3]), quiet);
});
