// A small GPT on a page, in Chromium and Firefox: trained for real, it writes, says where it looked, and is given away.

import * as tf from 'lanegrad';
import { expect, test } from 'vitest';
import { Alphabet } from '../../site/text/alphabet.ts';
import '../../site/text/layers.ts';
import { harbourTales } from '../../site/text/tales.ts';
import { downloads, drop, fitsEverywhere, inBrowsers, type Page, tabTo, textOf } from './site.ts';

const ready = "!document.getElementById('train').disabled";
const hasSamples = (count: number) => `document.querySelectorAll('#samples li').length >= ${count}`;
const tales = harbourTales();

const wait = (page: Page, expression: string) => page.waitForFunction(expression, { timeout: 50_000 });

/** Of the words in a text, the share that the tales have. */
function knownWords(text: string): number {
  const words = (text.match(/[A-Za-z]+/g) ?? []).slice(0, -1);
  const known = new Set(tales.match(/[A-Za-z]+/g));
  return words.filter((word) => known.has(word)).length / words.length;
}

/** The mean over the tales of how unlikely a model found each letter. */
async function lossOf(files: Record<string, string>): Promise<number> {
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(
    Buffer.from(files['lanegrad-gpt.json'], 'base64').toString(),
  );
  const weights = Buffer.from(files['lanegrad-gpt.weights.bin'], 'base64');
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: new Uint8Array(weights).buffer,
    }),
  );
  const alphabet = new Alphabet(tales);
  expect(userDefinedMetadata.letters).toEqual(alphabet.letters);
  const { steps } = userDefinedMetadata;
  const codes = alphabet.codesOf(tales);
  const pieces = (ahead: number) =>
    tf.tensor2d(
      Array.from({ length: 64 }, (_, i) => codes.slice(i * steps + ahead, (i + 1) * steps + ahead)),
      [64, steps],
      'int32',
    );
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return (model.evaluate(pieces(0), pieces(1)) as tf.Tensor).dataSync()[0];
}

inBrowsers('the page of the text', (site) => {
  fitsEverywhere(site, 'text/', ready);

  test('learns tales, writes some, says where it looked, and gives the model away', () =>
    site.open('text/', async (page) => {
      await wait(page, ready);
      await page.click('[name=size][value=small]');
      await wait(page, `${ready} && document.getElementById('about').textContent.includes('16,394 weights')`);
      await page.click('#train');
      await wait(page, hasSamples(4));
      await page.click('#train');
      await wait(page, "document.getElementById('said').textContent !== ''");
      expect(Number(await textOf(page, 'loss'))).toBeLessThan(1);
      expect(await page.evaluate("document.querySelector('#chart svg').getAttribute('aria-label')")).toMatch(
        /^loss 0\.\d+, after \d+ steps$/,
      );
      const samples = (await page.evaluate(
        "Array.from(document.querySelectorAll('#samples .written'), (each) => each.textContent)",
      )) as string[];
      expect(knownWords(samples[0])).toBeGreaterThan(0.5);
      expect(knownWords(samples.at(-1)!)).toBeLessThan(knownWords(samples[0]));

      await page.click('#write');
      await wait(page, "!document.getElementById('looks').hidden");
      const continued = await textOf(page, 'continuation');
      expect(continued.startsWith('Ada the pilot had a ')).toBe(true);
      expect(continued.length).toBe('Ada the pilot had a '.length + 220);
      expect(knownWords(continued)).toBeGreaterThan(0.5);

      const shares = (await page.evaluate(
        "Array.from(document.querySelectorAll('#looks-text span'), (each) => +each.style.getPropertyValue('--share'))",
      )) as number[];
      expect(shares).toHaveLength(32);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
      const words = await textOf(page, 'looks-words');
      expect(words).toMatch(/^To say what follows .+, this head looked: \d+\.\d % at /);
      await page.select('#looks-head', '1');
      expect(await textOf(page, 'looks-words')).not.toBe(words);

      expect(await lossOf(await downloads(page))).toBeLessThan(1);
      await site.isFine(page);
    }));

  test('by keyboard: a text of one’s own, dropped, and where a letter looked', () =>
    site.open('text/', async (page) => {
      await wait(page, ready);
      await drop(page, 'rain.txt', 'the rain in spain stays mainly in the plain. '.repeat(60));
      await wait(
        page,
        `${ready} && document.getElementById('about').textContent.startsWith('2,700 letters')`,
      );
      await tabTo(page, '#train');
      await page.keyboard.press('Enter');
      // 300 steps: after the first 100 it still loses the thread now and then.
      await wait(page, hasSamples(3));
      await page.keyboard.press('Enter');
      await tabTo(page, '[name=prompt]');
      await page.keyboard.press('End');
      await page.keyboard.down('Shift');
      await page.keyboard.press('Home');
      await page.keyboard.up('Shift');
      await page.keyboard.type('the rain in ');
      await page.keyboard.press('Enter');
      await wait(page, "!document.getElementById('looks').hidden");
      expect(await textOf(page, 'continuation')).toMatch(/^the rain in spain stays /);
      await tabTo(page, '#looks-at');
      await page.keyboard.press('Home');
      expect(await textOf(page, 'looks-words')).toMatch(/100\.0 % at itself/);
    }));

  test('says what is wrong with a text, and waits for one', () =>
    site.open('text/', async (page) => {
      await wait(page, ready);
      await drop(page, 'short.txt', 'too short');
      await wait(page, "!document.getElementById('failure').hidden");
      expect(await textOf(page, 'failure')).toBe(
        'A text to learn from must have at least 164 letters; this one has 9.',
      );
      expect(await page.evaluate(ready)).toBe(false);
      await page.click('[name=source][value=tales]');
      await wait(page, ready);
      expect(await page.evaluate("document.getElementById('failure').hidden")).toBe(true);
    }));
});
