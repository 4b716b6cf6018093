import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { compiledBy } from './programs.ts';

/** Twenty tensors of [2, 3], whose numbers tell part and place. */
const parts = (dtype: 'float32' | 'int32' = 'float32') =>
  Array.from({ length: 20 }, (_, part) =>
    tf
      .range(0, 6, 1, dtype)
      .add(tf.scalar(part * 10, dtype))
      .reshape([2, 3]),
  );

const read = <T extends tf.Tensor>(tensors: T[]): T[] => {
  for (const each of tensors) each.dataSync();
  return tensors;
};

describe('many tensors with numbers are joined', () => {
  test('without a program', () => {
    const many = read(parts());
    const joined = () => [tf.concat(many), tf.stack(Array.from({ length: 300 }, (_, i) => tf.scalar(i)))];
    expect(compiledBy(() => read(joined()))).toBe(0);
  });

  test('and few that lie one behind the other, as data that grow', () => {
    let rows = tf.tensor2d([[0, 1]]);
    const grow = () => {
      for (let i = 1; i < 5; i++) rows = rows.concat(tf.tensor2d([[i, i + 1]]));
      expect(rows.arraySync()).toEqual([0, 1, 2, 3, 4].map((i) => [i, i + 1]));
    };
    expect(compiledBy(grow)).toBe(0);
  });

  test.each([0, 1])('as few are, along axis %i', (axis) => {
    const many = read(parts('int32'));
    const inTwo = [many.slice(0, 10), many.slice(10)].map((few) => tf.concat(few, axis));
    const joined = tf.concat(many, axis);
    expect(joined.dtype).toBe('int32');
    expect(joined.arraySync()).toEqual(tf.concat(inTwo, axis).arraySync());
  });

  test('with more numbers in each than are copied one by one', () => {
    const rows = Array.from({ length: 16 }, (_, i) => tf.fill([100], i));
    expect(tf.stack(rows).sum(1).arraySync()).toEqual(rows.map((_, i) => i * 100));
  });

  test('truths as truths', () => {
    const truths = Array.from({ length: 16 }, (_, i) => tf.tensor1d([i % 2 === 0]));
    expect(tf.concat(truths).dtype).toBe('bool');
    expect([...tf.concat(truths).dataSync()].slice(0, 3)).toEqual([1, 0, 1]);
  });

  test('and say so where the numbers of one were given away', () => {
    const x = tf.tensor1d([1, 2]).add(0);
    const numbers = x.dataSync();
    structuredClone(numbers.buffer, { transfer: [numbers.buffer as ArrayBuffer] });
    expect(() => tf.concat([x, tf.tensor1d([1])])).toThrow('were given away');
  });

  test('and have their gradients', () => {
    const many = read(parts());
    const weights = tf.range(0, 40);
    const found = tf.grads((...each) => tf.concat(each).sum(1).mul(weights).sum())(many);
    expect(found[3].arraySync()).toEqual([
      [6, 6, 6],
      [7, 7, 7],
    ]);
  });
});
