// The library and its insides in one file, for scripts that run in processes of their own.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles test/internals.ts. @returns the path of the bundle */
export async function bundleInternals(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'lanegrad-internals-')), 'lanegrad.mjs');
  const entryPoints = [join(import.meta.dirname, 'internals.ts')];
  await build({ entryPoints, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' });
  return outfile;
}
