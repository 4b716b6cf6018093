// The built package: its size, and what it touches.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publicApi } from '../../scripts/public-api.mjs';
import { byRolldown, limits, readmeScript, sizes } from '../../scripts/sizes.mjs';

const root = resolve(import.meta.dirname, '../..');
const everything = readFileSync(join(root, 'dist/index.js'));

test('no size is over its limit; dense layers need less than the core', async () => {
  const measured = new Map((await sizes()).map(({ name, gzipped }) => [name, gzipped]));
  for (const [name, limit] of Object.entries(limits)) {
    expect(measured.get(name), name).toBeGreaterThan(0);
    expect(measured.get(name), name).toBeLessThanOrEqual(limit);
  }
  const core = measured.get('the core')!;
  expect(measured.get('a script of dense layers')).toBeLessThan(core - 1024);
});

test("README's script carries no function that it cannot come to", async () => {
  const text = await byRolldown(readmeScript());
  const carried = (name: string) => new RegExp(`["'\`]${name}["'\`]`).test(text);
  const functions = ['einsum', 'conv3d', 'maxPool3d', 'addN', 'pad2d', 'slice3d', 'concat4d', 'meshgrid'];
  const others = ['rotateWithOffset', 'bincount', 'hingeLoss'];
  // Loops, which recurrent layers bring along.
  expect([...functions, ...others, 'stacked', 'repeat'].filter(carried)).toEqual([]);
  // Methods stay, which no bundler sees a script call.
  expect(['conv2d', 'maxPool', 'squaredDifference'].filter(carried)).toHaveLength(3);
});

describe('the bundle of everything', () => {
  test('names neither Node, nor a page, nor eval', () => {
    const text = everything.toString();
    for (const name of ['process.', 'window.', 'document.', '"node:', 'eval(', 'new Function', 'require(']) {
      expect(text.includes(name), name).toBe(false);
    }
  });
});

test('files beside the library carry no second one', () => {
  for (const file of ['worker.js', 'worker.cjs', 'node-worker.js', 'node-worker.cjs', 'mpi.js'])
    expect(readFileSync(join(root, 'dist', file), 'utf8'), file).not.toContain('WebAssembly');
});

test('bundles name the licences of what they carry', () => {
  const bundles = readdirSync(join(root, 'dist')).filter((file) => /\.c?js$/.test(file));
  const carries = (mark: RegExp) =>
    bundles.filter((file) => readFileSync(join(root, 'dist', file), 'utf8').match(mark));
  const withTables = carries(/MissingQuotes/);
  expect(withTables).toEqual(
    expect.arrayContaining(['index.js', 'index.cjs', 'node.js', 'node.cjs', 'tf.min.js', 'workerd.js']),
  );
  expect(carries(/@license\s+Papa Parse/)).toEqual(withTables);
});

test('modules import no package but the one that is a dependency', () => {
  const folder = join(root, 'dist/modules/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.js'),
  );
  const imported = files.flatMap((path) => [
    ...readFileSync(join(folder, path), 'utf8').matchAll(/^(?:import|export) [^;]*?from '([^'.][^']*)'/gm),
  ]);
  expect([...new Set(imported.map(([, name]) => name))]).toEqual(['@assemblyscript/loader']);
});

test('layers and functions are documented where users find them', () => {
  const functions = readdirSync(join(root, 'src/functions')).map(
    (file) => `functions/${file.replace(/\.ts$/, '.d.ts')}`,
  );
  for (const file of ['layers/index.d.ts', ...functions]) {
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
    expect.arrayContaining(['dist/index.js', 'dist/node.js', 'dist/node.cjs', 'build/lanegrad.simd.wasm']),
  );
});

test('npm publish finds nothing to mend, and warns of nothing but that nobody is logged in', () => {
  const args = [
    'publish',
    '--dry-run',
    '--ignore-scripts',
    '--registry=http://127.0.0.1:9',
    '--fetch-retries=0',
  ];
  const { status, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
  const warnings = stderr.split('\n').filter((line) => /^npm (?!notice)/.test(line));
  expect(warnings.filter((line) => !line.includes('requires you to be logged in'))).toEqual([]);
  expect(status).toBe(0);
});

test('the types that users see name no op, program, engine or kernel', () => {
  const [own, named] = publicApi(join(root, 'dist/modules/src/index.d.ts'));
  const names = new Set([...own, ...named].map(({ name }) => name));
  for (const inner of [
    'Op',
    'Emitter',
    'Opcode',
    'Program',
    'Engine',
    'Block',
    'Trace',
    'Trainer',
    'Slots',
  ]) {
    expect(names.has(inner), inner).toBe(false);
  }
});
