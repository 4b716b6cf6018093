// @tensorflow/tfjs-vis, as scripts use it, draws lanegrad's tensors, models and histories; in Chromium.

import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';
import { hasChromium, withPage } from '../runtimes/chromium.mjs';
import { serve } from '../runtimes/server.ts';

const conformance = resolve(import.meta.dirname, '../conformance');
const isInstalled = existsSync(join(conformance, 'node_modules/@tensorflow/tfjs-vis'));
const why = isInstalled
  ? hasChromium
    ? ''
    : ' (there is no Chromium)'
  : ' (left out: npm run test:conformance installs it)';

/** What the page's `drawAll` gives. */
interface Drawn {
  confusion: number[][];
  counts: number[];
  accuracy: number;
  ownAccuracy: number;
  drawings: number;
  text: string;
}

const libraries = /^@tensorflow\/tfjs(-core|-layers)?(\/dist\/.*)?$/;

/** The page as one script, with lanegrad in TensorFlow.js's place. */
const asBundle: Plugin = {
  name: 'lanegrad',
  setup({ onResolve }) {
    const path = resolve(import.meta.dirname, '../../src/index.ts');
    onResolve({ filter: libraries }, () => ({ path }));
  },
};

/** The page as a script that reads the globals of two others. */
const asScripts: Plugin = {
  name: 'globals',
  setup({ onResolve, onLoad }) {
    const globals: Readonly<Record<string, string>> = {
      '@tensorflow/tfjs': 'tf',
      '@tensorflow/tfjs-vis': 'tfvis',
    };
    onResolve({ filter: /^@tensorflow/ }, ({ path }) => ({ path, namespace: 'globals' }));
    onLoad({ filter: /.*/, namespace: 'globals' }, ({ path }) => ({
      contents: `module.exports = ${globals[path]};`,
    }));
  },
};

const scripts = {
  'lanegrad.js': resolve(import.meta.dirname, '../../dist/tf.min.js'),
  'vis.js': join(conformance, 'node_modules/@tensorflow/tfjs-vis/dist/tfjs-vis.umd.min.js'),
};

const pages: readonly [string, Plugin, readonly string[]][] = [
  ['one bundle', asBundle, []],
  ['a script after that of lanegrad', asScripts, ['lanegrad.js', 'vis.js']],
  ['a script before that of lanegrad', asScripts, ['vis.js', 'lanegrad.js']],
];

async function writePage(folder: string, plugin: Plugin, others: readonly string[]): Promise<void> {
  await build({
    entryPoints: [join(conformance, 'vis-page.mjs')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'iife',
    logLevel: 'error',
    define: { global: 'window' },
    plugins: [plugin],
  });
  for (const [name, path] of Object.entries(scripts)) copyFileSync(path, join(folder, name));
  const tags = [...others, 'page.js'].map((name) => `<script src="${name}"></script>`);
  writeFileSync(join(folder, 'index.html'), `<!doctype html><body>${tags.join('')}</body>`);
}

test.skipIf(!isInstalled || !hasChromium).each(pages)(
  `histories, models, layers and tensors are drawn by %s${why}`,
  async (_, plugin, others) => {
    const folder = mkdtempSync(join(tmpdir(), 'lanegrad-vis-'));
    try {
      await writePage(folder, plugin, others);
      const server = await serve(folder);
      try {
        const drawn = (await withPage(`${server.url}/`, (page) => page.evaluate('drawAll()'))) as Drawn;
        expect(drawn.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(40);
        expect(drawn.counts.reduce((sum, count) => sum + count, 0)).toBe(40);
        expect(drawn.accuracy).toBeCloseTo(drawn.ownAccuracy, 6);
        // Losses and accuracies twice, distributions, a matrix, a heatmap, a histogram.
        expect(drawn.drawings).toBeGreaterThanOrEqual(8);
        for (const word of [
          'as it goes',
          'history',
          'dense_1',
          '[batch,4]',
          '12',
          'kernel',
          'left',
          'right',
        ]) {
          expect(drawn.text.toLowerCase()).toContain(word);
        }
      } finally {
        server.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
