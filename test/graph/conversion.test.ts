import { expect, test } from 'vitest';
import { asFloat } from '../../src/graph/ops/conversion.ts';
import { add } from '../../src/graph/ops/elementwise.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';

const lengths = [1, 3, 4, 5, 17, 1025];

test.each(lengths)('%i bytes become floats, all of their values', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 77 + 3) % 256);
  const [y] = compute([new Tensor(bytes, [length], 'uint8')], (x) => [asFloat(x)]);
  expect(Array.from(y.dataSync())).toEqual(Array.from(bytes));
});

test.each(lengths)('%i integers become floats, negative ones too', (length) => {
  const integers = Int32Array.from({ length }, (_, i) => (i % 2 ? -i : i) * 4097);
  const [y] = compute([new Tensor(integers, [length], 'int32')], (x) => [asFloat(x)]);
  expect(Array.from(y.dataSync())).toEqual(Array.from(integers, Math.fround));
});

test('an op converts what it reads', () => {
  const bytes = new Tensor(Uint8Array.of(250, 5), [2], 'uint8');
  const [y] = compute([bytes], (x) => [add(x, 10)]);
  expect(Array.from(y.dataSync())).toEqual([260, 15]);
});
