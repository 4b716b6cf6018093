// TensorFlow.js's own tests on lanegrad: `npm run test:conformance`, or once it is installed
// `node test/conformance/run.mjs [options] [part of a file's path…]`. Tests that fail are compared with a baseline,
// the names of those that failed before: any other is an error. With a part of a path only such files are run, and
// it says why tests fail.
//   --update            write the baseline
//   --reference         run TensorFlow.js itself, which passes them all
//   --data <folder>     the tests of @tensorflow/tfjs-data in place of the core's, likewise: tfjs-data/src of its sources
//   --layers <folder>   the tests of @tensorflow/tfjs-layers in place of the core's, with a baseline of their own: the
//                       src/ of its sources, tfjs-layers in github.com/tensorflow/tfjs, which no package has. Private
//                       names that they import lead to what a script says: layers-modules.mjs

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baselineOf, changesSince } from './baseline.mjs';
import { writeBundle } from './bundle.mjs';
import { runTests } from './jasmine.mjs';
import { coreSuite, dataSuite, layersSuite } from './suites.mjs';

const { values: options, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: {
    update: { type: 'boolean' },
    reference: { type: 'boolean' },
    layers: { type: 'string' },
    data: { type: 'string' },
  },
});
const { layers, data } = options;
const suite = layers ? layersSuite(layers) : data ? dataSuite(data) : coreSuite();
const subject = options.reference ? 'reference' : 'lanegrad';
const baselinePath = join(
  import.meta.dirname,
  layers ? 'baseline-layers.json' : data ? 'baseline-data.json' : 'baseline.json',
);

async function resultsOf(files) {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-conformance-'));
  const path = join(folder, 'tests.cjs');
  try {
    await writeBundle({ subject, suite, files, path });
    return await runTests(createRequire(import.meta.url)(path), suite.counts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isPassed = ({ status }) => status === 'passed';

function printTotals(results, files) {
  for (const file of files) {
    const ofFile = results.filter((result) => result.file === file);
    const passed = ofFile.filter(isPassed).length;
    if (passed < ofFile.length) console.log(`${file.padEnd(40)} ${passed} of ${ofFile.length}`);
  }
  const passed = results.filter(isPassed).length;
  const share = ((100 * passed) / results.length).toFixed(1);
  console.log(`\n${subject}: ${passed} of ${results.length} tests pass, ${share} %.`);
}

function printList(title, lines) {
  if (lines.length > 0) console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

const files = suite.files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
const results = await resultsOf(files);
printTotals(results, files);

const failed = results.filter((result) => !isPassed(result));
const described = ({ file, name, message }) => `${file}: ${name}\n    ${message.split('\n')[0]}`;
if (parts.length > 0 || options.reference) {
  printList('They fail:', failed.map(described));
  process.exitCode = options.reference && failed.length > 0 ? 1 : 0;
} else if (options.update) {
  writeFileSync(baselinePath, `${JSON.stringify(baselineOf(results), null, 2)}\n`);
} else {
  const baseline = JSON.parse(readFileSync(baselinePath, 'utf8'));
  const { broken, mended } = changesSince(baseline, results);
  printList('They passed before:', broken.map(described));
  if (mended.length > 0) console.log(`${mended.length} more than in the baseline: run it with --update.`);
  if (results.length < baseline.tests) console.log(`There were ${baseline.tests} tests before.`);
  process.exitCode = broken.length > 0 || results.length < baseline.tests ? 1 : 0;
}
