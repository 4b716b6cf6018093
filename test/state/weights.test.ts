// Weights on their way to linear memory.

import { expect, test, vi } from 'vitest';
import { LanegradError } from '../../src/errors.ts';
import { Weights } from '../../src/state/weights.ts';

test('what makes the numbers that weights begin with is called once, when somebody needs them', () => {
  const values = vi.fn(() => Float32Array.of(1, 2, 3));
  const weights = new Weights({ name: 'w', shape: [3], values });
  expect(values).not.toHaveBeenCalled();
  expect([...weights.values()]).toEqual([1, 2, 3]);
  Weights.settle([weights], 'a test');
  expect([...weights.values()]).toEqual([1, 2, 3]);
  expect(values).toHaveBeenCalledOnce();
  weights.dispose();
});

test('and never where they were written before', () => {
  const values = vi.fn(() => Float32Array.of(1, 2, 3));
  const weights = new Weights({ name: 'w', shape: [3], values });
  weights.write(Float32Array.of(4, 5, 6));
  Weights.settle([weights], 'a test');
  expect([...weights.values()]).toEqual([4, 5, 6]);
  expect(values).not.toHaveBeenCalled();
  weights.dispose();
});

test('what is written is copied; what is taken is not', () => {
  const weights = new Weights({ name: 'w', shape: [2], values: Float32Array.of(0, 0) });
  const given = Float32Array.of(1, 2);
  weights.write(given);
  given[0] = 7;
  expect([...weights.values()]).toEqual([1, 2]);
  weights.take(given);
  given[1] = 8;
  expect([...weights.values()]).toEqual([7, 8]);
  Weights.settle([weights], 'a test');
  weights.take(Float32Array.of(3, 4));
  expect([...weights.values()]).toEqual([3, 4]);
  weights.dispose();
});

test('whole numbers are written as the floats that they are, before and after weights have a place', () => {
  const weights = new Weights({ name: 'w', shape: [2], values: Float32Array.of(0, 0) });
  weights.writeNumbers(Int32Array.of(1, 2));
  expect([...weights.values()]).toEqual([1, 2]);
  Weights.settle([weights], 'a test');
  weights.writeNumbers(Int32Array.of(3, 4));
  expect([...weights.values()]).toEqual([3, 4]);
  weights.dispose();
});

test('memory of weights that lie side by side is given back with the last of them', () => {
  const pair = ['a', 'b'].map((name) => new Weights({ name, shape: [2], values: Float32Array.of(1, 2) }));
  Weights.settle(pair, 'a test');
  const [first, second] = pair;
  const { block } = first;
  first.dispose();
  first.dispose();
  expect(block.isFreed).toBe(false);
  expect([...second.values()]).toEqual([1, 2]);
  second.dispose();
  expect(block.isFreed).toBe(true);
});

test.each([true, false])('what is disposed of has no numbers, where it had a place: %s', (isSettled) => {
  const weights = new Weights({ name: 'w', shape: [1], values: Float32Array.of(1) });
  if (isSettled) Weights.settle([weights], 'a test');
  weights.dispose();
  const expected = new LanegradError('w: was disposed of; it has no numbers any more.');
  expect(() => weights.values()).toThrow(expected);
  expect(() => weights.take(Float32Array.of(2))).toThrow(expected);
});

test('whoever reads numbers that are disposed of is told before, and once', () => {
  const weights = new Weights({ name: 'w', shape: [1], values: Float32Array.of(1) });
  const read = vi.fn(() => [...weights.values()]);
  weights.onceBeforeChange(read);
  weights.dispose();
  weights.dispose();
  expect(read.mock.results).toEqual([{ type: 'return', value: [1] }]);
});
