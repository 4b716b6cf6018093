// Data on its way into programs: checked once, then copied batch by batch.

import type { ProgramArray } from '../compiler/program-array.ts';
import { isObject, isPlain, LanegradError, shown } from '../errors.ts';
import type { DType } from '../graph/graph.ts';
import { formatShape, type Shape, sizeOf } from '../graph/shape.ts';
import type { ModelShape } from '../layers/base/symbolic.ts';
import { graphDType, type TypedArray } from '../tensor/data-type.ts';
import { isNumericArray, type TensorLike, type Texts } from '../tensor/nested-array.ts';
import { Tensor } from '../tensor/tensor.ts';
import { uncounted } from '../tensor/uncounted.ts';
import type { Trainable } from './trainable.ts';

/**
 * What users give as data: a tensor, nested arrays, or a typed array that the model's shape divides. Texts go into a
 * layer that makes numbers of them, such as `stringLookup`.
 */
export type Data = Tensor | TensorLike | Texts;
/** One array, several in order, or several by name. */
export type DataList = Data | readonly Data[] | Readonly<Record<string, Data>>;

/** Which samples: `count` from `start` on, of those that `order` names, or of all in their own order. */
export interface Selection {
  readonly start: number;
  readonly count: number;
  readonly order: Uint32Array | undefined;
}

/** An array of samples. */
export class Feed {
  readonly samples: number;
  /** Elements of one sample. */
  readonly sampleSize: number;

  constructor(
    readonly data: TypedArray,
    /** Shape of one sample. */
    readonly sampleShape: Shape,
    readonly dtype: DType,
    samples: number,
  ) {
    this.samples = samples;
    this.sampleSize = sizeOf(sampleShape);
  }

  /** The samples from `start` to before `end`. They share memory with these. */
  part(start: number, end: number): Feed {
    const data = this.data.subarray(start * this.sampleSize, end * this.sampleSize) as TypedArray;
    return new Feed(data, this.sampleShape, this.dtype, end - start);
  }

  /** Writes a batch of samples into a program. */
  write(array: ProgramArray, { start, count, order }: Selection): void {
    const { data, sampleSize } = this;
    if (order) array.gather(data, sampleSize, order, start, count);
    else array.write(data, start * sampleSize, count * sampleSize);
  }

  /** @throws LanegradError naming the first sample that holds NaN or an infinity. */
  checkFinite(name: string): void {
    if (!(this.data instanceof Float32Array)) return;
    let sum = 0;
    // x·0 is NaN for NaN and infinities and 0 for all else: one addition per element finds any.
    for (let i = 0; i < this.data.length; i++) sum += this.data[i] * 0;
    if (sum === 0) return;
    const index = this.data.findIndex((value) => !Number.isFinite(value));
    throw new LanegradError(
      `${name}: sample ${Math.floor(index / this.sampleSize)} holds ${this.data[index]} ` +
        `at position ${index % this.sampleSize}. Remove or replace such values before training.`,
    );
  }
}

/**
 * The arrays that users gave for `names`, in that order.
 * @param where the argument, for errors
 * @throws LanegradError when there are more or fewer, or other names.
 */
export function listData(where: string, data: DataList, names: readonly string[]): Data[] {
  if (names.length === 1 && !isRecord(data)) {
    requireOneTensor(where, data);
    return [isListOfOne(data) ? data[0] : (data as Data)];
  }
  if (isRecord(data)) {
    const missing = names.filter((name) => !(name in data));
    if (missing.length === 0) return names.map((name) => data[name]);
    const came = isPlain(data) ? `data for ${Object.keys(data).join(', ')}` : shown(data);
    throw new LanegradError(
      `${where}: no data for ${missing.join(', ')}; got ${came}.${hintFor(data, names)}`,
    );
  }
  if (Array.isArray(data) && data.length === names.length) return [...(data as readonly Data[])];
  const got = Array.isArray(data) ? `${data.length} arrays` : 'one array';
  throw new LanegradError(`${where}: expected ${names.length} arrays (${names.join(', ')}); got ${got}.`);
}

/** What somebody may have meant who gave data by other names than those that are missing. */
function hintFor(data: object, names: readonly string[]): string {
  if ('forEachAsync' in data) return ' A dataset goes to fitDataset.';
  return Object.keys(data).length > names.length ? ' Object.values joins columns.' : '';
}

const isRecord = (data: DataList): data is Readonly<Record<string, Data>> =>
  isObject(data) && !Array.isArray(data) && !(data instanceof Tensor) && !isNumericArray(data);

/** @throws LanegradError for a list of tensors, unless it is of one. */
function requireOneTensor(where: string, data: DataList): void {
  if (!Array.isArray(data) || data.length < 2 || !(data[0] instanceof Tensor)) return;
  throw new LanegradError(`${where}: Expected to see 1 Tensor; got ${data.length} Tensors.`);
}

const isListOfOne = (data: DataList): data is readonly [Tensor] =>
  Array.isArray(data) && data.length === 1 && data[0] instanceof Tensor;

/** A model's inputs. @throws LanegradError for wrong shapes and numbers, and lengths that differ. */
export function readInputs(model: Trainable, where: string, x: DataList): Feed[] {
  const names = model.inputs.map(({ name }) => name);
  const feeds = listData(`${where}: x`, x, names).map((data, i) => {
    const what = `${where}: x${names.length > 1 ? ` ${names[i]}` : ''}`;
    const { shape } = model.inputs[i];
    const feed = readSamples(what, model.prepare(data, i), shape);
    if (model.stateful) requireWholeBatches(what, feed, shape);
    return feed;
  });
  const lengths = feeds.map(({ samples }) => samples);
  if (new Set(lengths).size > 1) {
    throw new LanegradError(`${where}: inputs have different numbers of samples: ${lengths.join(', ')}.`);
  }
  if (lengths[0] === 0) throw new LanegradError(`${where}: there are no samples.`);
  for (const [i, { data }] of feeds.entries()) model.checkInput(i, data);
  return feeds;
}

/** @throws LanegradError where batches of a model that remembers from one to the next do not divide its samples. */
function requireWholeBatches(where: string, feed: Feed, [batch]: ModelShape): void {
  if (batch === null || feed.samples % batch === 0) return;
  throw new LanegradError(
    `${where}: expected a multiple of ${batch} samples, the model's batch size; got ${feed.samples}.`,
  );
}

/**
 * Reads samples of the shape that the model takes.
 * @param expected the model's shape, the batch first
 * @throws LanegradError when the data has another shape.
 */
function readSamples(where: string, data: Data, expected: ModelShape): Feed {
  const inner = expected.slice(1);
  if (isNumericArray(data) && inner.every((size) => size !== null)) {
    return divide(where, uncounted(where, data), inner as Shape);
  }
  const values = valuesOf(where, data);
  // A number for each sample, where a sample is an array of one.
  const isNumbers = values.rank === 1 && inner.length === 1 && inner[0] === 1;
  const [samples, ...sampleShape] = isNumbers ? [values.size, 1] : values.shape;
  const fits = (shape: Shape) =>
    shape.length === inner.length && inner.every((size, i) => size === null || size === shape[i]);
  if (!fits(sampleShape)) {
    const hint = fits(values.shape) ? ' One sample is [sample]; batch() a dataset.' : '';
    throw new LanegradError(
      `${where}: expected shape ${formatShape(expected)}; got ${formatShape(values.shape)}.${hint}`,
    );
  }
  return new Feed(values.computed(), sampleShape, graphDType(values.dtype), samples);
}

/**
 * Reads targets. A typed array is divided into as many samples as there are inputs.
 * @param output the shape of the output they are for: targets [n] of an output [n,1] are read as [n,1]
 */
export function readTarget(where: string, data: Data, samples: number, output: ModelShape): Feed {
  const values = isNumericArray(data)
    ? divideInto(where, uncounted(where, data), samples)
    : valuesOf(where, data);
  const [count = 0, ...rest] = values.shape;
  const sampleShape = rest.length === 0 && output.length === 2 && output[1] === 1 ? [1] : rest;
  return new Feed(values.computed(), sampleShape, graphDType(values.dtype), count);
}

function valuesOf(where: string, data: Data): Tensor {
  // That texts are no numbers is told there.
  return data instanceof Tensor ? data : uncounted(where, data as TensorLike);
}

function divide(where: string, values: Tensor, sampleShape: Shape): Feed {
  const samples = values.size / sizeOf(sampleShape);
  if (!Number.isInteger(samples)) {
    throw new LanegradError(
      `${where}: ${values.size} numbers do not divide into samples of shape ${formatShape(sampleShape)}.`,
    );
  }
  return new Feed(values.computed(), sampleShape, graphDType(values.dtype), samples);
}

function divideInto(where: string, values: Tensor, samples: number): Tensor {
  if (values.size === samples) return values;
  if (values.size % samples !== 0) {
    throw new LanegradError(`${where}: ${values.size} numbers do not divide among ${samples} samples.`);
  }
  return values.reshape([samples, values.size / samples]);
}
