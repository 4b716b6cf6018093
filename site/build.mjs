// Builds the site as static files in build/site: `npm run site`. The package is built before.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packDigits } from './mnist/digits.mjs';
import { pages as ownPages } from './pages.mjs';
import { readExamples, withExamples } from './reference/examples.mjs';
import { guidePages, guideTopics, readGuides } from './reference/guides.mjs';
import { readApi } from './reference/read-api.mjs';
import { referencePages, referenceTopics } from './reference/render.mjs';
import { shell } from './shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const target = join(root, 'build/site');

/** Scripts and styles, and what they load: code that pages share is a file of its own. */
async function buildAssets() {
  const scripts = ownPages.flatMap(({ scripts = [] }) => scripts);
  await build({
    entryPoints: [...scripts, 'parts/theme.ts', 'parts/search.ts', 'styles/site.css'].map((path) =>
      join(here, path),
    ),
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

/** A page as the search knows it. */
const topicOf = ({ path, name, title, description }) => ({
  title: name,
  where: 'page',
  url: path.replace(/index\.html$/, ''),
  text: `${title}. ${description}`,
});

/** What is read of the sources and documents. */
function buildReading() {
  const entries = withExamples(readApi(root), readExamples(root));
  const guides = readGuides(root);
  const topics = [...ownPages.map(topicOf), ...referenceTopics(entries), ...guideTopics(guides)];
  writeFileSync(join(target, 'assets/topics.json'), JSON.stringify(topics));
  return [...guidePages(guides), ...referencePages(entries)];
}

function buildPages(pages) {
  for (const page of pages) {
    const file = join(target, page.path);
    mkdirSync(dirname(file), { recursive: true });
    const body = page.html ?? readFileSync(join(here, page.body), 'utf8');
    writeFileSync(file, shell({ ...page, body }, pages));
  }
  cpSync(join(here, 'icon.svg'), join(target, 'icon.svg'));
  cpSync(join(root, 'dist/training-worker.js'), join(target, 'assets/training-worker.js'));
}

rmSync(target, { recursive: true, force: true });
await buildAssets();
writeFileSync(join(target, 'assets/digits.bin'), await packDigits());
buildPages([...ownPages, ...buildReading()]);
