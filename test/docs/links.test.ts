// Links of the documents lead to files and headings that there are: those of the README from the registry's page too,
// which resolves them by the package's repository.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { slugOf } from '../../site/reference/markdown.mjs';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
].filter((path) => path.endsWith('.md') && path !== 'docs/public-api.md');

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, 'x');

/** The ids of a document's headings, as GitHub makes them. */
function headingsOf(path: string): Set<string> {
  const headings = read(path)
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm);
  return new Set(Array.from(headings, ([, text]) => slugOf(text.replace(/[`*]/g, ''))));
}

test.each(documents)('%s', (path) => {
  const dead: string[] = [];
  for (const [, address] of withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?|mailto):/.test(address)) continue;
    const [file, heading] = address.split('#');
    const target = file === '' ? path : relative(root, resolve(root, dirname(path), file));
    const isThere = existsSync(join(root, target)) && !target.startsWith('..');
    const isPlace = !heading || (target.endsWith('.md') && headingsOf(target).has(heading));
    if (!isThere || !isPlace) dead.push(address);
  }
  expect(dead).toEqual([]);
});

test('the README links to what is in the repository by relative addresses alone', () => {
  const addresses = Array.from(
    withoutCode(read('README.md')).matchAll(/\]\(([^)\s]+)\)/g),
    ([, address]) => address,
  );
  expect(addresses.length).toBeGreaterThan(20);
  expect(addresses.filter((address) => /^(\/|\.\.)/.test(address))).toEqual([]);
});
