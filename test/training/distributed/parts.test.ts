// In what order parts are added: the same tree, whoever computes which parts.

import { expect, test } from 'vitest';
import { startOfShare } from '../../../src/numeric/shares.ts';
import { middleOf, planParts } from '../../../src/training/distributed/parts.ts';

const counts = Array.from({ length: 20 }, (_, i) => i + 1);

/** The sum over parts from `first` to before `end`, as text. */
function treeOf(first: number, end: number): string {
  if (end - first === 1) return `${first}`;
  const middle = middleOf(first, end);
  return `(${treeOf(first, middle)}+${treeOf(middle, end)})`;
}

/** What the vectors hold after a plan, as text, and how many there are. */
function run(parts: number, from?: number, to?: number): { subtotals: string[]; vectors: number } {
  const { actions, rest, subtotals } = planParts(parts, from, to);
  const vectors: string[] = [];
  for (const action of [...actions, ...rest]) {
    if (action.kind === 'compute') vectors[0] = `${action.part}`;
    else if (action.kind === 'keep') vectors[action.to] = vectors[0];
    else vectors[action.to] = `(${vectors[action.to]}+${vectors[action.from]})`;
  }
  for (const { first, end, vector } of subtotals) expect(vectors[vector]).toBe(treeOf(first, end));
  return { subtotals: subtotals.map(({ vector }) => vectors[vector]), vectors: vectors.length };
}

test('the tree has a power of two on the left', () => {
  expect(treeOf(0, 8)).toBe('(((0+1)+(2+3))+((4+5)+(6+7)))');
  expect(treeOf(0, 7)).toBe('(((0+1)+(2+3))+((4+5)+6))');
  expect(treeOf(0, 5)).toBe('(((0+1)+(2+3))+4)');
});

test.each(counts)('%i parts become one sum, with few vectors', (parts) => {
  const { subtotals, vectors } = run(parts);
  expect(subtotals).toEqual([treeOf(0, parts)]);
  expect(vectors).toBeLessThanOrEqual(Math.ceil(Math.log2(parts)) + 1);
});

test.each(counts)(
  '%i parts, some computed here: nodes of the tree that hold them all, and no others',
  (parts) => {
    for (let from = 0; from <= parts; from++) {
      for (let to = from; to <= parts; to++) {
        const { subtotals } = run(parts, from, to);
        const leaves = subtotals.join('+').match(/\d+/g) ?? [];
        expect(leaves.map(Number)).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
      }
    }
  },
);

test('samples are divided as evenly as can be, the first parts having more', () => {
  const sizes = (count: number, parts: number) =>
    Array.from(
      { length: parts },
      (_, i) => startOfShare(count, parts, i + 1) - startOfShare(count, parts, i),
    );
  expect(sizes(8, 4)).toEqual([2, 2, 2, 2]);
  expect(sizes(10, 4)).toEqual([3, 3, 2, 2]);
  expect(sizes(5, 5)).toEqual([1, 1, 1, 1, 1]);
});
