// What publint and "are the types wrong" say of the packed package.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { hasBundlers, runTool } from './bundlers.ts';

const root = resolve(import.meta.dirname, '../..');

describe.skipIf(!everywhere || !hasBundlers)(`the package is clean${leftOut}`, () => {
  let folder: string;
  let tarball: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanegrad-package-'));
    const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
    execFileSync('npm', args, { cwd: root });
    tarball = join(folder, readdirSync(folder)[0]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // Each ends with an error, and its report, when it finds something.
  test('for publint', () => runTool('publint', ['run', tarball, '--strict']));
  test('for "are the types wrong"', () =>
    runTool('@arethetypeswrong/cli', [
      ...[tarball, '--profile', 'node16'],
      // Clusters, the worker's script and kernels as files are modules alone.
      ...['--ignore-rules', 'cjs-resolves-to-esm'],
    ]));
});
