// The playground, in Chromium and Firefox: it fits, is accessible, is used by keyboard, and learns.

import { expect, test } from 'vitest';
import { fitsEverywhere, inBrowsers, type Page, tabTo, textOf } from './site.ts';

const ready = "document.getElementById('training-loss').textContent !== '–'";

const press = async (page: Page, selector: string, key: string) => {
  await tabTo(page, selector);
  await page.keyboard.press(key as 'Enter');
};

const wait = (page: Page, expression: string) => page.waitForFunction(expression, { timeout: 20_000 });

const accuracy = (page: Page) => textOf(page, 'accuracy').then(Number.parseFloat);

inBrowsers('the playground', (site) => {
  fitsEverywhere(site, '', ready);

  test('says that everything runs on the visitor’s machine', () =>
    site.open('', async (page) => {
      expect(await page.evaluate('document.body.innerText')).toContain(
        'Everything here runs on your machine',
      );
    }));

  test('learns a spiral, by keyboard alone', () =>
    site.open('', async (page) => {
      await wait(page, ready);
      expect(await accuracy(page)).toBeLessThan(75);
      await press(page, '#play', 'Enter');
      await wait(page, "parseFloat(document.getElementById('accuracy').textContent) > 90");
      await page.keyboard.press('Enter');
      await wait(page, "document.getElementById('said').textContent.startsWith('Epoch')");
      expect(await textOf(page, 'play-name')).toBe('Train');
      expect(await page.evaluate("document.querySelector('#chart svg').getAttribute('aria-label')")).toMatch(
        /^training loss 0\.\d+, test loss 0\.\d+, after \d+ epochs$/,
      );
    }));

  test('is changed by keyboard: data, layers, units, features', () =>
    site.open('', async (page) => {
      await wait(page, ready);
      await press(page, 'input[name=data]', 'ArrowLeft');
      expect(await page.evaluate('location.hash')).toBe('#data=gauss');
      await press(page, '#more-layers', 'Enter');
      await press(page, '#feature-x1x2', ' ');
      await press(page, '#layer-0-less', 'Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('layer-0-less');
      expect(await page.evaluate('decodeURIComponent(location.hash)')).toBe(
        '#data=gauss&features=x1,x2,x1x2&layers=7,8,4',
      );
      expect(await page.evaluate("document.querySelectorAll('.tile[id^=unit]').length")).toBe(20);
      await wait(page, ready);
      await press(page, '#unit-2-3', 'Enter');
      await wait(page, "document.getElementById('unit-name').textContent === 'Layer 3, unit 4'");
      expect(await page.evaluate("document.querySelectorAll('#unit-rows tr').length")).toBe(9);
    }));

  test('gives the same network for the same address, step by step', () =>
    site.open('#data=xor&layers=4&seed=3', async (page) => {
      const losses: string[] = [];
      for (let i = 0; i < 2; i++) {
        await wait(page, `${ready} && document.getElementById('epoch').textContent === '0'`);
        for (const epoch of [1, 2, 3]) {
          await page.click('#step');
          await wait(page, `document.getElementById('epoch').textContent === '${epoch}'`);
        }
        losses.push(await textOf(page, 'said'));
        await page.click('#reset');
      }
      expect(losses[0]).toMatch(/^Epoch 3: training loss 0\.\d+/);
      expect(losses[1]).toBe(losses[0]);
    }));

  test('says why it cannot go on', () =>
    site.open('#data=hills&activation=relu&optimizer=sgd&learningRate=3', async (page) => {
      await wait(page, ready);
      await page.click('#play');
      await wait(page, "!document.getElementById('failure').hidden");
      expect(await textOf(page, 'failure')).toMatch(/^fit: /);
      await page.click('#reset');
      await wait(page, "document.getElementById('failure').hidden");
    }));

  test('shows gradients on the lines, and what each unit says', () =>
    site.open('', async (page) => {
      await wait(page, ready);
      const lines = () => page.evaluate("document.querySelector('.links').toDataURL()") as Promise<string>;
      const before = await lines();
      expect(before.length).toBeGreaterThan(10_000);
      await page.click('input[name=lines][value=gradients]');
      expect(await lines()).not.toBe(before);
      await page.hover('#unit-0-2');
      expect(await textOf(page, 'result-name')).toBe('Layer 1, unit 3');
    }));
});
