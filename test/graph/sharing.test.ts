// Nodes that compute the same are one node, and no others are.

import { describe, expect, test } from 'vitest';
import { areSame, hashOf, identityOf, KnownNodes } from '../../src/graph/sharing.ts';

const op = {};

/** A finder of nodes that counts how many were made. */
function finder() {
  const known = new KnownNodes<{
    id: number;
    op: object;
    inputs: { id: number }[];
    attrs: object;
    shape: number[];
  }>();
  let made = 0;
  return (attrs: object, inputs: { id: number }[] = [], of: object = op, shape: number[] = []) =>
    known.find({ op: of, inputs, attrs, shape }, () => ({ id: made++, op: of, inputs, attrs, shape }));
}

test('attributes are compared by their numbers, arrays by their elements, other objects by identity', () => {
  const find = finder();
  const storage = {};
  const first = find({ axes: [1, 2], value: 0.5, storage });
  expect(find({ axes: [1, 2], value: 0.5, storage })).toBe(first);
  for (const other of [
    { axes: [2, 1], value: 0.5, storage },
    { axes: [1], value: 0.5, storage },
    { axes: [1, 2], value: 0.25, storage },
    { axes: [1, 2], value: 0.5, storage: {} },
    { axes: [1, 2], value: 0.5 },
    { axes: [1, 2], value: 0.5, storage, more: 1 },
  ]) {
    expect(find(other), JSON.stringify(other)).not.toBe(first);
  }
});

test('−0 is not 0, and NaN is NaN', () => {
  const find = finder();
  expect(find({ value: -0 })).not.toBe(find({ value: 0 }));
  expect(find({ value: Number.NaN })).toBe(find({ value: Number.NaN }));
});

test('functions are told apart by identity, not by their text', () => {
  const find = finder();
  const makers = [1, 2].map((n) => () => n);
  expect(find({ call: makers[0] })).not.toBe(find({ call: makers[1] }));
  expect(find({ call: makers[0] })).toBe(find({ call: makers[0] }));
});

test('ops and inputs tell nodes apart', () => {
  const find = finder();
  const [a, b] = [find({ name: 'a' }), find({ name: 'b' })];
  expect(find({}, [a, b])).toBe(find({}, [a, b]));
  expect(find({}, [a, b])).not.toBe(find({}, [b, a]));
  expect(find({}, [a])).not.toBe(find({}, [a], {}));
});

test('shapes tell nodes apart, where they do not follow from inputs', () => {
  const find = finder();
  expect(find({}, [], op, [2, 3])).toBe(find({}, [], op, [2, 3]));
  expect(find({}, [], op, [2, 3])).not.toBe(find({}, [], op, [3, 2]));
  expect(find({}, [], op, [2, 3])).not.toBe(find({}));
});

test('nodes are told apart where hashes are the same', () => {
  const find = finder();
  const words = ['abc', 'bca', 'cab'].map((word) => find({ word }));
  expect(new Set(words).size).toBe(3);
  expect(['abc', 'bca', 'cab'].map((word) => find({ word }))).toEqual(words);
});

test('objects have numbers of their own', () => {
  const objects = [{}, {}];
  expect(objects.map(identityOf)).toEqual(objects.map(identityOf));
  expect(identityOf(objects[0])).not.toBe(identityOf(objects[1]));
});

test('attributes that are one object are the same', () => {
  const find = finder();
  const attrs = { value: Number.NaN };
  expect(find(attrs)).toBe(find(attrs));
});

describe('nodes that differ are hardly ever compared', () => {
  const count = 1000;
  const objects = Array.from({ length: count }, () => ({}));
  test.each<[string, (i: number) => unknown]>([
    ['whole numbers', (i) => i],
    ['large numbers', (i) => i * 2 ** 20],
    ['fractions', (i) => i / 1024],
    ['lists', (i) => [i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)]],
    ['lists of lists', (i) => [[i], [count - i]]],
    ['lists of some length', (i) => new Array(i).fill(0)],
    ['objects', (i) => objects[i]],
    ['words', (i) => 'a'.repeat(i)],
    ['inputs', () => 0],
    ['shapes', () => 0],
  ])('by %s', (kind, made) => {
    const known = new KnownNodes();
    let comparisons = 0;
    for (let i = 0; i < count; i++) {
      const inputs = kind === 'inputs' ? [{ id: i % 30 }, { id: Math.floor(i / 30) }] : [];
      const attrs = { value: made(i) };
      const node = {
        get op() {
          comparisons++;
          return op;
        },
        inputs,
        attrs,
        shape: kind === 'shapes' ? [i, 3] : [],
      };
      expect(known.find({ op, inputs, attrs, shape: node.shape }, () => node)).toBe(node);
    }
    expect(comparisons).toBeLessThan(count / 20);
  });

  test('by whether something is so', () => {
    expect(hashOf(true)).not.toBe(hashOf(false));
  });
});

describe('lists of one hash', () => {
  // A hash has the last 32 bits of a number alone.
  const large = 2 ** 32;
  test.each<[unknown[], unknown[]]>([
    [[0], [large]],
    [
      [0, 7],
      [large, 7],
    ],
    [
      [7, 0],
      [7, large],
    ],
    [[[0]], [[large]]],
    [[[0, 7]], [[large, 7]]],
  ])('%j is not %j', (a, b) => {
    expect(hashOf(a)).toBe(hashOf(b));
    expect(areSame(a, b)).toBe(false);
    const find = finder();
    expect(find({ value: a })).not.toBe(find({ value: b }));
  });

  test.each<[unknown, unknown]>([
    [[1], 1],
    [1, [1]],
    [[], {}],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [[1, undefined], [1]],
  ])('%j is not %j', (a, b) => {
    expect(areSame([a], [b])).toBe(false);
  });
});
