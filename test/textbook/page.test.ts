// Every block of docs/textbook.md runs as it stands and prints what its arrows say.

import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const page = readFileSync(new URL('../../docs/textbook.md', import.meta.url), 'utf8');
const cases = page.split(/^## /m).slice(1);

type Run = (library: typeof tf, console: { log: (...values: unknown[]) => void }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => Run;

test('the page has ten cases', () => {
  expect(cases.map((text) => Number.parseInt(text, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

describe.each(cases.map((text) => [text.split('\n')[0], text]))('%s', (_, text) => {
  const blocks = Array.from(text.matchAll(/^```js\n(.*?)^```$/gms), ([, code]) => code);

  test('has a block to paste', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  test.each(blocks)('block %#', async (code) => {
    const printed: string[] = [];
    const log = (...values: unknown[]) => printed.push(format(...values));
    await new AsyncFunction('tf', 'console', code)(tf, { log });
    const expected = Array.from(code.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line);
    expect(printed).toEqual(expected);
    expect(printed.length).toBeGreaterThan(0);
  });
});
