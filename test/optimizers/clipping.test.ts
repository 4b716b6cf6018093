// Gradients held within bounds: by value, each by its norm, all by their norm together.

import { expect, test } from 'vitest';
import { type ClippingOptions, clipGradients } from '../../src/optimizers/clipping.ts';
import { tensor1d } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

/** Clips gradients of norms 5 and 12, of norm 13 together. */
const clipped = (options: ClippingOptions) =>
  compute([tensor1d([3, -4]), tensor1d([12])], (...gradients) => clipGradients(gradients, options)).map(
    (gradient) => Array.from(gradient.dataSync()),
  );

test.each([
  ['nothing', {}, [[3, -4], [12]]],
  ['values', { clipValue: 3.5 }, [[3, -3.5], [3.5]]],
  ['norms that are larger', { clipNorm: 10 }, [[3, -4], [10]]],
  ['each norm', { clipNorm: 1 }, [[0.6, -0.8], [1]]],
  ['the norm of all', { globalClipNorm: 6.5 }, [[1.5, -2], [6]]],
  ['a norm of all that is small enough', { globalClipNorm: 14 }, [[3, -4], [12]]],
  [
    'each norm, then that of all',
    { clipNorm: 5, globalClipNorm: 1 },
    [[3 / 50 ** 0.5, -4 / 50 ** 0.5], [0.5 ** 0.5]],
  ],
])('%s', (_, options, expected) => {
  for (const [i, gradient] of clipped(options).entries()) {
    expect(gradient.length).toBe(expected[i].length);
    for (const [j, value] of gradient.entries()) expect(value).toBeCloseTo(expected[i][j], 6);
  }
});

test('one gradient alone has the norm of all', () => {
  const [only] = compute([tensor1d([3, -4])], (gradient) => clipGradients([gradient], { globalClipNorm: 1 }));
  for (const [i, value] of [0.6, -0.8].entries()) expect(only.dataSync()[i]).toBeCloseTo(value, 6);
});

test('no gradients are none', () => {
  expect(clipGradients([], { globalClipNorm: 1 })).toEqual([]);
});
