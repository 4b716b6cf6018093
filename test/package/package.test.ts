// The built package: its size, and what it touches.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const everything = readFileSync(join(root, 'dist/index.js'));

const gzipped = (text: string | Uint8Array) => gzipSync(text, { level: 9 }).length;

async function bundled(script: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, script)],
    ...{ bundle: true, minify: true, format: 'esm', write: false },
  });
  return gzipped(outputFiles[0].contents);
}

test('the core is at most 60 KB gzipped, WebAssembly included; what a script of dense layers needs is less', async () => {
  const core = await bundled('core.js');
  expect(core).toBeLessThanOrEqual(60 * 1024);
  expect(await bundled('dense-networks.js')).toBeLessThan(core - 1024);
});

describe('the bundle of everything', () => {
  test('is at most 77 KB gzipped, WebAssembly included', () => {
    expect(gzipped(everything)).toBeLessThanOrEqual(77 * 1024);
  });

  test('names neither Node, nor a page, nor eval', () => {
    const text = everything.toString();
    for (const name of ['process.', 'window.', 'document.', '"node:', 'eval(', 'new Function', 'require(']) {
      expect(text.includes(name), name).toBe(false);
    }
  });
});

test('layers and functions are documented where users find them', () => {
  for (const file of ['layers/index.d.ts', 'functions.d.ts']) {
    const types = readFileSync(join(root, 'dist/modules/src', file), 'utf8');
    const lines = types.split('\n');
    const bare = lines.filter((line, i) => line.startsWith('export declare') && !lines[i - 1].endsWith('*/'));
    expect(bare).toEqual([]);
  }
});

test('the package holds what is needed and nothing else', () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(output) as { files: { path: string }[] }[];
  const paths = files.map(({ path }) => path);
  const known =
    /^(dist\/|build\/lanegrad\.(simd|relaxed)(\.threads)?\.wasm$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/;
  expect(paths.filter((path) => !known.test(path))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining(['dist/index.js', 'dist/node.js', 'build/lanegrad.simd.wasm']),
  );
});
