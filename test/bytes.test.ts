// Bytes in one piece: copied only where they must be.

import { expect, test } from 'vitest';
import { joinedBuffer } from '../src/bytes.ts';

test('a part that is all of its buffer is not copied, others are joined', () => {
  const whole = Uint8Array.of(1, 2, 3);
  expect(joinedBuffer([whole])).toBe(whole.buffer);
  expect(joinedBuffer([whole.buffer])).toBe(whole.buffer);
  const part = whole.subarray(1);
  expect(joinedBuffer([part])).not.toBe(whole.buffer);
  expect([...new Uint8Array(joinedBuffer([part]))]).toEqual([2, 3]);
  expect([...new Uint8Array(joinedBuffer([whole, part.slice().buffer]))]).toEqual([1, 2, 3, 2, 3]);
  expect(joinedBuffer([]).byteLength).toBe(0);
});
