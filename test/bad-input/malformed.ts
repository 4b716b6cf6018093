// Values that no argument is, or hardly any; and how an error is told to be one of lanegrad's own.

import * as tf from '../../src/node.ts';

const cyclic: unknown[] = [];
cyclic.push(cyclic);
const cyclicObject: Record<string, unknown> = {};
cyclicObject.self = cyclicObject;
const sparse: unknown[] = [];
sparse[3] = 1;

class Own {
  readonly size = 3;
}

/**
 * Each made anew for every call, so that none sees what another did to it. What has code of its own that throws (classes
 * as functions, revoked proxies, getters) is left out: its errors are its own.
 */
export const malformed: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  'minus one': () => -1,
  half: () => 2.5,
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  '2^40': () => 2 ** 40,
  '1e20': () => 1e20,
  bigint: () => 10n,
  symbol: () => Symbol('s'),
  'empty text': () => '',
  text: () => 'no such thing',
  number: () => '3',
  __proto__: () => '__proto__',
  constructor: () => 'constructor',
  function: () => () => undefined,
  'throwing function': () => () => {
    throw new tf.LanegradError('thrown by a function that was given.');
  },
  object: () => ({}),
  'bare object': () => Object.create(null),
  'hostile object': () => JSON.parse('{"__proto__": {"x": 1}, "constructor": 1, "length": 3}'),
  'cyclic object': () => cyclicObject,
  instance: () => new Own(),
  date: () => new Date(0),
  map: () => new Map([['a', 1]]),
  promise: () => Promise.resolve(1),
  'empty list': () => [],
  'nested empty list': () => [[]],
  'list of null': () => [null],
  'list of undefined': () => [undefined],
  'list of texts': () => ['a', 'b', 'c'],
  'list of symbols': () => [Symbol('s')],
  'list of bigints': () => [10n, 10n],
  'list of NaN': () => [Number.NaN, Number.NaN],
  'list of sizes that are none': () => [-1, 2.5],
  'list of huge sizes': () => [2 ** 40, 2 ** 40],
  ragged: () => [[1], [2, 3]],
  'ragged in depth': () => [1, [2]],
  sparse: () => sparse,
  cyclic: () => cyclic,
  'list of objects': () => [{}, {}],
  'long list': () => [1, 2, 3, 4, 5, 6, 7, 8, 9],
  'list of tensors': () => [tf.tensor1d([1, 2]), tf.tensor1d([1, 2])],
  bigints: () => BigInt64Array.of(1n, 2n),
  bytes: () => Uint8Array.of(1, 2, 3),
  view: () => new DataView(new ArrayBuffer(4)),
  buffer: () => new ArrayBuffer(4),
  tensor: () => tf.tensor1d([1, 2]),
  'empty tensor': () => tf.zeros([0, 3]),
  'disposed tensor': () => {
    const tensor = tf.tensor1d([1, 2]);
    tensor.dispose();
    return tensor;
  },
  'proxied tensor': () => new Proxy(tf.tensor1d([1, 2]), {}),
  'proxied list': () => new Proxy([1, 2], {}),
  'proxied object': () => new Proxy({ units: 3 }, {}),
  layer: () => tf.layers.flatten(),
  symbolic: () => tf.input({ shape: [2] }),
  regular: () => /a/,
  error: () => new Error('given as an argument'),
};

/** Calls, and reads what there is to read of the result. */
export async function use(call: () => unknown): Promise<unknown> {
  const result = await withTime(call());
  for (const each of [result].flat(2)) {
    if (each instanceof tf.Tensor) each.dataSync();
  }
  return result;
}

const limit = 5000;

async function withTime(result: unknown): Promise<unknown> {
  if (!(result instanceof Promise)) return result;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([result, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a call did wrong; undefined where it worked or threw a sentence. Some are those of TensorFlow.js to the letter,
 * which has no full stop there.
 */
export async function fault(call: () => unknown): Promise<string | undefined> {
  const begun = performance.now();
  try {
    await use(call);
  } catch (error) {
    const isSentence =
      error instanceof tf.LanegradError &&
      /^.{10,}$/s.test(error.message) &&
      !/^internal/.test(error.message);
    if (!isSentence)
      return String((error as Error)?.stack ?? error)
        .split('\n')
        .slice(0, 6)
        .join('\n');
  }
  const took = performance.now() - begun;
  return took > limit ? `took ${took} ms` : undefined;
}
