// trainTestSplit: the sizes of scikit-learn, by class too; pairs that stay together; one seed, one split.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

interface Case {
  readonly counts: readonly number[];
  readonly options: { readonly test_size?: number; readonly train_size?: number };
  readonly sizes: readonly number[];
  /** 'tied' where seeds of scikit-learn differ, null where it refuses. */
  readonly stratified: readonly (readonly number[])[] | 'tied' | null;
}
const path = new URL('../reference/sklearn-split.json', import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(path, 'utf8'));

const countsOf = (labels: readonly number[], classes: number) =>
  Array.from({ length: classes }, (_, i) => labels.filter((label) => label === i).length);

describe('sizes are those of scikit-learn', () => {
  test.each(cases)('$counts $options', ({ counts, options, sizes, stratified }) => {
    const labels = counts.flatMap((count, i) => Array.from({ length: count }, () => i));
    const given = { testSize: options.test_size, trainSize: options.train_size, seed: 1 };
    expect(tf.trainTestSplit(labels, given).map(({ length }) => length)).toEqual(sizes);
    const split = () => tf.trainTestSplit(labels, { ...given, stratify: labels });
    if (stratified === null) {
      expect(split).toThrow(/too few for \d+ classes/);
      return;
    }
    const parts = split();
    expect(parts.map(({ length }) => length)).toEqual(sizes);
    for (const [part, labelsOfPart] of parts.entries()) {
      const got = countsOf(labelsOfPart, counts.length);
      if (stratified !== 'tied') expect(got).toEqual(stratified[part]);
      const share = sizes[part] / labels.length;
      for (const [i, count] of got.entries()) expect(Math.abs(count - counts[i] * share)).toBeLessThan(1.5);
    }
  });
});

test('arrays of every kind are split alike, and samples are not lost', () => {
  const n = 23;
  const numbers = Array.from({ length: n }, (_, i) => i);
  const matrix = tf.tensor2d(numbers.map((i) => [i, 10 * i]));
  const bytes = tf.tensor(Uint8Array.from(numbers), [n], 'bool' as never);
  const words = numbers.map((i) => `w${i}`);
  const typed = Float64Array.from(numbers);
  const [a, b, c, d, e, f, , g] = tf.trainTestSplit(matrix, words, typed, bytes, { testSize: 0.3, seed: 4 });
  const order = (part: tf.Tensor) => (part.arraySync() as number[][]).map(([first]) => first);
  expect([...order(a), ...order(b)].sort((x, y) => x - y)).toEqual(numbers);
  expect(order(a)).not.toEqual(order(a).toSorted((x, y) => x - y));
  expect([a.shape, b.shape]).toEqual([
    [16, 2],
    [7, 2],
  ]);
  expect(c).toEqual(order(a).map((i) => `w${i}`));
  expect(d).toEqual(order(b).map((i) => `w${i}`));
  expect(e).toEqual(Float64Array.from(order(a)));
  expect(f).toEqual(Float64Array.from(order(b)));
  expect(g.shape).toEqual([7]);
});

test('one seed, one split; setSeed fixes those without', () => {
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  const split = (seed?: number) => tf.trainTestSplit(numbers, { seed })[1];
  expect(split(3)).toEqual(split(3));
  expect(split(3)).not.toEqual(split(4));
  tf.setSeed(5);
  const first = split();
  expect(split()).not.toEqual(first);
  tf.setSeed(5);
  expect(split()).toEqual(first);
  const classes = numbers.map((i) => (i % 3 ? 'a' : 'b'));
  const byClass = (seed: number) => tf.trainTestSplit(numbers, { seed, stratify: classes })[1];
  expect(byClass(3)).toEqual(byClass(3));
  expect(byClass(3)).not.toEqual(byClass(4));
});

test('without shuffle the last are tested with', () => {
  expect(tf.trainTestSplit([1, 2, 3, 4, 5], { shuffle: false, testSize: 2 })).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test('classes may be words, rows and tensors', () => {
  const labels = ['x', 'x', 'y', 'y', 'x', 'x', 'y', 'y'];
  const rows = labels.map((label) => (label === 'x' ? [1, 0] : [0, 1]));
  for (const stratify of [labels, rows, tf.tensor2d(rows)]) {
    const [, part] = tf.trainTestSplit(labels, { testSize: 0.5, stratify });
    expect(part.filter((label) => label === 'x')).toHaveLength(2);
  }
});

test('what cannot be split is a sentence', () => {
  const { trainTestSplit } = tf;
  expect(() => trainTestSplit([1, 2], [1, 2, 3])).toThrow('different numbers of samples: 2, 3');
  expect(() => trainTestSplit()).toThrow('takes tensors or arrays; got none');
  expect(() => trainTestSplit([1])).toThrow(
    '1 samples cannot be split into 0 to train with and 1 to test with',
  );
  expect(() => trainTestSplit([1, 2], { testSize: 5 })).toThrow('cannot be split into -3');
  expect(() => trainTestSplit([1, 2], { trainSize: 2 })).toThrow('2 to train with and 0 to test with');
  expect(() => trainTestSplit([1, 2], { testSize: 1.5 })).toThrow(
    'testSize must be a share below 1 or a whole number',
  );
  expect(() => trainTestSplit([1, 2], { testsize: 1 } as never)).toThrow('did you mean testSize?');
  expect(() => trainTestSplit(tf.scalar(3))).toThrow('takes tensors and arrays of samples; got a Tensor');
  expect(() => trainTestSplit('words' as never)).toThrow("got 'words'");
  expect(() => trainTestSplit([1, 2, 3], { stratify: [0, 0, 1] })).toThrow(
    'a class has 1 sample, and cannot stand in both parts. Leave its sample out, or do without stratify.',
  );
  const many = Float32Array.from({ length: 200_000 }, (_, i) => i);
  expect(() => trainTestSplit(many, { stratify: many })).toThrow('a class has 1 sample');
  expect(() => trainTestSplit([1, 2, 3], { stratify: [0, 0] })).toThrow(
    'a class for each of 3 samples; got 2',
  );
  expect(() => trainTestSplit([1, 2], { stratify: [0, 0], shuffle: false })).toThrow(
    'stratify needs shuffle',
  );
});
