// Bytes: put side by side, read from streams, as letters and digits, their checksums, and how many of them arrays take.

export const floatBytes = 4;

/** Floats that an array of so many takes: kernels write whole vectors. */
export const padded = (floats: number): number => Math.ceil(floats / 4) * 4;

/** Blocks, arrays and arenas begin at multiples of 64 bytes. */
export const alignUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Lists that engines make at once are no longer: of more elements they make a dictionary. */
export const mostAtOnce = 2 ** 25;

/** A `ReadableStream`, as far as it is read: types of the platform are not everywhere where ours are. */
export interface StreamLike<Piece = Uint8Array> {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Piece | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** The bytes of arrays or buffers, one after the other. */
export function joined(parts: readonly (ArrayBufferView | ArrayBuffer)[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(bytesOf(part), offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** The same, where a single part is not copied. */
export const inOnePiece = (parts: readonly (ArrayBufferView | ArrayBuffer)[]): Uint8Array =>
  parts.length === 1 ? bytesOf(parts[0]) : joined(parts);

/** The same as a buffer: a single part's own, where that holds nothing else. */
export function joinedBuffer(parts: readonly (Uint8Array | ArrayBuffer)[]): ArrayBuffer {
  const { buffer, byteLength } = inOnePiece(parts);
  return buffer.byteLength === byteLength ? (buffer as ArrayBuffer) : joined(parts).buffer;
}

/** The memory of an array or buffer as bytes; nothing is copied. */
export const bytesOf = (part: ArrayBufferView | ArrayBuffer): Uint8Array =>
  ArrayBuffer.isView(part)
    ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    : new Uint8Array(part);

/** Whether it is memory, of whichever realm: Jest's tests have other classes than what is around them. */
export const isBuffer = (given: unknown): given is ArrayBuffer =>
  /ArrayBuffer]$/.test(Object.prototype.toString.call(given));

/** Whether the memory was handed to another thread, so that nothing can be read of it. */
export function isDetached(part: ArrayBufferView | ArrayBuffer): boolean {
  if (part.byteLength > 0) return false;
  try {
    bytesOf(part);
    return false;
  } catch {
    return true;
  }
}

/** Whether it is an array of numbers, big ones included, that can be read. */
export const isTypedArray = (given: unknown): given is Exclude<ArrayBufferView, DataView> =>
  ArrayBuffer.isView(given) && !(given instanceof DataView) && !isDetached(given);

/** Bytes as pairs of hexadecimal digits. */
export const hexadecimal = (bytes: Uint8Array, between = ''): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);

/** The SHA-256 of bytes, in hexadecimal digits; pages that are not served over https cannot say it. */
export const sha256 = async (bytes: Uint8Array): Promise<string> =>
  hexadecimal(new Uint8Array(await crypto.subtle!.digest('SHA-256', bytes)));

/** So many bytes are given to one call as arguments. */
const portion = 2 ** 13;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += portion) {
    text += String.fromCharCode(...bytes.subarray(at, at + portion));
  }
  return btoa(text);
}

/**
 * A cyclic redundancy check of 32 bits: the register begins with ones, and is inverted in the end.
 * @param polynomial reflected: its lowest power is the highest bit
 */
// @__NO_SIDE_EFFECTS__
export function cyclicChecksum(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
  return (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
    return ~crc >>> 0;
  };
}

/** That of PNG and zip files. */
export const crc32 = /* @__PURE__ */ cyclicChecksum(0xedb88320);
