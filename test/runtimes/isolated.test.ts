// Threads in a browser: on a page that is isolated from other origins; on any other there is one.

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, withPage } from './chromium.mjs';
import { everywhere, leftOut } from './everywhere.ts';
import { installPackage } from './installed.ts';
import { serve } from './server.ts';

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

describe.skipIf(!everywhere || !hasChromium)(`threads in a page${leftOut}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = installPackage();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function train(headers: Readonly<Record<string, string>>, threads: number) {
    const server = await serve(folder, headers);
    try {
      return await withPage(`${server.url}/isolated.html?threads=${threads}`, async (page) => {
        await expect.poll(() => page.title(), { timeout: 30_000 }).toMatch(/^\{/);
        const workers = page
          .workers()
          .map((worker: { url(): string }) => new URL(worker.url()).pathname.split('/').at(-1));
        return { workers, ...JSON.parse(await page.title()) };
      });
    } finally {
      server.close();
    }
  }

  test('isolated, it has as many as it asks for; otherwise one; the weights are the same bits', async () => {
    const { digest, ...isolated } = await train(isolation, 3);
    expect(isolated).toEqual({
      workers: ['thread-worker.js', 'thread-worker.js'],
      isolated: true,
      threads: 3,
    });
    expect(await train({}, 3)).toEqual({ workers: [], isolated: false, threads: 1, digest });
  });
});
