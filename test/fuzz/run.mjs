// Fuzzes everything that reads a file. A file that leads somewhere new in the code is changed further: so it finds its
// way into parsers. What breaks something is written to crashes/.
//
//   node test/fuzz/run.mjs [--seconds 14] [--seed 1] [--keep] [idx gzip csv model]     seconds for each
//
// With --keep the files that led somewhere new go into corpus/. Jazzer.js would do the same with libFuzzer; its binary
// asks for a newer C library than Debian 12 has.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { buildInstrumented } from './instrumented.mjs';

const here = import.meta.dirname;
const largest = 20_000;
/** A file that takes so long, in milliseconds, hangs. */
const hang = 10_000;

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '14' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const kinds = positionals.length > 0 ? positionals : readdirSync(join(here, 'corpus'));

function readCorpus(kind) {
  const folder = join(here, 'corpus', kind);
  return readdirSync(folder).map((name) => Uint8Array.from(readFileSync(join(folder, name))));
}

function report(kind, what, bytes, number) {
  mkdirSync(join(here, 'crashes'), { recursive: true });
  const file = join(here, 'crashes', `${kind}-${number}`);
  writeFileSync(file, bytes);
  console.log(`${kind}: ${what}\n  ${file}`);
}

/** Resolves to how many files broke something. */
function fuzzKind(kind, script) {
  const current = new SharedArrayBuffer(8 + largest);
  const worker = new Worker(new URL('loop.mjs', import.meta.url), {
    workerData: {
      ...{ kind, script, current, corpus: readCorpus(kind) },
      ...{ seconds: Number(values.seconds), seed: Number(values.seed) },
    },
  });
  return new Promise((resolve) => {
    let crashes = 0;
    let kept = 0;
    const [runs, length] = [new Int32Array(current, 0, 1), new Int32Array(current, 4, 1)];
    let before = -1;
    const watch = setInterval(() => {
      if (before === Atomics.load(runs, 0) && before > 0) {
        report(kind, 'it hangs', Uint8Array.from(new Uint8Array(current, 8, length[0])), ++crashes);
        worker.terminate();
      }
      before = Atomics.load(runs, 0);
    }, hang);
    worker.on('message', ({ crash, bytes, found, done }) => {
      if (crash) report(kind, crash, bytes, ++crashes);
      if (found && values.keep)
        writeFileSync(join(here, 'corpus', kind, `found-${values.seed}-${++kept}`), found);
      if (done) console.log(`${kind}: ${done}`);
    });
    worker.on('error', (error) => {
      report(kind, String(error), Uint8Array.from(new Uint8Array(current, 8, length[0])), ++crashes);
    });
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(crashes);
    });
  });
}

const script = await buildInstrumented();
let crashes = 0;
for (const kind of kinds) crashes += await fuzzKind(kind, script);
process.exitCode = crashes > 0 ? 1 : 0;
