// What docs/adding-an-op.md shows is in the files that it names.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/adding-an-op.md'), 'utf8');
const shown = [...page.matchAll(/<!-- (\S+) -->\n\s*```[jt]s\n(.*?)\n\s*```/gs)].map(([, path, code]) => ({
  path,
  code: code.trim(),
}));

test('the page shows a place of each file', () => {
  expect(shown.length).toBeGreaterThanOrEqual(10);
});

test.each(shown)('$path: $code', ({ path, code }) => {
  const lines = readFileSync(join(root, path), 'utf8')
    .split('\n')
    .map((line) => line.trim());
  expect(lines).toContain(code);
});

test('files and folders that the page names exist', () => {
  const named = [...page.matchAll(/`((?:assembly|src|test|site)\/[\w./-]+)`/g)].map(([, path]) => path);
  for (const path of named)
    expect(() => readFileSync(join(root, path, path.endsWith('/') ? '.' : ''))).not.toThrow('ENOENT');
});
