// The page in Chromium: it trains while it stays alive, draws its chart, and reads digits drawn with the mouse.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Browser, browsers, violations } from '../runtimes/browsers.mjs';
import { hasChromium, withPage } from '../runtimes/chromium.mjs';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { during } from '../runtimes/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const script = 'examples/browser/serve.mjs';

/** A one and a seven, as lines on a pad of 1 × 1. */
const one = [
  [0.5, 0.15],
  [0.5, 0.85],
];
const seven = [
  [0.25, 0.2],
  [0.75, 0.2],
  [0.42, 0.85],
];

/** The address that the script prints in the end, after what it says of where the digits come from. */
async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  for (;;) {
    const address = /^http:\/\/127\S+$/m.exec(text);
    if (address) return address[0];
    const [chunk] = await once(child.stdout!, 'data');
    text += chunk;
  }
}

describe.skipIf(!everywhere || !hasChromium)(`the page in Chromium${leftOut}`, () => {
  test('trains, and reads what is drawn', async () => {
    await during(process.execPath, [script, '0'], root, async (child) => {
      const address = await addressOf(child);
      await withPage(`${address}?epochs=6`, async (page) => {
        await page.click('#train:enabled');
        await page.waitForFunction("document.querySelector('#status').textContent.includes('never seen')");
        const accuracy = Number.parseFloat((await page.textContent('#status'))!);
        expect(accuracy).toBeGreaterThan(90);
        for (const [digit, lines] of [
          ['1', one],
          ['7', seven],
        ] as const) {
          await page.click('#clear');
          const box = (await page.locator('#pad').boundingBox())!;
          const at = ([x, y]: readonly number[]) => [box.x + x * box.width, box.y + y * box.height] as const;
          await page.mouse.move(...at(lines[0]));
          await page.mouse.down();
          for (const point of lines.slice(1)) await page.mouse.move(...at(point), { steps: 12 });
          await page.mouse.up();
          expect(await page.textContent('#digit')).toBe(digit);
        }
        const { LANEGRAD_SCREENSHOT: path } = process.env;
        if (path) await page.screenshot({ path });
      });
    });
  });
});

const looks = [
  { width: 390, height: 844, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
  { width: 1280, height: 800, scheme: 'dark' },
];

describe.skipIf(!everywhere || browsers.length === 0)(`the page as it opens${leftOut}`, () => {
  test.each(looks)('fits $width pixels, $scheme, with its chart and digits there', ({ scheme, ...size }) =>
    during(process.execPath, [script, '0'], root, async (child) => {
      const address = await addressOf(child);
      const browser = await Browser.open(browsers[0] as Parameters<typeof Browser.open>[0]);
      try {
        await browser.withPage(address, size, async (page) => {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
          await page.waitForSelector('#train:enabled');
          const ground = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
          expect(ground).toBe(scheme === 'dark' ? 'rgb(17, 21, 27)' : 'rgb(246, 247, 250)');
          for (const id of ['chart', 'digits']) {
            const ink = `document.getElementById('${id}').getContext('2d').getImageData(0, 0, 300, 56).data.some(Boolean)`;
            await page.waitForFunction(ink);
          }
          expect(
            await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          ).toBeLessThanOrEqual(0);
          expect(await violations(page)).toEqual([]);
        });
      } finally {
        await browser.close();
      }
    }),
  );
});
