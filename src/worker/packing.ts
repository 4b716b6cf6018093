// Data on their way to the worker: copied a portion at a time, so that the page keeps its frames and its arrays,
// and then transferred.

import { type Model, type NamedTensor, Tensor } from '../index.ts';
import { platform } from '../platform/platform.ts';
import type { TypedArray } from '../tensor/data-type.ts';
import type { SentState, SentTensor } from './messages.ts';

/** Bytes copied between two turns of the event loop: about a millisecond. */
const portion = 2 ** 22;

async function copyOf(source: TypedArray): Promise<TypedArray> {
  const Numbers = source.constructor as new (length: number) => TypedArray;
  const target = new Numbers(source.length);
  const step = portion / source.BYTES_PER_ELEMENT;
  for (let start = 0; start < source.length; start += step) {
    target.set(source.subarray(start, start + step), start);
    if (start + step < source.length) await platform.turn();
  }
  return target;
}

const isHolder = (value: unknown) => value instanceof Tensor || ArrayBuffer.isView(value);

/** Tensors and typed arrays, alone, in lists or by name, as copies that can be transferred; all else as it is. */
export async function pack(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) {
    const { shape, dtype } = value;
    return { data: await copyOf(value.dataSync()), shape, dtype } satisfies SentTensor;
  }
  if (ArrayBuffer.isView(value)) return copyOf(value as TypedArray);
  if (Array.isArray(value)) {
    return value.some((each) => isHolder(each) || isRecord(each)) ? Promise.all(value.map(pack)) : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(async ([name, each]) => [name, await pack(each)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isHolder(value);

/** The reverse of `pack`. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map(unpack);
  if (!isRecord(value)) return value;
  if (isSentTensor(value)) return new Tensor(value.data, value.shape, value.dtype);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpack(each)]));
}

const isSentTensor = (value: object): value is SentTensor => 'data' in value && 'shape' in value;

/** What training changes of a model, as it is sent. `getWeights` makes copies already. */
export async function packState(model: Model): Promise<SentState> {
  const remembered = await model.optimizer.getWeights();
  return {
    weights: model.getWeights().map(packCopy),
    remembered: remembered.map(({ name, tensor }) => ({ name, tensor: packCopy(tensor) })),
  };
}

/** Puts into a model what `packState` took out of one like it. */
export async function unpackState(model: Model, { weights, remembered }: SentState): Promise<void> {
  model.setWeights(unpack(weights) as Tensor[]);
  const { optimizer } = model;
  const named = unpack(remembered) as NamedTensor[];
  // A callback may have frozen layers meanwhile: then the weights count alone.
  if (optimizer.fits(named)) await optimizer.setWeights(named);
  else optimizer.iterations = named[0].tensor.dataSync()[0];
}

function packCopy(tensor: Tensor): SentTensor {
  const { shape, dtype } = tensor;
  return { data: tensor.dataSync(), shape, dtype };
}
