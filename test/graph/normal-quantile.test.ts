// The quantiles of the normal distribution, as tables of it have them.

import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/graph/ops/normal-quantile.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';

test.each([
  [0.5, 0],
  [0.6, 0.2533471],
  [0.75, 0.6744898],
  [0.9, 1.2815516],
  [0.975, 1.959964],
  [0.99, 2.3263479],
  [0.999, 3.0902323],
])('of %f', (share, quantile) => {
  const shares = new Tensor(Float32Array.of(share, 1 - share), [2], 'float32');
  const [quantiles] = compute([shares], (p) => [normalQuantile(p)]);
  const found = quantiles.dataSync();
  // A share near 1 is rounded to 2⁻²⁴, which a quantile of 3 shows some hundred times as large.
  expect(found[0]).toBeCloseTo(quantile, 4);
  expect(found[1]).toBeCloseTo(-quantile, 4);
});
