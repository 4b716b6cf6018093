// Weights as bytes, in both directions: what a file's entries say of the bytes behind them, quantised ones included.

import { inOnePiece, isBuffer, isDetached, joined, type StreamLike } from '../bytes.ts';
import { isObject, LanegradError, shown } from '../errors.ts';
import { dataTypes, requireArgument } from '../options/arguments.ts';
import { allocate, type DataType, type TypedArray } from '../tensor/data-type.ts';
import { count } from '../tensor/scopes.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';

/** How numbers are stored that a file keeps in fewer bytes: value = stored · scale + min. */
export interface Quantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale?: number;
  readonly min?: number;
}

/** Whose weights are: the model's, or what its optimizer remembers. */
export type WeightGroup = 'model' | 'optimizer';

/** A weight of a saved model: its name, shape and type, and how it is quantised. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: DataType;
  /** Whether it is something that the optimizer remembers; a weight of the model otherwise. */
  readonly group?: WeightGroup;
  readonly quantization?: Quantization;
}

/** The bytes of weights, one after the other: in one piece or several. */
export type WeightData = ArrayBuffer | readonly ArrayBuffer[] | Uint8Array;

/** A tensor and what it is called. */
export interface NamedWeight {
  readonly name: string;
  readonly tensor: Tensor;
}

const bytesPerNumber: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** Weights in one piece. @throws LanegradError for what are no bytes. */
export function wholeData(where: string, data: WeightData): Uint8Array {
  const parts: readonly unknown[] = Array.isArray(data) ? data : [data];
  const isBytes = (part: unknown): part is ArrayBufferView | ArrayBuffer =>
    (ArrayBuffer.isView(part) || isBuffer(part)) && !isDetached(part);
  if (!parts.every(isBytes)) {
    throw new LanegradError(
      `${where}: weights must be bytes in an ArrayBuffer or several; got ${shown(data)}.`,
    );
  }
  return inOnePiece(parts);
}

/** Bytes that lie in several buffers, read as if they lay in one: weights, as TensorFlow.js hands them around. */
export class CompositeArrayBuffer {
  readonly #bytes: ArrayBuffer;

  constructor(buffers: WeightData | readonly ArrayBufferView[] = []) {
    this.#bytes = CompositeArrayBuffer.join(buffers);
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  slice(start?: number, end?: number): ArrayBuffer {
    return this.#bytes.slice(start ?? 0, end);
  }

  /** The buffers as one. */
  static join(buffers: WeightData | readonly ArrayBufferView[] = []): ArrayBuffer {
    return joined([buffers].flat() as ArrayBuffer[]).buffer;
  }
}

/** Buffers joined into one. */
export function concatenateArrayBuffers(buffers: ArrayBuffer | readonly ArrayBuffer[]): ArrayBuffer {
  requireArgument('concatenateArrayBuffers: buffers', 'buffers', buffers);
  return joined([buffers].flat() as ArrayBuffer[]).buffer;
}

/**
 * Tensors as bytes, with entries that say what lies where.
 * @param tensors by name, or in order
 * @param group what they belong to, written with each
 */
export async function encodeWeights(
  tensors: Readonly<Record<string, Tensor>> | readonly NamedWeight[],
  group?: WeightGroup,
): Promise<{ data: ArrayBuffer; specs: WeightEntry[] }> {
  requireArgument('encodeWeights: tensors', 'object', tensors);
  const named: readonly NamedWeight[] = Array.isArray(tensors)
    ? tensors
    : Object.entries(tensors).map(([name, tensor]) => ({ name, tensor }));
  // A copy, as holes in a list are asked by nobody.
  if (!Array.from(named).every((each) => each?.tensor instanceof Tensor)) {
    throw new LanegradError(
      `encodeWeights: takes tensors by name, or a list of { name, tensor }; got ${shown(tensors)}.`,
    );
  }
  const specs = named.map(({ name, tensor: { shape, dtype } }) => ({
    ...{ name, shape: [...shape], dtype },
    ...(group && { group }),
  }));
  const arrays = await Promise.all(named.map(({ tensor }) => tensor.data()));
  return { data: joined(arrays).buffer, specs };
}

/** The tensors in bytes, by name. @throws LanegradError where entries and bytes do not fit each other. */
export function decodeWeights(data: WeightData, specs: readonly WeightEntry[]): Record<string, Tensor> {
  const read = readWeights('decodeWeights', specs, wholeData('decodeWeights', data));
  return Object.fromEntries(read.map(({ name, tensor }) => [name, count(tensor)]));
}

/** The same of bytes that come one after the other. */
export async function decodeWeightsStream(
  stream: StreamLike<ArrayBuffer | Uint8Array>,
  specs: readonly WeightEntry[],
): Promise<Record<string, Tensor>> {
  if (typeof stream?.getReader !== 'function') {
    throw new LanegradError(`decodeWeightsStream: expected a stream, with getReader; got ${shown(stream)}.`);
  }
  const parts: ArrayBuffer[] = [];
  const reader = stream.getReader();
  for (let { value } = await reader.read(); value; { value } = await reader.read()) {
    parts.push(Uint8Array.from(new Uint8Array(value)).buffer);
  }
  return decodeWeights(parts, specs);
}

/** @throws LanegradError unless there are as many bytes as the weights need. */
export function requireSize(where: string, expected: number, found: number): void {
  if (expected === found) return;
  throw new LanegradError(`${where}: the weights should be ${expected} bytes; the file has ${found}.`);
}

/** The tensors in bytes, in the order of their entries. @throws LanegradError where the two do not fit each other. */
export function readWeights(
  where: string,
  entries: readonly WeightEntry[],
  bytes: Uint8Array,
): NamedWeight[] {
  requireSize(where, byteLength(where, entries), bytes.byteLength);
  let offset = 0;
  return entries.map((entry) => {
    const length = sizeOf(entry.shape) * bytesPerNumber[entry.quantization?.dtype ?? entry.dtype];
    const part = bytes.slice(offset, offset + length);
    offset += length;
    return { name: entry.name, tensor: new Tensor(numbersOf(entry, part), entry.shape, entry.dtype) };
  });
}

/**
 * How many bytes the entries speak of.
 * @throws LanegradError for entries that are none: nothing is allocated before all are sound.
 */
export function byteLength(where: string, entries: readonly WeightEntry[]): number {
  if (!Array.isArray(entries)) throw new LanegradError(`${where}: the list of weights is missing.`);
  return entries.reduce((sum, entry) => sum + entryBytes(where, entry), 0);
}

function entryBytes(where: string, entry: WeightEntry): number {
  if (!isObject(entry) || typeof entry.name !== 'string') {
    throw new LanegradError(`${where}: a weight has no name: ${shown(entry)}.`);
  }
  const { name, shape, dtype, quantization } = entry;
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new LanegradError(`${where}: weight ${name} has no shape: ${shown(shape)}.`);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new LanegradError(`${where}: weight ${name} of shape ${formatShape(shape)} is too large.`);
  }
  if (!dataTypes.includes(dtype)) {
    throw new LanegradError(
      `${where}: Unsupported dtype in weight '${name}': ${typeof dtype === 'string' ? dtype : shown(dtype)}; there are float32, int32, bool and uint8.`,
    );
  }
  if (quantization) checkQuantization(where, entry, quantization);
  return sizeOf(shape) * bytesPerNumber[quantization?.dtype ?? dtype];
}

function checkQuantization(where: string, { name, dtype }: WeightEntry, quantization: Quantization): void {
  const { dtype: stored, scale, min } = quantization;
  if (!['uint8', 'uint16', 'float16'].includes(stored)) {
    throw new LanegradError(
      `${where}: weight ${name} is quantised as ${JSON.stringify(stored)}; known are uint8, uint16 and float16.`,
    );
  }
  const isKnown = dtype === 'float32' || (dtype === 'int32' && stored !== 'float16');
  if (!isKnown)
    throw new LanegradError(`${where}: weight ${name}: ${dtype} cannot be quantised as ${stored}.`);
  if (stored !== 'float16' && !(Number.isFinite(scale) && Number.isFinite(min))) {
    throw new LanegradError(`${where}: weight ${name} is quantised as ${stored} without scale and min.`);
  }
}

/** @param bytes of one entry, with a buffer of their own */
function numbersOf({ shape, dtype, quantization }: WeightEntry, bytes: Uint8Array<ArrayBuffer>): TypedArray {
  const { buffer } = bytes;
  if (!quantization) {
    if (dtype === 'float32') return new Float32Array(buffer);
    return dtype === 'int32' ? new Int32Array(buffer) : bytes;
  }
  const stored = quantization.dtype === 'uint8' ? bytes : new Uint16Array(buffer);
  const numbers = allocate(dtype, sizeOf(shape));
  const { scale = 1, min = 0 } = quantization;
  for (let i = 0; i < numbers.length; i++) {
    if (quantization.dtype === 'float16') numbers[i] = fromFloat16(stored[i]);
    else numbers[i] = dtype === 'int32' ? Math.round(stored[i] * scale + min) : stored[i] * scale + min;
  }
  return numbers;
}

/** A half-precision number from its bits: 1 sign, 5 exponent, 10 fraction (IEEE 754). */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction) * 2 ** (exponent - 15);
}
