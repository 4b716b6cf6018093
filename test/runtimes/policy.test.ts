// A strict Content-Security-Policy is enough, as long as it allows WebAssembly.

import { rmSync } from 'node:fs';
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
