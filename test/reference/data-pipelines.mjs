// Pipelines of tf.data, as functions of the library: tfjs-data.mjs runs them with TensorFlow.js, the test of datasets
// with lanegrad.

const numbers = (tf, count = 7) => tf.data.array(Array.from({ length: count }, (_, i) => i + 1));
const rows = [
  { x: [1, 2], y: 1 },
  { x: [3, 4], y: 0 },
  { x: [5, 6], y: 1 },
];

/** Each returns a dataset. */
export const pipelines = {
  batch: (tf) => numbers(tf).batch(3),
  wholeBatches: (tf) => numbers(tf).batch(3, false),
  batchOfBatches: (tf) => numbers(tf, 8).batch(2).batch(2),
  batchOfObjects: (tf) => tf.data.array(rows).batch(2),
  batchOfTensors: (tf) =>
    tf.data
      .array([0, 1, 2])
      .map((i) => tf.tensor2d([[i, i + 1]]))
      .batch(2),
  batchOfXsAndYs: (tf) =>
    tf.data
      .array(rows)
      .map(({ x, y }) => ({ xs: x, ys: [y] }))
      .batch(4),
  batchOfNested: (tf) =>
    tf.data
      .array(rows)
      .map((row) => ({ deep: { ...row } }))
      .batch(2),
  concatenate: (tf) => numbers(tf, 2).concatenate(numbers(tf, 3)),
  filter: (tf) => numbers(tf).filter((x) => x % 2 === 0),
  map: (tf) => numbers(tf).map((x) => x * x),
  mapAsync: (tf) => numbers(tf).mapAsync(async (x) => 2 * x),
  prefetch: (tf) => numbers(tf).prefetch(3),
  prefetchedBatches: (tf) =>
    numbers(tf)
      .mapAsync(async (x) => x)
      .prefetch(2)
      .batch(2)
      .prefetch(4),
  repeat: (tf) => numbers(tf, 2).repeat(3),
  repeatNever: (tf) => numbers(tf, 2).repeat(0),
  repeatForever: (tf) => numbers(tf, 2).repeat().take(5),
  repeatNegative: (tf) => numbers(tf, 2).repeat(-1).take(5),
  skip: (tf) => numbers(tf).skip(2),
  skipMore: (tf) => numbers(tf, 2).skip(5),
  skipNone: (tf) => numbers(tf, 2).skip(0),
  take: (tf) => numbers(tf).take(2),
  takeMore: (tf) => numbers(tf, 2).take(5),
  takeAll: (tf) => numbers(tf, 2).take(-1),
  takeNone: (tf) => numbers(tf, 2).take(0),
  zipArrays: (tf) => tf.data.zip([numbers(tf, 3), numbers(tf, 2)]),
  zipObjects: (tf) => tf.data.zip({ xs: numbers(tf, 3), ys: numbers(tf, 3).map((x) => -x) }).batch(2),
  zipNested: (tf) => tf.data.zip({ a: numbers(tf, 2), b: [numbers(tf, 2), numbers(tf, 4)] }),
  generator: (tf) =>
    tf.data.generator(function* () {
      for (let i = 0; i < 4; i++) yield { xs: [i, i], ys: i };
    }),
  func: (tf) => {
    let i = 0;
    return tf.data.func(() => (i < 3 ? { value: i++, done: false } : { value: null, done: true }));
  },
  shuffledWhole: (tf) =>
    numbers(tf)
      .shuffle(7)
      .batch(7)
      .map((batch) => tf.sum(batch)),
};

/** Each returns what iterators give. */
export const iterations = {
  rowMajorBatch: async (tf) => (await tf.data.array(rows).iterator()).rowMajorBatch(2).toArray(),
  columnMajorBatch: async (tf) => (await tf.data.array(rows).iterator()).columnMajorBatch(2).toArray(),
  columnMajorBatchOfArrays: async (tf) =>
    (
      await tf.data
        .array([
          [1, 2],
          [3, 4],
          [5, 6],
        ])
        .iterator()
    )
      .columnMajorBatch(2, false)
      .toArray(),
  next: async (tf) => {
    const iterator = await numbers(tf, 1).iterator();
    const { value, done } = await iterator.next();
    return { value, done, after: (await iterator.next()).done };
  },
  flatmap: async (tf) => (await numbers(tf, 3).iterator()).flatmap((x) => [x, 10 * x]).toArray(),
  together: async (tf) => {
    const iterator = await numbers(tf, 5).iterator();
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    return results.map(({ value }) => value);
  },
};

/** Tables: the text, what `csv` is told. */
export const tables = {
  plain: ['a,b,c\n1,2,3\n4.5,-5e2,6\n'],
  withoutLastBreak: ['a,b\n1,2\n3,4'],
  windowsBreaks: ['a,b\r\n1,2\r\n3,4\r\n'],
  texts: ['name,age\nAda,36\n"Grace",85\n'],
  emptyFields: ['a,b\n1,\n,2\n'],
  defaults: ['a,b\n1,\n,2\n', { columnConfigs: { a: { default: 7 }, b: { default: 0 } } }],
  quotedDelimiter: ['a,b\n"1,5",2\n'],
  labels: ['a,b,c\n1,2,3\n4,5,6\n', { columnConfigs: { c: { isLabel: true } } }],
  onlyConfigured: [
    'a,b,c\n1,2,3\n4,5,6\n',
    { configuredColumnsOnly: true, columnConfigs: { a: {}, c: { isLabel: true } } },
  ],
  names: ['1,2\n3,4\n', { hasHeader: false, columnNames: ['p', 'q'] }],
  renamed: ['a,b\n3,4\n', { columnNames: ['p', 'q'] }],
  semicolons: ['a;b\n1;2\n', { delimiter: ';' }],
  tabs: ['a\tb\n1\t2\n', { delimiter: '\t' }],
  blanks: ['a b\n1    2\n   3 4\n', { delimWhitespace: true }],
  types: [
    'i,f,b,t\n1.9,1.5,true,x\n-1.2,2,0,y\n',
    { columnConfigs: { i: { dtype: 'int32' }, f: { dtype: 'float32' }, b: { dtype: 'bool' } } },
  ],
};

/** What a dataset or an iterator gave, with tensors as JSON has them. */
export function plain(value) {
  if (typeof value?.arraySync === 'function') {
    return { tensor: value.arraySync(), shape: [...value.shape], dtype: value.dtype };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** Infinity and null apart, which JSON writes alike. */
export const plainSize = ({ size }) => (size === Number.POSITIVE_INFINITY ? 'infinite' : (size ?? null));
