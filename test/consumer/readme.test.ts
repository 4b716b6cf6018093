// README's script, as it stands, in strict TypeScript.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readmeScript } from '../../scripts/sizes.mjs';

const root = resolve(import.meta.dirname, '../..');

test("README's script compiles", () => {
  // Inside of the package, so that its name leads to its own types.
  const folder = mkdtempSync(join(import.meta.dirname, 'readme-'));
  try {
    writeFileSync(join(folder, 'readme.mts'), `${readmeScript()}\nexport {};\n`);
    const options = [
      '--ignoreConfig',
      '--strict',
      '--noEmit',
      '--target',
      'ES2022',
      '--module',
      'NodeNext',
      '--lib',
      'ES2022,DOM',
    ];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const run = () =>
      execFileSync('node', [tsc, ...options, join(folder, 'readme.mts')], { encoding: 'utf8' });
    expect(run()).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
