// The code of the guides runs as it stands: a guide's blocks one after the other.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';

const root = resolve(import.meta.dirname, '../..');

const scriptOf = (guide: string): string =>
  [...readFileSync(join(root, 'docs', guide), 'utf8').matchAll(/^```js\n(.*?)^```/gms)]
    .map(([, code]) => code.replace(/^import \* as tf from 'lanegrad';\n/m, ''))
    .join('\n');

/** Guides save to files beside the script. */
const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'lanegrad-guides-'));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Numbers of lists stand closer in guides than Node prints them. */
const withoutSpaces = (text: string) => text.replace(/\s/g, '');

/** As Node prints a value, in one line. */
const shownInLine = (value: unknown) =>
  typeof value === 'string' ? value : inspect(value, { breakLength: Number.POSITIVE_INFINITY });

test.each([
  'first-model.md',
  'errors.md',
  'tables.md',
  'images.md',
  'text.md',
  'saving.md',
  'threads-and-workers.md',
  'edge.md',
  'custom-loops.md',
  'custom-layers.md',
  'evaluation.md',
  'preparing-data.md',
  'explaining-a-step.md',
])('%s', async (guide) => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const script = scriptOf(guide);
  expect(script.length).toBeGreaterThan(200);
  await new Function('tf', `return (async () => {${script}\n})()`)(tf);
  const said = printed.mock.calls.map((values) => withoutSpaces(values.map(shownInLine).join(' ')));
  printed.mockRestore();
  for (const [, promised] of script.matchAll(/^console\.log\(.*\); \/\/ (.+)$/gm))
    expect(said).toContain(withoutSpaces(promised));
});
