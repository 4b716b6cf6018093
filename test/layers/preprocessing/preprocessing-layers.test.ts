// Layers that make numbers of words, identifiers and measurements, against Keras's; in models, in files, adapted.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import type { Layer } from '../../../src/layers/base/layer.ts';
import { fingerprint64 } from '../../../src/layers/preprocessing/farm-hash.ts';
import { sipHash } from '../../../src/layers/preprocessing/sip-hash.ts';

const path = new URL('../../reference/keras-preprocessing.json', import.meta.url);
const reference = JSON.parse(readFileSync(path, 'utf8'));

/** A layer's options as Keras writes them, as a file brings them. */
const camel = (options: object) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

interface Case {
  readonly options: object;
  readonly data: never;
  readonly output: unknown;
  readonly adapted?: never;
  readonly vocabulary?: unknown;
}

type Adaptable = Layer & { adapt(data: unknown, options?: object): Promise<void> };

async function made(make: (options: never) => object, { options, adapted }: Case): Promise<Adaptable> {
  const layer = make(camel(options) as never) as Adaptable;
  if (adapted) await layer.adapt(adapted);
  return layer;
}

const arrayOf = (output: tf.Tensor) => output.arraySync();

function expectClose(got: unknown, expected: unknown): void {
  const [a, b] = [got, expected].map((nested) => [nested].flat(9) as number[]);
  expect(a.length).toBe(b.length);
  for (const [i, value] of a.entries())
    expect(Math.abs(value - b[i])).toBeLessThanOrEqual(2e-6 * (1 + Math.abs(b[i])));
}

/** The model as it comes out of a file. */
async function throughFile(model: tf.LayersModel): Promise<tf.LayersModel> {
  const saved = await model.save({ save: async (artifacts: tf.ModelArtifacts) => artifacts });
  const modelTopology = JSON.parse(JSON.stringify(saved.modelTopology));
  return tf.loadLayersModel({ load: async () => ({ ...saved, modelTopology }) });
}

/** The layer in a model that comes out of a file. */
async function reloaded(
  layer: Layer,
  shape: number[],
  dtype: 'string' | 'float32' | 'int32',
): Promise<tf.LayersModel> {
  const input = tf.input({ shape, dtype });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) });
  return throughFile(model);
}

describe('hashes', () => {
  const { texts, fast, strong } = reference.hashes;
  const most = (1n << 61n) - 1n;
  const bytes = (text: string) => new TextEncoder().encode(text);

  test.each(
    texts.map((text: string, i: number) => [bytes(text).length, text, fast[i], strong[i]]) as [
      number,
      string,
      string,
      string,
    ][],
  )('of %i bytes', (_, text, farm, sip) => {
    expect(String(fingerprint64(bytes(text)) % most)).toBe(farm);
    expect(String(sipHash(bytes(text), [133n, 137n]) % most)).toBe(sip);
  });

  test('of whole numbers as large as they are exact', () => {
    const { integers, ofIntegers } = reference.hashes;
    expect(arrayOf(tf.layers.hashing({ numBins: 100 }).apply(integers as number[]))).toEqual(ofIntegers);
    expect(arrayOf(tf.layers.hashing({ numBins: 100 }).apply(integers.map(BigInt) as number[]))).toEqual(
      ofIntegers,
    );
  });
});

describe.each([
  ['hashing', tf.layers.hashing, 'string'],
  ['stringLookup', tf.layers.stringLookup, 'string'],
  ['integerLookup', tf.layers.integerLookup, 'int32'],
  ['discretization', tf.layers.discretization, 'float32'],
] as [string, (options: never) => object, 'string' | 'int32' | 'float32'][])('%s', (name, make, dtype) => {
  test.each(reference[name].map((each: Case) => [JSON.stringify(each.options), each]) as [string, Case][])(
    '%s',
    async (_, each) => {
      const layer = await made(make, each);
      const x = dtype === 'float32' ? tf.tensor(each.data) : (each.data as tf.Tensor);
      expectClose(arrayOf(layer.apply(x)), each.output);
      if (each.vocabulary)
        expect((layer as never as { getVocabulary(): unknown }).getVocabulary()).toEqual(each.vocabulary);
      const row = each.data[0] as unknown;
      if (!Array.isArray(row)) return;
      const isNumbers = typeof row[0] === 'number';
      const model = await reloaded(layer, [row.length], isNumbers && dtype === 'string' ? 'int32' : dtype);
      expectClose(arrayOf(model.predict(each.data) as tf.Tensor), each.output);
    },
  );
});

describe('discretization', () => {
  test.each(reference.boundaries as { numBins: number; data: number[]; boundaries: number[] }[])(
    'adapts to $numBins bins',
    async ({ numBins, data, boundaries }) => {
      const layer = tf.layers.discretization({ numBins });
      await layer.adapt(data);
      expectClose(layer.getConfig().binBoundaries, boundaries);
    },
  );

  test('boundaries lie between the numbers of which shares lie below and above', async () => {
    const layer = tf.layers.discretization({ numBins: 8 });
    await layer.adapt([30, 0, 20, 10]);
    // Up to a number lie ¼, ½, ¾ and all of them: ⅜ is halfway between the first two.
    expect(layer.getConfig().binBoundaries).toEqual([0, 0, 5, 10, 15, 20, 25]);
  });

  test('of many numbers, bins hold as many each', async () => {
    const data = tf.randomNormal([10_000], 0, 1, 'float32', 5);
    const layer = tf.layers.discretization({ numBins: 8, outputMode: 'oneHot' });
    await layer.adapt(data);
    const counts = (layer.apply(data.reshape([-1, 1])) as tf.Tensor).sum(0).arraySync() as number[];
    for (const count of counts) expect(Math.abs(count - 1250)).toBeLessThanOrEqual(1);
  });

  test('one bin takes everything', async () => {
    const layer = tf.layers.discretization({ numBins: 1 });
    await layer.adapt([1, 2, 3]);
    expect(arrayOf(layer.apply(tf.tensor1d([-5, 7])) as tf.Tensor)).toEqual([0, 0]);
  });

  test('says what it needs', async () => {
    expect(() => tf.layers.discretization({})).toThrow('numBins must be given for adapt, or binBoundaries');
    expect(() => tf.layers.discretization({ binBoundaries: [1, 0] })).toThrow(
      'binBoundaries must rise; got 1, 0',
    );
    const layer = tf.layers.discretization({ numBins: 3 });
    expect(() => layer.apply(tf.ones([2]))).toThrow('has no boundaries yet');
    await expect(layer.adapt([Number.NaN])).rejects.toThrow('finite numbers; got NaN');
    await expect(layer.adapt([])).rejects.toThrow('finite numbers; got none');
    await expect(tf.layers.discretization({ binBoundaries: [0] }).adapt([1])).rejects.toThrow(
      'adapt needs numBins',
    );
  });
});

describe('normalization', () => {
  test.each(
    reference.normalization as {
      data: never;
      options: { axis: never; mean?: never; variance?: never; invert?: boolean };
      output: unknown;
      weights: number[][];
    }[],
  )('$options', async ({ data, options, output, weights }) => {
    const layer = tf.layers.normalization(options);
    const x = tf.tensor(data);
    if (!options.mean) await layer.adapt(x);
    expectClose(arrayOf(layer.apply(x) as tf.Tensor), output);
    for (const [i, expected] of weights.entries()) expectClose(layer.getWeights()[i].arraySync(), expected);
    const model = await reloaded(layer, x.shape.slice(1), 'float32');
    expectClose(arrayOf(model.predict(x) as tf.Tensor), output);
  });

  test('adapts to a dataset as to its batches together, and to another in place of that', async () => {
    const x = tf.randomNormal([100, 3], 1000, 2, 'float32', 9);
    const [whole, parts] = [tf.layers.normalization(), tf.layers.normalization()];
    await whole.adapt(x);
    await parts.adapt(tf.ones([4, 3]));
    const rows = x.arraySync() as number[][];
    await parts.adapt(tf.data.array(rows).batch(7));
    for (const i of [0, 1]) expectClose(parts.getWeights()[i].arraySync(), whole.getWeights()[i].arraySync());
    await parts.adapt(tf.data.array(rows.map((xs) => ({ xs, ys: 1 }))).batch(50), { steps: 1 });
    expect(parts.getWeights()[2].dataSync()[0]).toBe(50);
    const { mean, variance } = tf.moments(x.slice([0, 0], [50, 3]), 0);
    expectClose(parts.getWeights()[0].arraySync(), mean.arraySync());
    expect(parts.getWeights()[1].sub(variance).abs().max().dataSync()[0]).toBeLessThan(1e-3);
  });

  test('learns in a model that is compiled, and does not train', async () => {
    const normalization = tf.layers.normalization({ inputShape: [2] });
    const model = tf.sequential({ layers: [normalization, tf.layers.dense({ units: 1 })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = tf.tensor2d([
      [100, 1],
      [300, 3],
      [200, 2],
    ]);
    model.predict(x);
    await normalization.adapt(x);
    const before = normalization.getWeights().map((weights) => weights.arraySync());
    await model.fit(x, [1, 2, 3], { verbose: 0 });
    expect(normalization.getWeights().map((weights) => weights.arraySync())).toEqual(before);
    expectClose(
      (model.predict(x) as tf.Tensor).arraySync(),
      (model.layers[1].apply(normalization.apply(x) as tf.Tensor) as tf.Tensor).arraySync(),
    );
  });

  test('says what it needs', async () => {
    expect(() => tf.layers.normalization({ mean: 1 })).toThrow('mean needs variance beside it');
    expect(() => tf.layers.normalization({ mean: [1, 2], variance: [1] })).toThrow('got 2 and 1');
    expect(() =>
      tf.layers.normalization({ mean: [1, 2], variance: [1, 1], inputShape: [3] }).apply(tf.ones([1, 3])),
    ).toThrow('mean must be 3 numbers');
    await expect(tf.layers.normalization({ axis: 0 }).adapt([[1]])).rejects.toThrow(
      'axis must be axes of known size',
    );
    await expect(tf.layers.normalization({ mean: 1, variance: 1 }).adapt([[1]])).rejects.toThrow(
      'was given its mean',
    );
    await expect(tf.layers.normalization().adapt([[Number.NaN]])).rejects.toThrow('NaN or infinities');
    await expect(tf.layers.normalization().adapt([])).rejects.toThrow('the data hold nothing');
    await expect(tf.layers.normalization().adapt(tf.data.array([]))).rejects.toThrow(
      'the dataset has no batches',
    );
    await expect(tf.layers.normalization().adapt(3 as never)).rejects.toThrow(
      'takes an array, a tensor or a dataset',
    );
  });
});

describe('words in models', () => {
  const words = [['red'], ['green'], ['blue'], ['red']];
  const y = [1, 0, 0, 1];

  function classifier(): tf.Sequential {
    const lookup = tf.layers.stringLookup({
      vocabulary: ['red', 'green', 'blue'],
      outputMode: 'oneHot',
      inputShape: [1],
    });
    const model = tf.sequential({ layers: [lookup, tf.layers.dense({ units: 1, activation: 'sigmoid' })] });
    model.compile({ optimizer: tf.train.adam(0.1), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    return model;
  }

  test('fit, evaluate and predict take them, in columns and in lists', async () => {
    const model = classifier();
    const { history } = await model.fit(words, y, { epochs: 60, verbose: 0, validationSplit: 0.25 });
    expect(history.val_acc.at(-1)).toBe(1);
    const [, accuracy] = model.evaluate(words, y) as tf.Tensor[];
    expect(accuracy.dataSync()[0]).toBe(1);
    const flat = words.flat();
    expect((model.predict(flat) as tf.Tensor).arraySync()).toEqual(
      (model.predict(words) as tf.Tensor).arraySync(),
    );
    expect((model.predictOnBatch(words) as tf.Tensor).shape).toEqual([4, 1]);
    await model.trainOnBatch(words, y);
  });

  test('datasets bring them from tables', async () => {
    const model = classifier();
    const rows = words.map(([xs], i) => ({ xs, ys: y[i] }));
    await model.fitDataset(tf.data.array(rows).batch(2), { epochs: 3, verbose: 0 });
    const lookup = tf.layers.stringLookup();
    await lookup.adapt(tf.data.array(words.flat()).batch(3));
    expect(lookup.getVocabulary()).toEqual(['[UNK]', 'red', 'green', 'blue']);
  });

  test('datasets of batches bring them', async () => {
    const model = classifier();
    const batches = [
      { xs: words.slice(0, 2), ys: tf.tensor1d([1, 0]) },
      { xs: words.slice(2), ys: tf.tensor1d([0, 1]) },
    ];
    await model.fitDataset(batches, { epochs: 3, verbose: 0 });
    expect(await model.evaluateDataset(batches)).toHaveLength(2);
  });

  test('beside numbers, by the names of inputs, and inside of another model', async () => {
    const colour = tf.input({ shape: [1], dtype: 'string', name: 'colour' });
    const size = tf.input({ shape: [1], name: 'size' });
    const lookup = tf.layers.stringLookup({ vocabulary: ['red', 'green'], outputMode: 'oneHot' });
    const joined = tf.layers.concatenate().apply([lookup.apply(colour), size]);
    const features = tf.model({ inputs: [colour, size], outputs: joined });
    const x = { colour: [['red'], ['pink']], size: [[5], [6]] };
    const expected = [
      [0, 1, 0, 5],
      [1, 0, 0, 6],
    ];
    expect((features.predict(x) as tf.Tensor).arraySync()).toEqual(expected);

    const [colours, sizes] = [x.colour, tf.tensor2d(x.size)];
    expect((features.apply([colours, sizes] as never) as unknown as tf.Tensor).arraySync()).toEqual(expected);
    expect(() => features.apply([colours] as never)).toThrow('takes 2 inputs; got 1');

    const outer = [tf.input({ shape: [1], dtype: 'string' }), tf.input({ shape: [1] })];
    const model = tf.model({ inputs: outer, outputs: features.apply(outer) });
    expect((model.predict([x.colour, x.size]) as tf.Tensor).arraySync()).toEqual(expected);
  });

  test('a saved model has its vocabulary, and its description says string', async () => {
    const layer = tf.layers.stringLookup();
    await layer.adapt([['x', 'y', 'x']]);
    const model = await reloaded(layer, [2], 'string');
    expect((model.predict([['y', 'z']]) as tf.Tensor).arraySync()).toEqual([[2, 0]]);
    expect(JSON.parse(model.toJSON() as string).config.layers[0].config.dtype).toBe('string');
    const chain = classifier();
    const loaded = await throughFile(chain);
    expect((loaded.predict(words) as tf.Tensor).arraySync()).toEqual(
      (chain.predict(words) as tf.Tensor).arraySync(),
    );
  });

  test('gradients flow from what follows them', () => {
    const model = classifier();
    const gradients = tf.variableGrads(() => (model.predict(words) as tf.Tensor).sum() as tf.Scalar);
    expect(Object.keys(gradients.grads)).toHaveLength(2);
  });

  test('words at places', () => {
    const layer = tf.layers.stringLookup({ vocabulary: ['a', 'b'], maskToken: '' });
    expect(
      layer.wordsAt([
        [0, 1],
        [2, 9],
      ]),
    ).toEqual([
      ['', '[UNK]'],
      ['a', '[UNK]'],
    ]);
    expect(layer.wordsAt(tf.tensor1d([3, 2], 'int32'))).toEqual(['b', 'a']);
    expect(layer.wordsAt(3)).toBe('b');
  });
});

describe('what is refused', () => {
  test('what is no image, by layers of images', () => {
    const resizing = tf.layers.resizing({ height: 2, width: 2, name: 'r' });
    expect(() => resizing.apply(tf.input({ shape: [4] }))).toThrow(
      'r: takes input with known channels, [null,height,width,channels]; got [null,4].',
    );
  });

  const lookup = (options: object = {}) => tf.layers.stringLookup({ vocabulary: ['a'], ...options });

  test('what layers computed', () => {
    const input = tf.input({ shape: [2] });
    const computed = tf.layers.dense({ units: 2, name: 'before' }).apply(input) as tf.SymbolicTensor;
    expect(() => tf.layers.integerLookup({ vocabulary: [1] }).apply(computed)).toThrow(
      'must read an input of the model; it was given what before computes',
    );
  });

  test('an input that others read', () => {
    const input = tf.input({ shape: [1], dtype: 'string', name: 'city' });
    const outputs = [lookup({ name: 'places' }), tf.layers.hashing({ numBins: 3, name: 'bins' })].map(
      (layer) => layer.apply(input) as tf.SymbolicTensor,
    );
    expect(() => tf.model({ inputs: input, outputs })).toThrow(
      'its input city goes to places and bins; give each an input',
    );
  });

  test('no vocabulary, a word twice, too many, a number', () => {
    expect(() => tf.layers.stringLookup().apply(['a'])).toThrow(
      'has no vocabulary yet. Give it one, or call adapt',
    );
    expect(() => tf.layers.stringLookup({ invert: true }).wordsAt([1])).toThrow('has no vocabulary yet');
    expect(() => lookup({ vocabulary: ['a', 'b', 'a'] })).toThrow("got 'a' at place 0");
    expect(() => lookup({ vocabulary: ['[UNK]', 'b', '[UNK]'] })).toThrow("got '[UNK]' at place 1");
    const own = tf.layers.stringLookup({ vocabulary: ['[UNK]', 'b'], numOovIndices: 0 });
    // Where no word is unknown its name is a word.
    expect(own.getVocabulary()).toEqual(['[UNK]', 'b']);
    expect(() => lookup({ maxTokens: 1 })).toThrow('maxTokens is 1; got 2');
    expect(() => lookup().apply([3] as never)).toThrow('takes words; got 3');
    expect(() => lookup({ numOovIndices: 0 }).apply(['q'])).toThrow("'q' is not in the vocabulary");
    expect(() => lookup({ outputMode: 'tfIdf' })).toThrow('needs idfWeights');
    expect(() => lookup({ outputMode: 'tfIdf', idfWeights: [1, 2] })).toThrow('must be 1 numbers');
    expect(() => lookup({ padToMaxTokens: true })).toThrow('padToMaxTokens needs maxTokens');
    expect(() => lookup({ invert: true }).apply([1])).toThrow('call wordsAt(places)');
    expect(() => lookup().apply([['a'], ['b', 'c']])).toThrow('rows must be of one length; got [1] and [2]');
    expect(() => lookup().apply([null] as never)).toThrow('takes words or whole numbers');
    expect(() => tf.layers.integerLookup({ vocabulary: [1] }).apply([1.5])).toThrow(
      'takes whole numbers; got 1.5',
    );
  });

  test('adapting what stands in a model', async () => {
    const layer = lookup();
    layer.apply(tf.input({ shape: [1], dtype: 'string' }));
    await expect(layer.adapt(['a'])).rejects.toThrow('stands in a model already');
  });

  test('words where a model takes numbers', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    expect(() => model.predict(['a', 'b'])).toThrow('expected numbers or booleans; values[0] is a string');
  });
});
