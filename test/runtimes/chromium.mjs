// Pages in the system's Chromium, without a window, driven by Playwright.

import { installedProgram, systemProgram } from './processes.ts';

const program = systemProgram('chromium');

export const hasChromium = program !== undefined && installedProgram('playwright-core') !== undefined;

/**
 * Opens a page for as long as `use` needs it. Fails with what the page reported as an error.
 * @template T
 * @param {string} url
 * @param {(page: import('playwright-core').Page) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPage(url, use) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    const result = await use(page);
    if (errors.length > 0) throw new Error(`${url}: ${errors.join('; ')}`);
    return result;
  } finally {
    await browser.close();
  }
}
