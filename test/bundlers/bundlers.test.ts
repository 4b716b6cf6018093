// The README's twenty lines, bundled by each bundler, load and train in a browser.

import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, withPage } from '../runtimes/chromium.mjs';
import { writeDigits } from '../runtimes/digits.mjs';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { serve } from '../runtimes/server.ts';
import { bundledSize, bundlers, hasBundlers, installForBundlers, workerBundlers } from './bundlers.ts';

const isLeftOut = !everywhere || !hasBundlers;

describe.skipIf(isLeftOut)(`a script bundled${leftOut}`, () => {
  let folder: string;
  beforeAll(() => {
    installForBundlers();
    folder = mkdtempSync(join(tmpdir(), 'lanegrad-bundles-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.skipIf(!hasChromium).each(bundlers)('by $name trains in Chromium', async ({ name, build }) => {
    const site = join(folder, name);
    await build(site);
    const page = join(site, 'index.html');
    if (!existsSync(page)) cpSync(join(import.meta.dirname, 'project/index.html'), page);
    writeDigits(join(site, 'mnist'), 60, 20);
    const server = await serve(site);
    try {
      const accuracy = await withPage(`${server.url}/index.html`, async (opened) => {
        await opened.waitForFunction("document.querySelector('output')?.textContent !== ''");
        return Number(await opened.textContent('output'));
      });
      expect(accuracy).toBeGreaterThan(0.8);
    } finally {
      server.close();
    }
  });

  test.skipIf(!hasChromium).each(workerBundlers)(
    'by $name trains in a worker in Chromium',
    async ({ name, build, script }) => {
      const site = join(folder, `${name} with a worker`);
      await build(site);
      const page = join(site, 'worker.html');
      if (!existsSync(page)) cpSync(join(import.meta.dirname, 'project/index.html'), page);
      const server = await serve(site);
      try {
        const prediction = await withPage(`${server.url}/worker.html?script=${script}`, async (opened) => {
          await opened.waitForFunction("document.querySelector('output')?.textContent !== ''");
          return opened.textContent('output');
        });
        expect(prediction).toBe('21.0');
      } finally {
        server.close();
      }
    },
  );

  // esbuild takes a namespace within a namespace, as tf.layers, as one piece, and keeps all layers.
  test.each([
    ['Rollup', 4 / 5],
    ['esbuild', 9 / 10],
  ] as const)(
    'by %s holds what it uses: with dense layers only, less than %f of all',
    async (name, share) => {
      const [dense, whole] = [await bundledSize(name, 'dense-only.js'), await bundledSize(name, 'whole.js')];
      console.log(`${name}: ${dense} bytes gzipped with dense layers only, ${whole} with everything`);
      expect(dense).toBeLessThan(whole * share);
    },
  );
});
