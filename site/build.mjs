// Builds the site as static files in build/site: `npm run site`. The package is built before.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pages } from './pages.mjs';
import { shell } from './shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../build/site');

/** Scripts and styles, and what they load: code that pages share is a file of its own. */
async function buildAssets() {
  const scripts = pages.flatMap(({ scripts = [] }) => scripts);
  await build({
    entryPoints: [...scripts, 'parts/theme.ts', 'styles/site.css'].map((path) => join(here, path)),
    outbase: here,
    outdir: join(target, 'assets'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    // The package's own modules are said to be free of side effects, and are.
    logOverride: { 'ignored-bare-import': 'silent' },
    loader: { '.woff2': 'file' },
    assetNames: 'fonts/[name]',
    chunkNames: 'chunks/[name]-[hash]',
  });
}

async function buildPages() {
  for (const page of pages) {
    const file = join(target, page.path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, shell({ ...page, body: readFileSync(join(here, page.body), 'utf8') }));
  }
  cpSync(join(here, 'icon.svg'), join(target, 'icon.svg'));
  cpSync(join(here, '../dist/training-worker.js'), join(target, 'assets/training-worker.js'));
}

rmSync(target, { recursive: true, force: true });
await buildAssets();
await buildPages();
