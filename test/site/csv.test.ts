// A table of one's own, in Chromium and Firefox: dropped, trained on, judged, and downloaded.

import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { downloads, drop, inBrowsers, type Page, tabTo, textOf } from './site.ts';

/** y is what x and the colour say; a row lacks a number, another the target. */
const rows = Array.from({ length: 120 }, (_, i) => {
  const [x, colour] = [(i * 37) % 100, ['red', 'green'][i % 2]];
  const size = i === 5 ? '' : x;
  return `${size};${colour};row ${i};${i === 9 ? '' : x > 50 === (colour === 'red') ? 'yes' : 'no'}`;
});
const table = `size;colour;note;answer\n${rows.join('\n')}\n`;

const trained = (page: Page) =>
  page.waitForFunction("document.getElementById('said').textContent.startsWith('Trained.')", {
    timeout: 30_000,
  });

inBrowsers('the page for tables', (site) => {
  test('learns a table that is dropped, and gives the model away', () =>
    site.open('csv/', async (page) => {
      await drop(page, 'answers.csv', table);
      await page.waitForFunction("!document.getElementById('training-panel').hidden");
      expect(await textOf(page, 'about')).toBe('answers.csv: 120 rows, 4 columns.');
      expect(await textOf(page, 'task')).toBe('It will learn which of 2 classes answer is.');
      await page.select('select[name=epochs]', '200');
      await page.select('select[name=learningRate]', '0.01');
      await page.click('#train');
      await trained(page);
      expect(await textOf(page, 'said')).toMatch(/1 rows without a target were left out\.$/);
      expect(Number.parseFloat(await textOf(page, 'words'))).toBeGreaterThan(85);
      expect(await page.evaluate("document.querySelectorAll('#curves svg').length")).toBe(2);
      expect(
        await page.evaluate("document.querySelector('#picture svg').getAttribute('aria-label')"),
      ).toMatch(/^Confusion matrix of 2 classes/);

      const files = await downloads(page);
      const model = JSON.parse(Buffer.from(files['answers-model.json'], 'base64').toString());
      const weights = Buffer.from(files['answers-model.weights.bin'], 'base64');
      const { inputs, target } = model.userDefinedMetadata;
      expect(inputs.map(({ column }: { column: string }) => column)).toEqual(['size', 'colour']);
      expect(target.classes).toEqual(['no', 'yes']);
      const loaded = await tf.loadLayersModel(
        tf.io.fromMemory({
          modelTopology: model.modelTopology,
          weightSpecs: model.weightsManifest[0].weights,
          weightData: new Uint8Array(weights).buffer,
        }),
      );
      const [{ mean, deviation }] = inputs;
      const says = (size: number, ...colour: number[]) =>
        target.classes[
          (loaded.predict(tf.tensor2d([[(size - mean) / deviation, ...colour]])) as tf.Tensor)
            .argMax(-1)
            .dataSync()[0]
        ];
      expect([says(90, 0, 1), says(10, 0, 1), says(90, 1, 0), says(10, 1, 0)]).toEqual([
        'yes',
        'no',
        'no',
        'yes',
      ]);
    }));

  test('learns prices by keyboard, and fits a phone, a tablet and a desk with what it found', () =>
    site.open('csv/', async (page) => {
      await tabTo(page, '[data-example=houses]');
      await page.keyboard.press('Enter');
      await page.waitForFunction("!document.getElementById('training-panel').hidden");
      expect(await textOf(page, 'task')).toBe('It will learn how much price is.');
      await tabTo(page, '#train');
      await page.keyboard.press('Enter');
      await trained(page);
      expect(Number(/R² is (\S+)/.exec(await textOf(page, 'words'))![1])).toBeGreaterThan(0.9);
      await site.isFine(page);
    }));

  test('stops when it is told to, and keeps what it learned', () =>
    site.open('csv/', async (page) => {
      await page.click('[data-example=shells]');
      await page.waitForFunction("!document.getElementById('training-panel').hidden");
      await page.select('select[name=epochs]', '1000');
      await page.select('select[name=layers]', '256,128,64');
      await page.click('#train');
      await page.waitForFunction("document.getElementById('now').textContent.startsWith('Epoch')");
      await page.click('#stop');
      await trained(page);
      expect(await textOf(page, 'now')).not.toMatch(/^Epoch 1000 /);
    }));

  test('says what is wrong with a file', () =>
    site.open('csv/', async (page) => {
      await drop(page, 'answers.csv', 'a,b\n');
      await page.waitForFunction("!document.getElementById('failure').hidden");
      expect(await textOf(page, 'failure')).toMatch(/^answers\.csv has no rows/);
    }));
});
