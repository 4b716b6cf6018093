import { describe, expect, test } from 'vitest';
import { orthonormalColumns } from '../../src/initializers/householder.ts';
import { initializers } from '../../src/initializers/initializers.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

describe('orthogonal', () => {
  /** The largest deviation of MᵀM (or MMᵀ, for a wide matrix) from gain²·I. */
  function deviation(values: Float32Array, rows: number, columns: number, gain = 1): number {
    const tall = rows >= columns;
    const at = (long: number, short: number) =>
      tall ? values[long * columns + short] : values[short * columns + long];
    let worst = 0;
    for (let i = 0; i < Math.min(rows, columns); i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < Math.max(rows, columns); k++) sum += at(k, i) * at(k, j);
        worst = Math.max(worst, Math.abs(sum - (i === j ? gain * gain : 0)));
      }
    }
    return worst;
  }

  test.each([
    [1, 1],
    [1, 7],
    [7, 1],
    [5, 5],
    [40, 17],
    [17, 40],
    [64, 64],
  ])('%i×%i', (rows, columns) => {
    const values = initializers.orthogonal().values([rows, columns], 5);
    expect(deviation(values, rows, columns)).toBeLessThan(5e-7);
  });

  test('takes all dimensions but the last as rows', () => {
    const values = initializers.orthogonal().values([3, 3, 4, 8], 5);
    expect(deviation(values, 36, 8)).toBeLessThan(5e-7);
    expect(values).toEqual(initializers.orthogonal().values([36, 8], 5));
  });

  test('is scaled by its gain', () => {
    expect(deviation(initializers.orthogonal({ gain: 3 }).values([9, 4], 5), 9, 4, 3)).toBeLessThan(5e-6);
  });

  test('is empty for an empty shape', () => {
    expect(initializers.orthogonal().values([0, 4], 5)).toHaveLength(0);
  });

  test('favours no sign', () => {
    let positive = 0;
    for (let seed = 0; seed < 1000; seed++)
      if (initializers.orthogonal().values([3, 2], seed)[0] > 0) positive++;
    expect(Math.abs(positive - 500)).toBeLessThan(4 * Math.sqrt(250));
  });
});

test('orthonormalColumns is the Q of a QR decomposition whose R has a positive diagonal', () => {
  const [rows, columns] = [6, 4];
  const random = new RandomStream(23, 0);
  const a = Float64Array.from({ length: rows * columns }, () => random.normal());
  const q = orthonormalColumns(a.slice(), rows);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      let r = 0; // R = QᵀA
      for (let k = 0; k < rows; k++) r += q[i * rows + k] * a[j * rows + k];
      if (i === j) expect(r).toBeGreaterThan(0);
      if (i > j) expect(Math.abs(r)).toBeLessThan(1e-14);
    }
  }
});
