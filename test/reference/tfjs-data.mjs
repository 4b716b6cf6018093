// What TensorFlow.js makes of the pipelines beside this file. Run in a folder that has @tensorflow/tfjs installed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iterations, pipelines, plain, plainSize, tables } from './data-pipelines.mjs';
import { tf, writeBeside } from './tfjs.mjs';

const results = { pipelines: {}, iterations: {}, tables: {} };
for (const [name, make] of Object.entries(pipelines)) {
  const dataset = make(tf);
  results.pipelines[name] = { size: plainSize(dataset), elements: plain(await dataset.toArray()) };
}
for (const [name, iterate] of Object.entries(iterations)) {
  results.iterations[name] = plain(await iterate(tf));
}
const folder = mkdtempSync(join(tmpdir(), 'tables-'));
for (const [name, [text, config]] of Object.entries(tables)) {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, text);
  const dataset = tf.data.csv(`file://${file}`, config);
  results.tables[name] = { columnNames: await dataset.columnNames(), rows: await dataset.toArray() };
}
rmSync(folder, { recursive: true });
writeBeside(import.meta.url, results);
