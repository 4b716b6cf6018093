// Weights on their way to linear memory.

import { expect, test, vi } from 'vitest';
import { Variable } from '../../src/state/variable.ts';

test('what makes the numbers that weights begin with is called once, when somebody needs them', () => {
  const values = vi.fn(() => Float32Array.of(1, 2, 3));
  const weights = new Variable({ name: 'w', shape: [3], values });
  expect(values).not.toHaveBeenCalled();
  expect([...weights.values()]).toEqual([1, 2, 3]);
  Variable.settle([weights], 'a test');
  expect([...weights.values()]).toEqual([1, 2, 3]);
  expect(values).toHaveBeenCalledOnce();
  weights.dispose();
});

test('and never where they were written before', () => {
  const values = vi.fn(() => Float32Array.of(1, 2, 3));
  const weights = new Variable({ name: 'w', shape: [3], values });
  weights.write(Float32Array.of(4, 5, 6));
  Variable.settle([weights], 'a test');
  expect([...weights.values()]).toEqual([4, 5, 6]);
  expect(values).not.toHaveBeenCalled();
  weights.dispose();
});
