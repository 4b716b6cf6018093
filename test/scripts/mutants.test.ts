// The faults that mutate.mjs plants.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { equivalents } from '../../scripts/equivalent-mutants.mjs';
import { mutantsOf, sample } from '../../scripts/mutants.mjs';

/** A source with each of its faults. */
const faulty = (source: string) =>
  mutantsOf(source).map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end));

test.each([
  ['if (a) b = 1;', ['if (!(a)) b = 1;', 'if (a) ;', 'if (a) b = (1 + 1);']],
  ['const c = a < b ? a : b;', ['const c = !(a < b) ? a : b;', 'const c = a <= b ? a : b;']],
  [
    'const c = a === b && !d;',
    ['const c = a === b || !d;', 'const c = a !== b && !d;', 'const c = a === b && (d);'],
  ],
  ['const c = Math.max(a, b);', ['const c = Math.min(a, b);']],
  ['const on = true;', ['const on = false;']],
])('%s', (source, expected) => {
  expect(faulty(source).sort()).toEqual([...expected].sort());
});

test('types, imports and the sentences of errors have none', () => {
  expect(mutantsOf("import { a } from './a.ts';\ntype T = 1 | -2;\nthrow new Error(text(1 + 1));")).toEqual(
    [],
  );
});

test('a sample is the same for a seed, and has nothing twice', () => {
  const first = sample(1000, 50, 7);
  expect(sample(1000, 50, 7)).toEqual(first);
  expect(sample(1000, 50, 8)).not.toEqual(first);
  expect(new Set(first).size).toBe(50);
  expect(sample(3, 50, 1).sort()).toEqual([0, 1, 2]);
});

test('faults that are known to change nothing are of lines that there are', () => {
  const tidy = (code: string) => code.trim().replace(/\s+/g, ' ');
  const sourceOf = (file: string) => tidy(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
  const stale = equivalents.filter(({ file, before }) => !sourceOf(file).includes(before));
  expect(stale).toEqual([]);
});
