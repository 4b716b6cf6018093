/* The IDX format of MNIST and its relatives: a type, a shape and numbers, all of them big-endian. */

import { hexadecimal } from '../bytes.ts';
import { LanegradError, shown } from '../errors.ts';
import type { DataType, TypedArray } from '../tensor/data-type.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';

interface IdxType {
  name: string;
  bytes: number;
  dtype: DataType;
  read(view: DataView, offset: number): number;
}

const types: Readonly<Record<number, IdxType>> = {
  8: { name: 'unsigned byte', bytes: 1, dtype: 'uint8', read: (view, offset) => view.getUint8(offset) },
  9: { name: 'signed byte', bytes: 1, dtype: 'int32', read: (view, offset) => view.getInt8(offset) },
  11: { name: 'short', bytes: 2, dtype: 'int32', read: (view, offset) => view.getInt16(offset) },
  12: { name: 'int', bytes: 4, dtype: 'int32', read: (view, offset) => view.getInt32(offset) },
  13: { name: 'float', bytes: 4, dtype: 'float32', read: (view, offset) => view.getFloat32(offset) },
  14: { name: 'double', bytes: 8, dtype: 'float32', read: (view, offset) => view.getFloat64(offset) },
};

/** What an IDX file holds, ready for `new Tensor(data, shape, dtype)`. */
export interface IdxContent {
  data: TypedArray;
  shape: number[];
  dtype: DataType;
}

/**
 * Reads an IDX file. Unsigned bytes become uint8 and share memory with `bytes`; signed bytes, shorts and ints
 * become int32, floats and doubles float32.
 * @param name what errors call the file
 * @throws LanegradError when the bytes are not IDX, fewer than their header says, or more.
 */
export function parseIdx(bytes: Uint8Array, name = 'The IDX data'): IdxContent {
  if (!(bytes instanceof Uint8Array))
    throw new LanegradError(`parseIdx: takes a Uint8Array; got ${shown(bytes)}.`);
  const type = types[bytes[2]];
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    const expected = 'expected 00 00, a type from 08 to 0e and a number of dimensions';
    const got = bytes.length === 0 ? 'nothing' : hexadecimal(bytes.subarray(0, 4), ' ');
    throw new LanegradError(`${name} is not an IDX file: ${expected} at its start; got ${got}.`);
  }
  const rank = bytes[3];
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new LanegradError(
      `${name} is truncated: a header of ${rank} dimensions takes ${header} bytes; got ${bytes.length}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = sizeOf(shape);
  const expected = header + size * type.bytes;
  if (bytes.length !== expected) {
    const holds = `${type.name} ${formatShape(shape)} takes ${expected} bytes; got ${bytes.length}`;
    if (bytes.length < expected) throw new LanegradError(`${name} is truncated: ${holds}.`);
    throw new LanegradError(`${name} has ${bytes.length - expected} bytes too many: ${holds}.`);
  }
  if (type.dtype === 'uint8') {
    return { data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, size), shape, dtype: 'uint8' };
  }
  const data = type.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) data[i] = type.read(view, header + i * type.bytes);
  return { data, shape, dtype: type.dtype };
}
