import { describe, expect, it } from 'vitest';
import { gunzip, isGzip } from '../../src/data/gzip.ts';
import { LanegradError } from '../../src/errors.ts';
import { packed } from './idx-files.ts';

const corrupt = new LanegradError('digits.gz cannot be unpacked: its gzip data is corrupt or cut off.');

/** Bytes that do not compress away. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223;
    return state >>> 24;
  });
}

describe('isGzip', () => {
  it('looks at the first two bytes', () => {
    expect(isGzip(packed(noise(10)))).toBe(true);
    expect([isGzip(new Uint8Array()), isGzip(new Uint8Array([0x1f])), isGzip(noise(10))]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('gunzip', () => {
  it.each([0, 1, 1000, 300_000])('unpacks %d bytes', async (length) => {
    const content = noise(length);
    expect(await gunzip(packed(content))).toEqual(content);
  });

  it('unpacks what compresses a thousandfold', async () => {
    const content = await gunzip(packed(new Uint8Array(5_000_000)));
    expect(content.length).toBe(5_000_000);
  });

  it.each([3, 20, 5000])('tells when only %d bytes are there', async (length) => {
    await expect(gunzip(packed(noise(10_000)).subarray(0, length), 'digits.gz')).rejects.toThrow(corrupt);
  });

  it('tells when the data is damaged', async () => {
    const bytes = packed(noise(10_000));
    for (const at of [2, 40, 5000, bytes.length - 6, bytes.length - 2]) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      await expect(gunzip(damaged, 'digits.gz')).rejects.toThrow(corrupt);
    }
  });

  it('names data that has no name', async () => {
    await expect(gunzip(new Uint8Array([0x1f, 0x8b]))).rejects.toThrow(
      new LanegradError('The gzip data cannot be unpacked: its gzip data is corrupt or cut off.'),
    );
  });
});
