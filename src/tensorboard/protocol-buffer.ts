// Messages in the wire format of protocol buffers, as far as event files need it. Fields are written in the order given.

import { joined } from '../bytes.ts';

/** What follows a field's number. */
const wire = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 };

/** A field: bytes that can be put side by side into a message. */
export type Field = Uint8Array;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const key = (field: number, type: number) => varint(field * 8 + type);

/** A whole number from 0 to 2^53. */
export const integer = (field: number, value: number): Field =>
  Uint8Array.from([...key(field, wire.varint), ...varint(value)]);

export function double(field: number, value: number): Field {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joined([Uint8Array.from(key(field, wire.eightBytes)), bytes]);
}

export function float(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([Uint8Array.from(key(field, wire.fourBytes)), bytes]);
}

export const bytes = (field: number, content: Uint8Array): Field =>
  joined([Uint8Array.from([...key(field, wire.bytes), ...varint(content.length)]), content]);

export const text = (field: number, content: string): Field =>
  bytes(field, new TextEncoder().encode(content));

export const message = (field: number, ...fields: readonly Field[]): Field => bytes(field, joined(fields));

/** A packed list. */
export function doubles(field: number, values: ArrayLike<number>): Field {
  const packed = new Uint8Array(8 * values.length);
  const view = new DataView(packed.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return bytes(field, packed);
}
