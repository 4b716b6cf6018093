// The faults that mutate.mjs plants.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { equivalents } from '../../scripts/mutation/equivalents.mjs';
import { mutantsOf, sample, withMutant } from '../../scripts/mutation/mutants.mjs';
import { withSwitches } from '../../scripts/mutation/switches.mjs';

/** A source with each of its faults. */
const faulty = (source: string) => mutantsOf(source).map((mutant) => withMutant(source, mutant));

test.each([
  ['if (a) b = 1;', ['if (!(a)) b = 1;', 'if (a) ;', 'if (a) b = 2;']],
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

test('types, imports, names of properties and the sentences of errors have none', () => {
  expect(mutantsOf("import { a } from './a.ts';\ntype T = 1 | -2;\nthrow new Error(text(1 + 1));")).toEqual(
    [],
  );
  expect(faulty('const c = { 1: a, [2]: b };')).toEqual(['const c = { 1: a, [3]: b };']);
});

test('what cannot be parsed is no fault', () => {
  expect(faulty('const c = a ?? b ?? d;')).toEqual([]);
  expect(faulty('const c = a || b || d;')).toEqual(['const c = a || b && d;', 'const c = a && b || d;']);
});

test.each([
  'if (a > b) a = a * 2 + b; else { b -= -a; } return [a, b];',
  'for (let i = 0; i < 5; i++) { if (i === 2) continue; if (i > b) break; a += i; } return a;',
  'const c = [a, b].some((x) => x > 2 && x !== 7); return c ? Math.max(a, b) : [Math.floor(a / 2)].map(Math.ceil);',
  'const f = (x, y = 1, on = false) => (on || !x ? undefined : { x, y }); return [f(a)?.x, f(0)?.x.some(f), f(b, 2).y ?? -1];',
])('with a switch on, a source does what it does with that fault: %s', (body) => {
  const source = `function f(a, b) { ${body} }`;
  const mutants = mutantsOf(source);
  const withAll = withSwitches(source, mutants, 100);
  const outcome = (code: string, on: number) => {
    try {
      return new Function('isOn', `${code}; return f(3, 4);`)((number: number) => number === on);
    } catch (error) {
      return (error as Error).name;
    }
  };
  expect(mutants.length).toBeGreaterThan(8);
  expect(outcome(withAll, -1)).toEqual(outcome(source, -1));
  for (const [i, mutant] of mutants.entries())
    expect(outcome(withAll, 100 + i)).toEqual(outcome(withMutant(source, mutant), -1));
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
