// Shares of whole numbers: exact, whatever rounding did to the share.

import { expect, test } from 'vitest';
import { shareOf } from '../../src/numeric/shares.ts';

/** What is left of one, as scripts compute it, too: 1 − 0.95 is 0.050000000000000044. */
const written = [(k: number) => k / 100, (k: number) => 1 - (100 - k) / 100];

test.each(written)('%s', (share) => {
  const wrong: unknown[] = [];
  for (let count = 1; count <= 2000; count++) {
    for (let k = 0; k <= 100; k++) {
      const exact = Math.ceil((count * k) / 100);
      if (shareOf(count, share(k)) !== exact) wrong.push([count, share(k), shareOf(count, share(k)), exact]);
    }
  }
  expect(wrong).toEqual([]);
});
