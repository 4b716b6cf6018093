// @tensorflow/tfjs-vis, as scripts use it, draws lanegrad's tensors, models and histories; in Chromium.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
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

/** The page as one script, with lanegrad in TensorFlow.js's place. */
async function writePage(folder: string): Promise<void> {
  const library = resolve(import.meta.dirname, '../../src/index.ts');
  await build({
    entryPoints: [join(conformance, 'vis-page.mjs')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'iife',
    logLevel: 'error',
    define: { global: 'window' },
    plugins: [
      {
        name: 'lanegrad',
        setup({ onResolve }) {
          onResolve({ filter: /^@tensorflow\/tfjs(-core|-layers)?(\/dist\/.*)?$/ }, () => ({
            path: library,
          }));
        },
      },
    ],
  });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><body><script src="page.js"></script></body>');
}

test.skipIf(!isInstalled || !hasChromium)(
  `histories, models, layers and tensors are drawn${why}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanegrad-vis-'));
    try {
      await writePage(folder);
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
