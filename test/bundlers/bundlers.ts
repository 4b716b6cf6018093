// The bundlers, each as its users call it: no plugin for lanegrad, no file copied.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { unpackPackage } from '../runtimes/installed.ts';
import { output } from '../runtimes/processes.ts';

const here = import.meta.dirname;
const modules = join(here, 'node_modules');

export interface Bundler {
  readonly name: string;
  /** Bundles the example as a site in `folder`. */
  readonly build: (folder: string) => Promise<unknown>;
}

export const hasBundlers = existsSync(join(modules, 'vite'));

/** Puts the packed package among the bundlers' modules, with what npm would install beside it. */
export function installForBundlers(): void {
  unpackPackage(modules);
}

/** Runs the program of an npm package as its command does. */
export function runTool(name: string, args: readonly string[], folder = 'project'): Promise<string> {
  const { bin } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  const path = typeof bin === 'string' ? bin : Object.values<string>(bin)[0];
  const program = join(modules, name, path);
  // esbuild's is no script.
  return path.endsWith('esbuild')
    ? output(program, args, join(here, folder))
    : output(process.execPath, [program, ...args], join(here, folder));
}

export const bundlers: readonly Bundler[] = [
  {
    name: 'Vite',
    build: (folder) => runTool('vite', ['build', '--logLevel', 'error', '--outDir', folder, '--emptyOutDir']),
  },
  {
    name: 'webpack',
    build: (folder) =>
      runTool('webpack-cli', ['--mode', 'production', '--entry', './main.js', '--output-path', folder]),
  },
  {
    name: 'esbuild',
    build: (folder) =>
      runTool('esbuild', ['main.js', '--bundle', '--format=esm', '--minify', `--outfile=${folder}/main.js`]),
  },
  {
    // By itself Rollup finds no package at all: its resolver is what everybody adds.
    name: 'Rollup',
    build: (folder) =>
      runTool('rollup', [
        'main.js',
        '-p',
        '@rollup/plugin-node-resolve',
        '--silent',
        '-o',
        `${folder}/main.js`,
      ]),
  },
  {
    name: 'Parcel',
    build: (folder) => runTool('parcel', ['build', 'index.html', '--dist-dir', folder, '--no-cache']),
  },
  {
    name: 'Next.js',
    build: async (folder) => {
      await runTool('next', ['build'], 'next');
      execFileSync('cp', ['-r', join(here, 'next/dist'), folder]);
    },
  },
];

/** How a page with a training worker is bundled: to main.js, the worker's script found by the bundler or not. */
export const workerBundlers: readonly (Bundler & { readonly script: string })[] = [
  {
    name: 'Vite',
    script: '',
    build: (folder) =>
      runTool('vite', [
        'build',
        '--config',
        'worker.vite.config.js',
        '--logLevel',
        'error',
        '--outDir',
        folder,
      ]),
  },
  {
    name: 'webpack',
    script: '',
    build: (folder) =>
      runTool('webpack-cli', [
        ...['--mode', 'production', '--entry', './worker-main.js', '--output-path', folder],
      ]),
  },
  {
    name: 'esbuild',
    script: 'training-worker.js',
    build: (folder) =>
      runTool('esbuild', [
        ...['main=worker-main.js', 'training-worker=lanegrad/training-worker'],
        ...['--bundle', '--format=esm', '--minify', `--outdir=${folder}`],
      ]),
  },
];

/** Gzipped size of what Rollup or esbuild makes of a script of the project, minified. */
export async function bundledSize(bundler: 'Rollup' | 'esbuild', script: string): Promise<number> {
  const text = await (bundler === 'Rollup'
    ? runTool('rollup', [script, '-p', '@rollup/plugin-node-resolve', '--silent'])
    : runTool('esbuild', [script, '--bundle', '--format=esm']));
  const { code } = await transform(text, { minify: true });
  return gzipSync(code, { level: 9 }).length;
}
