/* Unpacks gzip by the runtime's own DecompressionStream. */

import { LanegradError } from '../errors.ts';
import { readAll } from './read-all.ts';

/** What is written to the stream at a time: some runtimes unpack all of it before any is read. */
const portion = 2 ** 16;

/** A byte of gzip unpacks to no more than this many. */
const maxRatio = 1032;

/** Whether bytes begin as gzip does: 1f 8b. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip of one member: the standard has DecompressionStream refuse what follows it.
 * @param name what errors call the data
 * @throws LanegradError when the data is corrupt or cut off.
 */
export async function gunzip(bytes: Uint8Array, name = 'The gzip data'): Promise<Uint8Array> {
  // The last four bytes say how long the content is, modulo 2^32.
  const tail =
    bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  const { readable, writable } = new DecompressionStream('gzip');
  const written = writeAll(writable, bytes);
  try {
    const [content] = await Promise.all([
      readAll(readable, Math.min(tail, bytes.length * maxRatio)),
      written,
    ]);
    return content;
  } catch (cause) {
    throw new LanegradError(`${name} cannot be unpacked: its gzip data is corrupt or cut off.`, { cause });
  }
}

async function writeAll(stream: WritableStream<ArrayBufferView>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  for (let start = 0; start < bytes.length; start += portion) {
    await writer.write(bytes.subarray(start, start + portion));
  }
  await writer.close();
}
