// The built site, served on this machine, in every browser that is installed.

import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, browsers, violations } from '../runtimes/browsers.mjs';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { type FileServer, serve } from '../runtimes/server.ts';

/** Where `npm run site` puts it. */
export const folder = resolve(import.meta.dirname, '../../build/site');

/** What the site is looked at on, and the theme that it has there. */
export const sizes = [
  { name: 'phone', width: 390, height: 844, theme: 'light' },
  { name: 'tablet', width: 820, height: 1180, theme: 'dark' },
  { name: 'desk', width: 1440, height: 900, theme: 'light' },
] as const;

/** Puppeteer's page, whose types are there only where the browsers' tests are installed. */
export type Page = Parameters<Parameters<Browser['withPage']>[2]>[0];

export interface Site {
  /** The browser's name and version. */
  version(): Promise<string>;
  /** Opens a page of the site: see `Browser.withPage`. */
  open<T>(path: string, use: (page: Page) => Promise<T>): Promise<T>;
  /** That a page as it is now fits each size, light or dark, and is accessible. */
  isFine(page: Page): Promise<void>;
}

/** Has a page looked at on something of this size, in its theme. */
export async function lookOn(page: Page, { theme, width, height }: (typeof sizes)[number]): Promise<void> {
  await page.setViewport({ width, height });
  if ((await themeOf(page)) !== theme) await page.click('.theme');
  expect(await themeOf(page)).toBe(theme);
  // Nothing is pointed at.
  await page.mouse.move(0, 0);
  // Colours change over some milliseconds; those in between are not looked at.
  await page.waitForFunction('document.getAnimations().length === 0');
}

/** Fields that no label belongs to. One around a field belongs to the first it holds, which may be an `output`. */
const unlabelled = `[...document.querySelectorAll('input, select, textarea')]
  .filter((field) => !field.labels.length && !field.ariaLabel && !field.hasAttribute('aria-labelledby'))
  .map((field) => field.name || field.id)`;

async function isFine(page: Page): Promise<void> {
  expect(await page.evaluate(unlabelled)).toEqual([]);
  for (const size of sizes) {
    await lookOn(page, size);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  }
}

/** Tests of the site in each browser, or in some. */
export function inBrowsers(
  name: string,
  define: (site: Site) => void,
  names: readonly string[] = browsers.map((kind) => kind.name),
): void {
  for (const kind of browsers.filter((kind) => names.includes(kind.name))) {
    const missing = everywhere && !kind.isInstalled ? ' (left out where it is not installed)' : leftOut;
    describe.skipIf(missing)(`${name} in ${kind.name}${missing}`, () => inBrowser(kind, define));
  }
}

function inBrowser(kind: (typeof browsers)[number], define: (site: Site) => void): void {
  let server: FileServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await serve(folder);
    browser = await Browser.open(kind as Parameters<typeof Browser.open>[0]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  define({
    version: () => browser.version(),
    open: (path, use) => browser.withPage(`${server.url}/${path}`, sizes[2], use),
    isFine,
  });
}

/** That a page is fine as it opens. @param ready an expression that is true when it is drawn */
export function fitsEverywhere(site: Site, path: string, ready: string): void {
  test('fits a phone, a tablet and a desk, light and dark, and axe-core finds nothing', () =>
    site.open(path, async (page) => {
      await page.waitForFunction(ready);
      await site.isFine(page);
    }));
}

const themeOf = (page: Page) => page.evaluate('document.documentElement.dataset.theme');

/** The text of the element with this id. */
export const textOf = (page: Page, id: string): Promise<string> =>
  page.evaluate(`document.getElementById('${id}').textContent`) as Promise<string>;

/** Moves the focus by the Tab key until it is on what the selector says. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${selector}.`);
}

/** Drops a file on the page, where it takes some. */
export const drop = (page: Page, name: string, content: string) =>
  page.evaluate(`{
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)}, { type: 'text/plain' }));
    document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  }`);

/** What a click on the button for a model has the page's user download: the files' contents, in base64, by their names. */
export const downloads = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(`new Promise((resolve) => {
    const [blobs, files] = [new Map(), {}];
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const address = createObjectURL(blob);
      blobs.set(address, blob);
      return address;
    };
    HTMLAnchorElement.prototype.click = async function () {
      const bytes = new Uint8Array(await blobs.get(this.href).arrayBuffer());
      files[this.download] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      if (Object.keys(files).length === 2) resolve(files);
    };
    document.getElementById('download').click();
  })`) as Promise<Record<string, string>>;
