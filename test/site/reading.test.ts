// Guides, reference and search of the built site: no link leads nowhere, and a search finds what somebody looks for.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { fitsEverywhere, folder, inBrowsers, type Page } from './site.ts';

describe.skipIf(!everywhere)(`links${leftOut}`, () => {
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');

  test('lead to files and places that there are', () => {
    const ids = new Map(files().map((path) => [path, new Set(read(path).match(/(?<=\bid=")[^"]+/g))]));
    const dead: string[] = [];
    for (const path of files()) {
      for (const [, address] of read(path).matchAll(/\b(?:href|src)="([^"]+)"/g)) {
        if (/^(https?:|data:)/.test(address)) continue;
        const [name, hash] = address.split('#');
        let target = name === '' ? path : relative(folder, resolve(folder, dirname(path), name));
        if (name.endsWith('/') || target === '') target = join(target, 'index.html');
        const isThere = existsSync(join(folder, target));
        if (!isThere || (hash && !ids.get(target)?.has(hash))) dead.push(`${path}: ${address}`);
      }
    }
    expect(files().length).toBeGreaterThan(40);
    expect(dead).toEqual([]);
  });
});

inBrowsers('reading', (site) => {
  const complete = "document.readyState === 'complete'";
  fitsEverywhere(site, 'reference/callbacks.html', complete);
  fitsEverywhere(site, 'guides/from-tensorflow.html', complete);

  test('long names break on the narrowest of phones', () =>
    site.open('reference/', async (page) => {
      await page.setViewport({ width: 320, height: 640 });
      // Beside a scroll bar, where a browser has one.
      const isWider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(isWider)).toBe(false);
    }));

  /** What the search of a page finds first, opened by its key. */
  async function findFirst(page: Page, text: string): Promise<string> {
    await page.keyboard.press('/' as 'Enter');
    await page.waitForFunction("document.getElementById('search').open");
    await page.keyboard.type(text);
    await page.waitForFunction(`document.getElementById('search-found').dataset.of === '${text}'`);
    return page.evaluate(
      "document.querySelector('#search-found [aria-selected=true]').innerText.replace(/\\n/g, ' ')",
    ) as Promise<string>;
  }

  const searches = [
    ['reducelronplateau', /^tf\.callbacks\.reduceLROnPlateau Callbacks/],
    ['plateau', /^tf\.callbacks\.reduceLROnPlateau /],
    ['yieldevery', /^yieldEvery option of tf\.Fit/],
    ['restorebest', /^restoreBestWeights option of tf\.callbacks\.earlyStopping/],
    ['classweight', /classWeight/i],
    ['savehandler', /^tf\.io\.SaveHandler/],
    ['csvlogger', /^tf\.callbacks\.csvLogger/],
    ['confusion matrix', /confusionMatrix/],
    ['hostile files', /^Hostile files guide/],
    ['expected shape', /^expected shape \[null,4\]; got … guide: What errors mean/],
    ['is a string', /^expected numbers or booleans; values\[0\] is a string guide: What errors mean/],
    ['no memory', /^There is no memory for a tensor guide: What errors mean/],
    ['targets for samples', /^3 targets for 2 samples guide/],
    ['needs a compiled model', /^needs a compiled model guide/],
    ['gpt', /^Text page/],
    ['overfitting', /^When it does not learn guide: A first model/],
    // No topic has both words.
    ['shape mismatch', /shape/i],
  ] as const;

  test('a search finds names, parts of them, options and guides', () =>
    site.open('guides/', async (page) => {
      for (const [text, found] of searches) {
        expect(await findFirst(page, text)).toMatch(found);
        await page.keyboard.press('Escape');
      }
    }));

  test('Enter goes to what was found', () =>
    site.open('', async (page) => {
      await findFirst(page, 'reducelronplateau');
      await page.keyboard.press('Enter');
      await page.waitForFunction("location.hash === '#callbacks.reduceLROnPlateau'");
      expect(await page.evaluate('location.pathname')).toBe('/reference/callbacks.html');
    }));
});
