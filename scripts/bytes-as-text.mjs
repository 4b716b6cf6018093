// Bytes as printable ASCII. The commonest bytes are one letter each, the others an escape and a letter: half as long
// as hex, and gzipped as small as the bytes themselves. src/engine/kernels.ts reads it.

/** In place of the byte's own letter: the rest of the bytes, in two rows of as many as there are letters. */
export const escapes = '|~';

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
/** No quotes and no backslash, so that a bundler has nothing to escape; no `<` and no `$`, so that no page takes it for its own. */
export const letters = printable.filter((letter) => !`'"\`\\<$${escapes}`.includes(letter)).join('');

/** @returns a text for each of several arrays of bytes, and which bytes are common: a bit for each, as hex */
export function writeBytes(arrays) {
  const counts = new Array(256).fill(0);
  for (const byte of Buffer.concat(arrays)) counts[byte]++;
  const byCount = [...counts.keys()].sort((a, b) => counts[b] - counts[a]);
  const commonBytes = byCount.slice(0, letters.length).sort((a, b) => a - b);
  const isCommon = [...counts.keys()].map((byte) => Number(commonBytes.includes(byte)));
  const rareBytes = [...counts.keys()].filter((byte) => !commonBytes.includes(byte));
  const letterOf = (rank) => letters[rank % letters.length];
  const written = new Array(256);
  for (const [i, byte] of commonBytes.entries()) written[byte] = letterOf(i);
  for (const [i, byte] of rareBytes.entries()) {
    written[byte] = escapes[Math.floor(i / letters.length)] + letterOf(i);
  }
  const digits = Array.from({ length: 64 }, (_, i) => isCommon.slice(4 * i, 4 * i + 4).join(''));
  const common = digits.map((bits) => Number.parseInt(bits, 2).toString(16)).join('');
  return { texts: arrays.map((bytes) => Array.from(bytes, (byte) => written[byte]).join('')), common };
}
