// Says what a change does to what users get: the sizes, and the public API. Both are compared with the committed
// report, docs/public-api.md, so that a review sees them change. Reads the built package.
//
//   npm run report               what is different from the committed report
//   npm run report -- --write    writes the report
//   npm run report -- --check    fails where the committed report is not true any more, or a size is over its limit

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publicApi } from './public-api.mjs';
import { goals, limits, sizes } from './sizes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const path = 'docs/public-api.md';

/** Sizes that differ by less than this share from the committed ones are not news. */
const noticeable = 0.01;

const kilobytes = (bytes) => (bytes / 1024).toFixed(1);

function page(measured, [exported, named]) {
  const rows = measured.map(({ name, bytes, gzipped }) => {
    const bounds = [limits, goals].map((most) => (most[name] ? kilobytes(most[name]) : ''));
    return `| ${name} | ${kilobytes(bytes)} | ${kilobytes(gzipped)} | ${bounds.join(' | ')} |`;
  });
  const block = (declarations) =>
    ['```ts', ...declarations.map(({ name, text }) => `// ${name}\n${text}`), '```'].join('\n');
  return `# What users get

Made by \`npm run report -- --write\` from the built package; \`.ci/run\` fails where it is not up to date.

## Sizes

In KB of 1,024 bytes, WebAssembly included. A change of less than ${noticeable * 100} % needs no new report.

| | bundled, minified | gzipped | at most | goal |
|---|---|---|---|---|
${rows.join('\n')}

## The API: what can be imported

${block(exported)}

## What the declarations above name

Users see these types, and cannot import them by name.

${block(named)}
`;
}

/** The sizes that a report tells, by name: [minified, gzipped], in KB. */
const sizesIn = (report) =>
  new Map(
    [...report.matchAll(/^\| (.+?) \| ([\d.]+) \| ([\d.]+) \|/gm)].map(([, name, ...numbers]) => [
      name,
      numbers.map(Number),
    ]),
  );

/** The declarations that a report holds, by the name above each. Two may have one name. */
function declarationsIn(report) {
  const declarations = new Map();
  for (const [, name, text] of report.matchAll(/^\/\/ (\S+)\n(.*?)(?=^\/\/ |^```)/gms))
    declarations.set(name, (declarations.get(name) ?? '') + text);
  return declarations;
}

/** What is different, a line each. */
function* differences(before, now) {
  const [old, current] = [sizesIn(before), sizesIn(now)];
  for (const [name, numbers] of current) {
    const known = old.get(name) ?? [0, 0];
    if (numbers.some((number, i) => Math.abs(number - known[i]) > noticeable * known[i]))
      yield `size of ${name}: ${known.join(' KB, gzipped ')} KB → ${numbers.join(' KB, gzipped ')} KB`;
  }
  const [was, is] = [declarationsIn(before), declarationsIn(now)];
  for (const [name, text] of is) {
    if (!was.has(name)) yield `new: ${text.trim()}`;
    else if (was.get(name) !== text) yield `changed: ${was.get(name).trim()}\n      to: ${text.trim()}`;
  }
  for (const [name, text] of was) if (!is.has(name)) yield `gone: ${text.trim()}`;
}

const measured = await sizes();
const now = page(measured, publicApi('dist/modules/src/index.d.ts'));
if (process.argv.includes('--write')) {
  writeFileSync(path, now);
} else {
  for (const { name, bytes, gzipped } of measured)
    console.log(`${name}: ${kilobytes(bytes)} KB, gzipped ${kilobytes(gzipped)} KB`);
  const changes = [...differences(readFileSync(path, 'utf8'), now)];
  console.log(changes.length > 0 ? `\n${changes.join('\n')}` : `As ${path} says.`);
  const tooLarge = measured.filter(({ name, gzipped }) => gzipped > limits[name]);
  for (const { name, gzipped } of measured)
    if (gzipped > goals[name]) console.log(`${name} is over its goal of ${kilobytes(goals[name])} KB.`);
  for (const { name } of tooLarge) console.log(`${name} is over its limit of ${kilobytes(limits[name])} KB.`);
  if (process.argv.includes('--check') && changes.length + tooLarge.length > 0) {
    console.log(`\nIf that is meant, write it down: npm run report -- --write`);
    process.exitCode = 1;
  }
}
