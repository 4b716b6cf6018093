// The code of the guides runs as it stands: a guide's blocks one after the other.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';

const root = resolve(import.meta.dirname, '../..');

const scriptOf = (guide: string): string =>
  [...readFileSync(join(root, 'docs', guide), 'utf8').matchAll(/^```js\n(.*?)^```/gms)]
    .map(([, code]) => code.replace(/^import \* as tf from 'lanegrad';\n/m, ''))
    .join('\n');

test.each([
  'custom-loops.md',
  'custom-layers.md',
  'evaluation.md',
  'preparing-data.md',
  'explaining-a-step.md',
])('%s', async (guide) => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const script = scriptOf(guide);
  expect(script.length).toBeGreaterThan(200);
  await new Function('tf', `return (async () => {${script}})()`)(tf);
  printed.mockRestore();
});
