// What the documentation of an option says it is by default is what it is: both stand in the sources, one above the other.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = join(import.meta.dirname, '../../src');

/** An option that need not be given, with its documentation, where it has a default that is a word or a number. */
const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+): optional\([^\n]*, ('\w*'|-?[\d.e-]+|true|false)\),\n/g;

/** How documentation tells a default. */
const toldBy = [
  /('[^']*'|[\w.−-]+)(?:, [\w ]+,)? by default/,
  /('[^']*'),? \(?the default/,
  /[Dd]efault:? ('[^']*'|−?\d[\d.]*\d|\d|true|false)/,
  /by default, (false),/,
];

/** Whether an option has none in its documentation: it has no effect, or what it is by default is told otherwise. */
const isUntold = (text: string) => /^Accepted for |By default |by default (more|the loss)/.test(text);

const found = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [...readFileSync(join(sources, file), 'utf8').matchAll(documented)].map(([, comment, name, value]) => ({
      ...{ file, name, value },
      text: comment.replace(/\s*\n\s*\*\s*/g, ' ').trim(),
    })),
  )
  .filter(({ text }) => !isUntold(text));

const plain = (value: string) => {
  const text = value.replace('−', '-').replaceAll("'", '').toLowerCase();
  return Number.isNaN(Number(text)) ? text : Number(text);
};

test('options are found', () => {
  expect(found.length).toBeGreaterThan(100);
});

test.each(found)('$file: $name', ({ text, value }) => {
  const told = toldBy.map((each) => each.exec(text)?.[1]).find((each) => each !== undefined);
  expect(told, text).toBeDefined();
  expect(plain(told!)).toBe(plain(value));
});
