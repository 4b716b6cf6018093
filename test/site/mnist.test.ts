// The page of digits, in Chromium and Firefox: it trains in a worker, shows what it learned, and reads what is drawn.

import { expect, test } from 'vitest';
import { fitsEverywhere, inBrowsers, type Page, tabTo, textOf } from './site.ts';

type Point = readonly [x: number, y: number];

/** Digits as lines on a pad of 1 × 1. */
const drawings: readonly (readonly [digit: string, line: readonly Point[]])[] = [
  [
    '1',
    [
      [0.5, 0.15],
      [0.5, 0.85],
    ],
  ],
  [
    '7',
    [
      [0.25, 0.2],
      [0.75, 0.2],
      [0.42, 0.85],
    ],
  ],
];

const ready = "!document.getElementById('train').disabled";

async function train(page: Page): Promise<void> {
  await page.click('#train');
  await page.waitForFunction("document.getElementById('status').textContent.startsWith('Trained')", {
    timeout: 50_000,
  });
}

async function draw(page: Page, line: readonly Point[]): Promise<void> {
  await page.click('#clear');
  expect(await textOf(page, 'digit')).toBe('?');
  const box = (await (await page.$('#pad'))!.boundingBox())!;
  const at = ([x, y]: Point) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(line[0]));
  await page.mouse.down();
  for (const point of line.slice(1)) await page.mouse.move(...at(point), { steps: 12 });
  await page.mouse.up();
}

const countOf = (page: Page, selector: string) =>
  page.evaluate(`document.querySelectorAll('${selector}').length`);

const firstLayer = (page: Page) =>
  page.evaluate("document.querySelector('#first-layer').toDataURL()") as Promise<string>;

const sizeOfFirstLayer = (page: Page) =>
  page.evaluate(
    "[document.querySelector('#first-layer').width, document.querySelector('#first-layer').height]",
  );

inBrowsers('the page of digits', (site) => {
  fitsEverywhere(site, 'digits/', ready);

  test('learns, shows what it learned and gets wrong, and reads what is drawn', () =>
    site.open('digits/', async (page) => {
      await page.waitForFunction(ready);
      // 48 images of 28 × 28, twelve in a row, with gaps of 4.
      expect(await sizeOfFirstLayer(page)).toEqual([12 * 32 - 4, 4 * 32 - 4]);
      const before = await firstLayer(page);
      await page.waitForFunction("document.getElementById('accuracy').textContent !== '–'");
      expect(Number.parseFloat(await textOf(page, 'accuracy'))).toBeLessThan(40);

      await train(page);
      expect(Number.parseFloat(await textOf(page, 'accuracy'))).toBeGreaterThan(88);
      expect(await firstLayer(page)).not.toBe(before);
      const mistakes = Number(await textOf(page, 'mistake-count'));
      expect(await countOf(page, '#mistakes li:not([hidden])')).toBe(Math.min(mistakes, 24));
      expect(await page.evaluate("document.querySelector('#mistakes li').textContent")).toMatch(
        /^(\d) taken for (?!\1)\d\d+\.\d %$/,
      );
      for (const [digit, line] of drawings) {
        await draw(page, line);
        expect(await textOf(page, 'digit')).toBe(digit);
      }
      await site.isFine(page);
    }));

  test('by keyboard: convolutions, and a digit of the test', () =>
    site.open('digits/', async (page) => {
      await page.waitForFunction(ready);
      await tabTo(page, '[name=kind]');
      await page.keyboard.press('ArrowRight');
      expect(await sizeOfFirstLayer(page)).toEqual([6 * 6 - 1, 2 * 6 - 1]);
      await tabTo(page, '#train');
      await page.keyboard.press('Enter');
      await page.waitForFunction("document.getElementById('status').textContent.startsWith('Epoch 2')", {
        timeout: 50_000,
      });
      expect(Number.parseFloat(await textOf(page, 'accuracy'))).toBeGreaterThan(85);
      await tabTo(page, '#sample');
      await page.keyboard.press('Enter');
      expect(await textOf(page, 'said')).toMatch(/^A (\d) is read as \d\.$/);
    }));
});
