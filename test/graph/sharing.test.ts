// Nodes that compute the same are one node, and no others are.

import { expect, test } from 'vitest';
import { identityOf, KnownNodes } from '../../src/graph/sharing.ts';

const op = {};

/** A finder of nodes that counts how many were made. */
function finder() {
  const known = new KnownNodes<{ id: number; op: object; inputs: { id: number }[]; attrs: object }>();
  let made = 0;
  return (attrs: object, inputs: { id: number }[] = [], of: object = op) =>
    known.find({ op: of, inputs, attrs }, () => ({ id: made++, op: of, inputs, attrs }));
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
