// Datasets against TensorFlow.js: test/reference/tfjs-data.mjs made the numbers of the same pipelines.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { iterations, pipelines, plain, plainSize } from '../reference/data-pipelines.mjs';
import reference from '../reference/tfjs-data.json' with { type: 'json' };

const library = tf as never;

/** Sizes that TensorFlow.js gets wrong: it says -1 of all elements, and null of datasets in an object. */
const rightSizes: Readonly<Record<string, number>> = { takeAll: 2, zipObjects: 2, zipNested: 2 };

describe('what TensorFlow.js makes of it', () => {
  test.each(Object.keys(pipelines))('%s', async (name) => {
    const dataset = pipelines[name as keyof typeof pipelines](library) as tf.data.Dataset;
    const expected = reference.pipelines[name as keyof typeof pipelines];
    expect(plain(await dataset.toArray())).toEqual(expected.elements);
    expect(plainSize(dataset)).toEqual(rightSizes[name] ?? expected.size);
  });

  test.each(Object.keys(iterations))('%s', async (name) => {
    const iterate = iterations[name as keyof typeof iterations];
    expect(plain(await iterate(library))).toEqual(reference.iterations[name as keyof typeof iterations]);
  });
});

const upTo = (count: number) => tf.data.array(Array.from({ length: count }, (_, i) => i));

describe('zip', () => {
  /** A dataset that counts its passes, those begun and those ended. */
  function counted() {
    const passes = { begun: 0, ended: 0 };
    const dataset = tf.data.generator(() => {
      passes.begun++;
      return {
        next: async () => ({ value: 1, done: passes.begun > 1 }) as IteratorResult<number>,
        return: async () => {
          passes.ended++;
          return { value: undefined, done: true as const };
        },
      };
    });
    return { dataset, passes };
  }

  test('goes once through a dataset that stands in two places', async () => {
    const { dataset, passes } = counted();
    await tf.data.zip({ xs: dataset, ys: dataset }).take(2).toArray();
    expect(passes).toEqual({ begun: 1, ended: 1 });
  });

  test('ends the passes that it has begun where another cannot begin', async () => {
    const { dataset, passes } = counted();
    const broken = tf.data.generator(() => Promise.reject(new Error('no such file')));
    await expect(tf.data.zip([dataset, broken]).toArray()).rejects.toThrow('no such file');
    expect(passes).toEqual({ begun: 1, ended: 1 });
  });
});

describe('shuffle', () => {
  test('is fixed by its seed, and differs from pass to pass unless told otherwise', async () => {
    const passes = async (dataset: tf.data.Dataset) => [await dataset.toArray(), await dataset.toArray()];
    const [first, second] = await passes(upTo(50).shuffle(50, 3));
    expect(first).not.toEqual(second);
    expect(await passes(upTo(50).shuffle(50, 3))).toEqual([first, second]);
    expect([...first].sort((a, b) => Number(a) - Number(b))).toEqual(await upTo(50).toArray());
    const [same, again] = await passes(upTo(50).shuffle(50, 'a text', false));
    expect(same).toEqual(again);
    expect(same).not.toEqual(first);
  });

  test('follows setSeed', async () => {
    tf.setSeed(5);
    const first = await upTo(20).shuffle(20).toArray();
    tf.setSeed(5);
    expect(await upTo(20).shuffle(20).toArray()).toEqual(first);
  });

  test('draws each element from those within the buffer, all alike', async () => {
    const drawn = new Array(4).fill(0);
    for (let seed = 0; seed < 4000; seed++) drawn[(await upTo(8).shuffle(4, seed).take(1).toArray())[0]]++;
    // Four standard deviations of a binomial with n 4,000 and p ¼.
    for (const count of drawn) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(750));
  });
});

describe('order of work', () => {
  const waitFor = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  test('mapAsync works on several elements at once where they are prefetched', async () => {
    let running = 0;
    let most = 0;
    const work = async (x: number) => {
      most = Math.max(most, ++running);
      await waitFor(5);
      running--;
      return x;
    };
    expect(await upTo(6).mapAsync(work).prefetch(3).toArray()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(most).toBe(3);
    most = 0;
    expect(await upTo(3).mapAsync(work).toArray()).toEqual([0, 1, 2]);
    expect(most).toBe(1);
  });

  test('nothing is read before it is asked for, nor after the pass ended', async () => {
    const events: string[] = [];
    const source = tf.data.generator(function* () {
      try {
        for (let i = 0; ; i++) {
          events.push(`made ${i}`);
          yield i;
        }
      } finally {
        events.push('ended');
      }
    });
    const dataset = source.map((x) => x + 1).filter((x) => x > 0);
    expect(events).toEqual([]);
    for await (const x of dataset) if (x === 2) break;
    expect(events).toEqual(['made 0', 'made 1', 'ended']);
    const unread = await dataset.batch(2).iterator();
    await unread.return();
    expect(events.slice(3)).toEqual([]);
  });

  test('errors come where their element is read', async () => {
    const dataset = upTo(5)
      .map((x) => {
        if (x === 2) throw new RangeError('not two');
        return x;
      })
      .prefetch(4);
    const seen: number[] = [];
    await expect(dataset.forEachAsync((x) => seen.push(x))).rejects.toThrow(new RangeError('not two'));
    expect(seen).toEqual([0, 1]);
    const handled = (await dataset.iterator()).handleErrors(() => true);
    expect(await handled.take(2).toArray()).toEqual([0, 1]);
  });

  test('a pass gives copies of arrays and objects', async () => {
    const dataset = tf.data.array([{ x: [1] }]);
    for await (const element of dataset) element.x[0] = 5;
    expect(await dataset.toArray()).toEqual([{ x: [1] }]);
  });

  test('a pass gives tensors of its own, which may be disposed of', async () => {
    const items = [tf.scalar(1), tf.scalar(2)];
    const before = tf.memory().numTensors;
    const dataset = tf.data.array(items);
    for (let pass = 0; pass < 2; pass++) await dataset.forEachAsync((element) => element.dispose());
    expect(items.map(({ isDisposed }) => isDisposed)).toEqual([false, false]);
    expect(tf.memory().numTensors).toBe(before);
    await dataset.map((element) => element.add(1)).toArray();
    expect(tf.memory().numTensors).toBe(before + 2);
  });
});

test('behind the last element, and once it is ended, a stream gives null', async () => {
  const end = { done: true, value: null };
  const streams = [upTo(1), upTo(1).map((x) => x), upTo(2).filter((x) => x > 0), upTo(1).batch(1)];
  for (const dataset of streams) {
    const stream: tf.data.LazyIterator<unknown> = await dataset.iterator();
    expect((await stream.next()).done).toBe(false);
    expect([await stream.next(), await stream.next()]).toEqual([end, end]);
    expect(await (await dataset.iterator()).return()).toEqual(end);
  }
});

describe('batches', () => {
  test('keep the types of typed arrays, tensors and booleans', async () => {
    const dataset = tf.data.array([
      { bytes: Uint8Array.of(1, 2), ints: tf.tensor([3], [1], 'int32'), flag: true },
      { bytes: Uint8Array.of(3, 4), ints: tf.tensor([4], [1], 'int32'), flag: false },
    ]);
    const [batch] = await dataset.batch(2).toArray();
    expect(batch.bytes.dtype).toBe('uint8');
    expect(batch.bytes.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(batch.ints.dtype).toBe('int32');
    expect(batch.ints.arraySync()).toEqual([[3], [4]]);
    expect(batch.flag.dtype).toBe('bool');
  });

  const bytes = Uint8Array.of(1, 2);
  const ints = tf.tensor1d([-5, 2 ** 24 + 1], 'int32');
  test.each([
    ['tensors of bytes and integers', [tf.tensor(bytes), ints], 'int32', [1, 2, -5, 2 ** 24 + 1]],
    ['bytes and integers', [ints.dataSync(), bytes], 'int32', [-5, 2 ** 24 + 1, 1, 2]],
    ['bytes and numbers', [bytes, [3.5, 300]], 'float32', [1, 2, 3.5, 300]],
    ['integers and numbers', [Int32Array.of(-5, 7), [3.5, 300]], 'float32', [-5, 7, 3.5, 300]],
    ['numbers and bytes', [[3.5, 300], bytes], 'float32', [3.5, 300, 1, 2]],
    ['booleans and bytes', [[true, false], bytes], 'uint8', [1, 0, 1, 2]],
    ['a tensor and numbers', [tf.tensor(bytes), [0.5, 1]], 'float32', [1, 2, 0.5, 1]],
  ])('of %s hold the numbers of all', async (_, elements, dtype, numbers) => {
    const [batch] = (await tf.data.array<unknown>(elements).batch(2).toArray()) as tf.Tensor[];
    expect([batch.dtype, ...batch.dataSync()]).toEqual([dtype, ...numbers]);
  });

  test.each([
    [[[1, 2], [3]], /^batch: tensor: values\[1\] is an array of 1/],
    [[{ a: [1, 2] }, { a: [3] }], /^batch: a: tensor: values\[1\] is an array of 1/],
    [
      [tf.zeros([2]), tf.zeros([3])],
      'batch: elements of a batch have one shape; element 1 has [3], the first [2].',
    ],
    [
      [tf.zeros([1], 'int32'), tf.tensor([0.5])],
      'batch: tensors of a batch must be of one type; got int32 and float32. Cast them in a map before.',
    ],
    [
      [{ a: tf.tensor([true]) }, { a: tf.tensor([5], [1], 'int32') }],
      'batch: a: tensors of a batch must be of one type; got bool and int32.',
    ],
    [[{ a: 1 }, {}], /^batch: a: expected numbers; element 1 of the batch holds nothing/],
    [[{ a: 1 }, { a: 'x' }], /^batch: a: expected numbers; element 1 of the batch holds the text "x"/],
  ])('refuse %j', async (elements, message) => {
    await expect(tf.data.array<unknown>(elements).batch(2).toArray()).rejects.toThrow(message);
  });
});

describe('fitDataset', () => {
  const data = tf.data.array([0, 1, 2, 3]).map((x) => ({ xs: [x / 4], ys: [x / 2 + 1] }));
  const linear = () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones', name: 'd' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.3), loss: 'meanSquaredError' });
    return model;
  };

  test('learns from batches, in passes, as fit does from arrays', async () => {
    const [byBatches, byArrays] = [linear(), linear()];
    await byBatches.fitDataset(data.batch(2), { epochs: 3, verbose: 0 });
    const x = tf.tensor2d([[0], [0.25], [0.5], [0.75]]);
    const y = tf.tensor2d([[1], [1.5], [2], [2.5]]);
    await byArrays.fit(x, y, { epochs: 3, batchSize: 2, shuffle: false, verbose: 0 });
    const bits = (model: tf.Model) => model.getWeights().map((weight) => Array.from(weight.dataSync()));
    expect(bits(byBatches)).toEqual(bits(byArrays));
  });

  test('takes inputs and targets by name, and a dataset to validate with', async () => {
    const named = data.map(({ xs, ys }) => ({ xs: { d_input: xs }, ys: { d: ys } })).batch(2);
    const { history } = await linear().fitDataset(named, { epochs: 2, validationData: named, verbose: 0 });
    expect(Object.keys(history)).toEqual(['loss', 'val_loss']);
  });
});

test.each([
  [() => upTo(2).batch(0), 'batch: batchSize must be a positive integer; got 0.'],
  [
    () => upTo(2).shuffle(undefined as never),
    'shuffle: bufferSize must be a positive integer; got undefined. The dataset has 2 elements.',
  ],
  [() => upTo(2).shuffle(2, {} as never), 'shuffle: seed must be a number or a string; got an object'],
  [
    () => upTo(2).prefetch(undefined as never),
    'prefetch: bufferSize must be a positive integer; got undefined.',
  ],
  [() => tf.data.array(5 as never), 'data.array: items must be an array; got 5.'],
  [
    () => tf.data.array({ length: 2 } as never),
    'data.array: items must be an array; got an object with length.',
  ],
  [() => tf.data.zip(5 as never), 'data.zip: expected an array or an object of datasets.'],
  [
    () => tf.data.zip([tf.data.array([1]), 5] as never),
    'data.zip: expected an array or an object of datasets.',
  ],
])('%s is refused', (call, message) => {
  expect(call).toThrow(message);
});

test('devices are refused by promises', async () => {
  const [camera, sound] = [tf.data.webcam(), tf.data.microphone()];
  await expect(camera).rejects.toThrow(/^data.webcam: lanegrad opens no devices\. .*fromPixels/);
  await expect(sound).rejects.toThrow(/^data.microphone: lanegrad opens no devices\./);
});

test('what never ends is no array, and a generator must give an iterator', async () => {
  await expect(upTo(2).repeat().toArray()).rejects.toThrow('toArray: the dataset never ends.');
  await expect(tf.data.generator((() => 5) as never).toArray()).rejects.toThrow(
    'data.generator: expected a function that returns an iterator',
  );
});

describe('books', () => {
  const samples = () =>
    tf.data.generator(function* () {
      for (let i = 0; i < 8; i++) yield { xs: tf.tensor1d([i, 2]), ys: tf.tensor1d([3]) };
    });
  const mapped = () => samples().map(({ xs, ys }) => ({ xs: xs.mul(2), ys }));

  test.each([
    ['elements that a function took', mapped],
    ['rows of a batch', () => mapped().shuffle(3, 1).batch(4)],
    [
      'elements that were left out',
      () =>
        samples()
          .filter(({ xs }) => xs.dataSync()[0] % 2 === 0)
          .skip(1),
    ],
  ])('%s are out of them', async (_, make) => {
    const before = tf.memory().numTensors;
    for await (const element of make()) tf.dispose(element);
    expect(tf.memory().numTensors).toBe(before);
    await make().forEachAsync(() => {});
    expect(tf.memory().numTensors).toBe(before);
  });

  test('so are batches of a training, which their owner may go on using', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const own = [[tf.ones([2, 2]), tf.ones([2, 1])]] as const;
    const before = tf.memory().numTensors;
    await model.fitDataset(samples().batch(4) as never, {
      verbose: 0,
      validationData: samples().batch(4) as never,
    });
    expect(tf.memory().numTensors).toBe(before);
    await model.fitDataset(own as never, { epochs: 2, verbose: 0 });
    expect(own[0][0].dataSync()).toHaveLength(4);
  });
});

test.each<[() => unknown, string]>([
  [() => tf.data.array([1]).concatenate([2] as never), 'concatenate: takes a dataset; got [2].'],
  [() => tf.data.array([1]).filter(1 as never), 'filter: predicate must be a function; got 1.'],
  [() => tf.data.array([1]).map(undefined as never), 'map: transform must be a function; got undefined.'],
  [
    () => tf.data.array([1]).mapAsync({} as never),
    'mapAsync: transform must be a function; got an object with nothing.',
  ],
  [() => tf.data.array([1]).take('2' as never), "take: count must be a number; got '2'."],
  [() => tf.data.array([1]).skip(1n as never), 'skip: count must be a number; got 1n.'],
  [() => tf.data.array([1]).repeat(Symbol('s') as never), 'repeat: count must be a number; got Symbol(s).'],
  [
    () => tf.data.array([1]).shuffle(Symbol('s') as never),
    'bufferSize must be a positive integer; got Symbol(s).',
  ],
  [
    () => tf.data.array([1]).shuffle(1, {} as never),
    'shuffle: seed must be a number or a string; got an object with nothing.',
  ],
  [() => tf.data.func(2 as never), 'data.func: f must be a function; got 2.'],
  [() => tf.data.generator([1] as never), 'data.generator: generate must be a function; got [1].'],
])('what is of another kind, %#', (act, sentence) => {
  expect(act).toThrow(sentence);
});

test('behind what resolveWhile has read, a stream goes on', async () => {
  const pass = await tf.data.array(['#', '# a', 'x', 'y', 'z']).iterator();
  await pass.resolveWhile((line) => line.startsWith('#'));
  expect(await pass.toArray()).toEqual(['y', 'z']);
  await pass.resolveWhile(() => true);
  expect(await pass.next()).toEqual({ done: true, value: null });
});

test('who goes through a dataset with what is no function', async () => {
  await expect(tf.data.array([1]).forEachAsync(3 as never)).rejects.toThrow('f must be a function; got 3.');
  const pass = await tf.data.array([1]).iterator();
  await expect(pass.resolveWhile(3 as never)).rejects.toThrow('predicate must be a function; got 3.');
});

test('tensors of a batch are in the books, whatever they are made of; what they are made of is not', async () => {
  const elements = tf.data
    .array([1, 2])
    .map((n) => ({ n, row: [n], tensor: tf.ones([2]), typed: Float32Array.of(n) }));
  const before = tf.memory().numTensors;
  const { value } = await (await elements.batch(2).iterator()).next();
  expect(tf.memory().numTensors).toBe(before + 4);
  tf.dispose(value);
  expect(tf.memory().numTensors).toBe(before);
});

test('typed arrays are arrays of numbers', async () => {
  const numbers = tf.data.array(new Float32Array([1, 2.5, 3]));
  expect(numbers.size).toBe(3);
  const batches = await numbers.batch(2).toArray();
  expect(batches.map((batch) => [batch.dtype, batch.arraySync()])).toEqual([
    ['float32', [1, 2.5]],
    ['float32', [3]],
  ]);
  const both = tf.data.zip({ xs: numbers, ys: tf.data.array(new Uint8Array([4, 5])) });
  expect(await both.toArray()).toEqual([
    { xs: 1, ys: 4 },
    { xs: 2.5, ys: 5 },
  ]);
});

test("the names of TensorFlow.js's package of data are there as its scripts import them", () => {
  const { array, csv, func, generator, zip } = tf;
  expect(tf.data).toMatchObject({ array, csv, func, generator, zip });
  expect([array, csv, func, generator, zip].every((make) => typeof make === 'function')).toBe(true);
});
