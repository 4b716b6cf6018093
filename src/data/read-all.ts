/* A stream of bytes as one array. */

/** No array is made larger than this because something outside said so; it grows when the bytes are there. */
const maxTrusted = 2 ** 28;

/**
 * All bytes of a stream.
 * @param expected how many there will be; when it is right nothing is copied twice
 * @param onBytes called after each chunk with how many have come; when it throws the stream is cancelled
 */
export async function readAll(
  stream: ReadableStream<Uint8Array>,
  expected: number,
  onBytes?: (received: number) => void,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(expected, maxTrusted));
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, length + value.length));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length += value.length;
    try {
      onBytes?.(length);
    } catch (error) {
      // The reason that counts is the one thrown; a stream that fails to close adds nothing to it.
      await reader.cancel(error).catch(() => {});
      throw error;
    }
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}
