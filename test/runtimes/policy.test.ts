// A strict Content-Security-Policy is enough, as long as it allows WebAssembly.

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hasChromium, withPage } from './chromium.mjs';
import { everywhere, leftOut } from './everywhere.ts';
import { installPackage } from './installed.ts';
import { serve } from './server.ts';

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

test.skipIf(!everywhere || !hasChromium)(`a page with ${policy}${leftOut}`, async () => {
  const folder = installPackage();
  const server = await serve(folder, { 'content-security-policy': policy });
  try {
    const title = await withPage(`${server.url}/strict.html`, async (page) => {
      // A condition given as text would need eval, which the policy forbids.
      await expect.poll(() => page.title(), { timeout: 30_000 }).toMatch(/^\{/);
      return page.title();
    });
    expect(JSON.parse(title)).toMatchObject({ xor: true });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!hasChromium)('a page that forbids WebAssembly is told what to allow', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-policy-'));
  copyFileSync(resolve(import.meta.dirname, '../../dist/index.js'), join(folder, 'index.js'));
  writeFileSync(join(folder, 'page.html'), '<!doctype html><script type="module" src="page.js"></script>');
  const script = `import { ready } from './index.js';
ready().catch((error) => { document.title = error.name + ': ' + error.message; });`;
  writeFileSync(join(folder, 'page.js'), script);
  const server = await serve(folder, { 'content-security-policy': "default-src 'none'; script-src 'self'" });
  try {
    await withPage(`${server.url}/page.html`, (page) =>
      expect
        .poll(() => page.title(), { timeout: 30_000 })
        .toMatch(/^LanegradError: init: .*compiled.*script-src 'wasm-unsafe-eval'\.$/),
    );
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
