// Pictures of the site's pages against those that are kept in pictures/: `npm run pictures` makes these anew.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compared, type Picture, reduced } from './compare.ts';
import { decode, encode } from './pixels.mjs';
import { inBrowsers, lookOn, type Page, type Site, sizes } from './site.ts';

const folder = join(import.meta.dirname, 'pictures');
/** Which browser the pictures that are kept were made by. */
const madeBy = join(folder, 'made-by.txt');
const isMaking = process.env.LANEGRAD_PICTURES === 'make';

/** A pixel of a picture that is kept is the mean of so many times so many of the page. */
const scale = 4;
/** Another browser smooths letters in other ways: its pictures are compared four times as coarsely. */
const coarser = 4;
/** The difference of a colour, of 255, that is none. */
const tolerance = 16;
/** Pixels that may differ: none did in the same browser, none by other ways to smooth letters at the coarser scale. */
const mostPixels = { same: 8, other: 4 };

/** How often a page that is not yet painted is looked at again. */
const mostTries = 6;

interface View {
  readonly name: string;
  readonly path: string;
  /** True when the page is as it is to be seen. */
  readonly ready: string;
  /** What is done before. */
  readonly use?: (page: Page) => Promise<void>;
  /** Whether only what a screen shows is looked at. */
  readonly isFirstScreen?: boolean;
}

const trains = "!document.getElementById('train').disabled";

const views: readonly View[] = [
  {
    name: 'playground',
    path: '',
    ready: "document.getElementById('epoch').textContent === '6'",
    use: sixEpochs,
  },
  {
    name: 'digits',
    path: 'digits/',
    ready: `${trains} && document.getElementById('accuracy').textContent !== '–'`,
  },
  { name: 'text', path: 'text/', ready: trains },
  { name: 'textbook', path: 'textbook/', ready: 'true' },
  {
    name: 'csv',
    path: 'csv/',
    ready: "!document.getElementById('training-panel').hidden",
    use: (page) => page.evaluate("document.querySelector('[data-example=shells]').click()") as Promise<void>,
  },
  { name: 'guide', path: 'guides/explaining-a-step.html', ready: 'true', isFirstScreen: true },
];

async function sixEpochs(page: Page): Promise<void> {
  for (let epoch = 0; epoch < 6; epoch++) {
    await page.waitForFunction(`document.getElementById('epoch').textContent === '${epoch}' && ${isDrawn}`);
    await page.evaluate("document.getElementById('step').click()");
  }
}

const isDrawn = "document.getElementById('training-loss').textContent !== '–'";

/** A page as it is, small; what depends on the machine's speed is not seen. */
async function pictureOf(page: Page, isFirstScreen = false): Promise<Picture> {
  await addStyle(page, '#rate { display: none }');
  await page.evaluate('document.fonts.ready.then(() => true)');
  const take = async () => {
    // What observes sizes draws a frame later.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const file = await page.screenshot({ fullPage: !isFirstScreen, captureBeyondViewport: !isFirstScreen });
    return reduced(await decode(page, file), scale);
  };
  // A busy browser may take one before all is painted: it is taken when two in a row are the same.
  let [last, picture] = [await take(), await take()];
  for (let i = 0; i < mostTries && compared(last, picture, 0).count > 0; i++) {
    [last, picture] = [picture, await take()];
  }
  return picture;
}

const addStyle = (page: Page, rules: string) =>
  page.evaluate(`{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(rules)});
    document.adoptedStyleSheets.push(sheet);
  }`);

/** The picture that is kept under a name. */
async function kept(page: Page, name: string): Promise<Picture> {
  const file = join(folder, `${name}.png`);
  if (!existsSync(file))
    throw new Error(`There is no ${name}.png to compare with: npm run pictures makes it.`);
  return decode(page, readFileSync(file));
}

async function make(site: Site, page: Page, name: string, picture: Picture): Promise<void> {
  writeFileSync(join(folder, `${name}.png`), await encode(page, picture));
  writeFileSync(madeBy, `${await site.version()}\n`);
}

/** How a picture differs from the one that is kept, and whether that is too much. */
async function differenceOf(site: Site, page: Page, name: string, picture: Picture) {
  const isSame = readFileSync(madeBy, 'utf8').trim() === (await site.version());
  const [factor, most] = isSame ? [1, mostPixels.same] : [coarser, mostPixels.other];
  const comparison = compared(reduced(await kept(page, name), factor), reduced(picture, factor), tolerance);
  return { ...comparison, isSame, isLarge: comparison.count > most };
}

inBrowsers(
  'pictures',
  (site) => {
    const view = ({ path, ready, use }: View, look: (page: Page) => Promise<void>) =>
      site.open(path, async (page) => {
        await use?.(page);
        await page.waitForFunction(ready);
        await look(page);
      });

    test.each(views)('$name', (each) =>
      view(each, async (page) => {
        for (const size of sizes) {
          const name = `${each.name}-${size.name}`;
          await lookOn(page, size);
          const picture = await pictureOf(page, each.isFirstScreen);
          if (isMaking) {
            await make(site, page, name, picture);
            continue;
          }
          const difference = await differenceOf(site, page, name, picture);
          if (!difference.isSame) {
            console.log(`${name}: another browser than made the pictures; they are compared coarsely.`);
          }
          if (!difference.isLarge) continue;
          const file = join(mkdtempSync(join(tmpdir(), 'lanegrad-pictures-')), `${name}.png`);
          writeFileSync(file, await encode(page, difference.picture));
          expect.soft(`${difference.count} pixels differ: see ${file}`).toBe(`${name} as it is kept`);
        }
      }),
    );

    test.skipIf(isMaking).each([
      ['a chart is empty', '.line-chart polyline { display: none }'],
      ['a colour is wrong', ':root[data-theme] { --positive: #2fe662 }'],
      ['buttons are pale', '.button.main { background: none; color: inherit }'],
      ['panels are narrow', '.panel { padding-left: 26px }'],
      ['the typeface is missing', 'body { font-family: serif }'],
    ])('are seen to differ where %s', (_, rules) =>
      view(views[0], async (page) => {
        const desk = sizes[2];
        await lookOn(page, desk);
        await addStyle(page, rules);
        await page.evaluate("document.documentElement.dispatchEvent(new Event('themechange'))");
        const picture = await pictureOf(page);
        expect(await differenceOf(site, page, `playground-${desk.name}`, picture)).toMatchObject({
          isLarge: true,
        });
        const coarse = compared(
          reduced(await kept(page, `playground-${desk.name}`), coarser),
          reduced(picture, coarser),
          tolerance,
        );
        expect(coarse.count).toBeGreaterThan(mostPixels.other);
      }),
    );
  },
  ['Chromium'],
);
