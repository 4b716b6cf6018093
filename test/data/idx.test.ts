import { describe, expect, it } from 'vitest';
import { parseIdx } from '../../src/data/idx.ts';
import { LanegradError } from '../../src/errors.ts';
import { idxOf } from './idx-files.ts';

const sentence = (text: string) => new LanegradError(text);

describe('parseIdx', () => {
  it('reads unsigned bytes without copying them', () => {
    const bytes = idxOf([2, 3]);
    const { data, shape, dtype } = parseIdx(bytes);
    expect([dtype, shape, [...data]]).toEqual(['uint8', [2, 3], [0, 1, 2, 3, 4, 5]]);
    expect(data.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['signed bytes', 0x09, [0xff, 2], 'int32', [-1, 2]],
    ['shorts', 0x0b, [0xff, 0xfe, 1, 0], 'int32', [-2, 256]],
    ['ints', 0x0c, [0xff, 0xff, 0xff, 0xfd, 0, 1, 0, 0], 'int32', [-3, 65536]],
    ['floats', 0x0d, [0x3f, 0xc0, 0, 0, 0xbf, 0, 0, 0], 'float32', [1.5, -0.5]],
    ['doubles', 0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xbf, 0xe0, 0, 0, 0, 0, 0, 0], 'float32', [1.5, -0.5]],
  ])('reads %s', (_, type, content, dtype, values) => {
    const idx = parseIdx(new Uint8Array([0, 0, type, 1, 0, 0, 0, 2, ...content]));
    expect([idx.dtype, idx.shape, [...idx.data]]).toEqual([dtype, [2], values]);
  });

  it('reads from the middle of a buffer', () => {
    const whole = new Uint8Array([9, 9, 9, ...idxOf([2], [4, 5]), 9]);
    expect([...parseIdx(whole.subarray(3, -1)).data]).toEqual([4, 5]);
  });

  it('reads no dimensions and empty ones', () => {
    expect(parseIdx(new Uint8Array([0, 0, 8, 0, 7]))).toEqual({
      data: new Uint8Array([7]),
      shape: [],
      dtype: 'uint8',
    });
    expect(parseIdx(idxOf([0, 28, 28])).shape).toEqual([0, 28, 28]);
  });

  it.each([
    [[], 'nothing'],
    [[0, 0, 8], '00 00 08'],
    [[0x1f, 0x8b, 8, 0, 0], '1f 8b 08 00'],
    [[0, 0, 10, 1, 0], '00 00 0a 01'],
    [[60, 104, 116, 109, 108], '3c 68 74 6d'],
  ])('%j is not IDX', (bytes, got) => {
    expect(() => parseIdx(new Uint8Array(bytes), 'digits')).toThrow(
      sentence(
        `digits is not an IDX file: expected 00 00, a type from 08 to 0e and a number of dimensions at its start; got ${got}.`,
      ),
    );
  });

  it('tells when the header is truncated', () => {
    expect(() => parseIdx(new Uint8Array([0, 0, 8, 3, 0, 0]))).toThrow(
      sentence('The IDX data is truncated: a header of 3 dimensions takes 16 bytes; got 6.'),
    );
  });

  it('tells when the content is truncated', () => {
    expect(() => parseIdx(idxOf([10, 28, 28]).subarray(0, 5000), 'digits')).toThrow(
      sentence('digits is truncated: unsigned byte [10,28,28] takes 7856 bytes; got 5000.'),
    );
  });

  it('believes no header that promises more than there is', () => {
    const bytes = new Uint8Array([0, 0, 14, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(() => parseIdx(bytes)).toThrow(
      /^The IDX data is truncated: double \[4294967295,4294967295\] takes /,
    );
  });

  it('tells when there is more than the header says', () => {
    expect(() => parseIdx(new Uint8Array([...idxOf([2]), 1, 2, 3]), 'digits')).toThrow(
      sentence('digits has 3 bytes too many: unsigned byte [2] takes 10 bytes; got 13.'),
    );
  });
});
