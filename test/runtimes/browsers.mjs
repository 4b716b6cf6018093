// Pages in the system's Chromium and Firefox, without a window, driven by Puppeteer: by the protocol that both speak.

import { readFileSync } from 'node:fs';
import { installedProgram, systemProgram } from './processes.ts';

const driver = installedProgram('puppeteer-core');
const axe = installedProgram('axe-core/axe.min.js');

/** The browsers that pages are tested in, and whether they are installed, with what drives them. */
export const browsers = [
  {
    name: 'Chromium',
    browser: 'chrome',
    program: systemProgram('chromium'),
    args: ['--no-sandbox', '--disable-gpu'],
  },
  { name: 'Firefox', browser: 'firefox', program: systemProgram('firefox-esr', 'firefox'), args: [] },
].map((browser) => ({ ...browser, isInstalled: Boolean(driver && axe && browser.program) }));

/** Pages of one browser. */
export class Browser {
  #browser;

  /** @param {{ browser: string, program: string, args: string[] }} browser one of `browsers` */
  static async open({ browser, program, args }) {
    const { launch } = await import('puppeteer-core');
    const opened = new Browser();
    opened.#browser = await launch({ browser, executablePath: program, args, headless: true });
    return opened;
  }

  /** Its name and version. @returns {Promise<string>} */
  version() {
    return this.#browser.version();
  }

  close() {
    return this.#browser.close();
  }

  /**
   * Opens a page for as long as `use` needs it. Fails with what the page reported as an error, and with what it asked
   * of another host.
   * @template T
   * @param {string} url
   * @param {{ width: number, height: number }} size
   * @param {(page: import('puppeteer-core').Page) => Promise<T>} use
   * @returns {Promise<T>}
   */
  async withPage(url, size, use) {
    const page = await this.#browser.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => {
      const address = request.url();
      if (/^https?:/.test(address) && !address.startsWith(new URL(url).origin))
        faults.push(`asked for ${address}`);
    });
    try {
      await page.setViewport(size);
      await page.goto(url);
      const result = await use(page);
      if (faults.length > 0) throw new Error(`${url}: ${faults.join('; ')}`);
      return result;
    } finally {
      await page.close();
    }
  }
}

/**
 * What axe-core finds wrong with a page, each with the elements that it is about.
 * @param {import('puppeteer-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function violations(page) {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate('axe.run(document)');
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
