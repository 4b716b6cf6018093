// Training in a worker of Chromium: the same as on the page, which meanwhile keeps its frames.

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, withPage } from './chromium.mjs';
import { everywhere, leftOut } from './everywhere.ts';
import { installPackage } from './installed.ts';
import { type FileServer, serve } from './server.ts';

describe.skipIf(!everywhere || !hasChromium)(`a training worker${leftOut}`, () => {
  let folder: string;
  let server: FileServer;
  beforeAll(async () => {
    folder = installPackage();
    server = await serve(folder);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** What a function of the page's `tests` resolves to. */
  const ask = <T>(call: string): Promise<T> =>
    withPage(`${server.url}/training-worker.html`, async (page) => {
      await page.waitForFunction('globalThis.tests');
      return page.evaluate(`tests.${call}`) as Promise<T>;
    });

  test.each([["'simd'"], ['']])(
    'gives the same weights and history as the page, and leaves the data there %s',
    async (variant) => {
      expect(await ask(`sameBits(${variant})`)).toEqual({
        weights: true,
        histories: true,
        iterations: [81, 81],
        dataKept: true,
      });
    },
  );

  test('calls back on the page, which may stop it', async () => {
    expect(await ask('callbacks()')).toEqual([
      'train begin',
      ...[0, 1].flatMap((epoch) => [
        `epoch ${epoch} begin`,
        'batch 0 true',
        'batch 1 true',
        `epoch ${epoch} end true true`,
      ]),
      'train end',
    ]);
  });

  test('stops early', async () => {
    expect(await ask('earlyStopping()')).toEqual([0, 1]);
  });

  test('stops at a signal, with the weights so far', async () => {
    expect(await ask('abort()')).toEqual({ message: 'enough', trained: true, steps: true });
  });

  test('says what cannot be done, and goes on', async () => {
    const messages = await ask<Record<string, string>>('mistakes()');
    expect(messages.busy).toBe('fit: the training worker is training already. Use one for each model.');
    expect(messages.loss).toBe(
      'A loss that is a function can be neither saved nor sent to a worker. Give it by its name.',
    );
    expect(messages.layer).toMatch(
      /^fit: Unknown layer "Mine"\. .* A worker knows the classes that its own script has registered/,
    );
    expect(messages.shape).toBe('fit: x: expected shape [null,64]; got [32,63].');
    expect(messages.callback).toBe('mine');
    const ended = 'fit: the training worker was terminated. Make another one.';
    expect([messages.ended, messages.after]).toEqual([ended, ended]);
    expect(messages.missing).toMatch(/^fit: the training worker failed: .*\. Make another one\.$/);
  });

  test('leaves the page its frames where steps are longer than those', async () => {
    interface Frames {
      readonly count: number;
      readonly median: number;
      readonly p95: number;
    }
    const onPage = await ask<Frames>('frames(false)');
    const inWorker = await ask<Frames>('frames(true)');
    console.log('frames, training on the page', onPage, 'and in a worker', inWorker);
    expect(inWorker.median).toBeLessThan(onPage.median / 2);
  });
});
