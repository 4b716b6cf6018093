// The soak in its short form.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundleInternals } from '../bundled.ts';

test('memory stays flat over steps, models, predictions and programs', { timeout: 600_000 }, async () => {
  const library = await bundleInternals();
  const script = join(import.meta.dirname, 'soak.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, library, '--short']);
  rmSync(dirname(library), { recursive: true });
  expect(stdout.match(/now/g)).toHaveLength(6);
});
