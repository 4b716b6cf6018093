// The loop of one fuzzer, in a thread of its own, so that what hangs can be ended.

import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './instrumented.mjs';
import { mutate, randomFrom } from './mutate.mjs';

const { kind, script, current, corpus, seconds, seed } = workerData;
const { fuzz } = await import(script);
const random = randomFrom(seed);
const coverage = new Coverage();
const [runs, length] = [new Int32Array(current, 0, 1), new Int32Array(current, 4, 1)];
const input = new Uint8Array(current, 8);
const crashes = new Set();
let branches = 0;

/** Reads a file. @returns whether it led somewhere new */
async function read(bytes) {
  length[0] = bytes.length;
  input.set(bytes);
  Atomics.add(runs, 0, 1);
  try {
    await fuzz(kind, bytes);
  } catch (error) {
    // One report of each place where something broke.
    const place = String(error.stack)
      .split('\n')
      .slice(0, 3)
      .join(' ')
      .replace(/[0-9.]+ (ms|bytes)/g, '');
    if (!crashes.has(place)) parentPort.postMessage({ crash: error.stack, bytes });
    crashes.add(place);
  }
  const fresh = coverage.look();
  branches += fresh;
  return fresh > 0;
}

for (const bytes of corpus) await read(bytes);
const before = corpus.length;
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  const bytes = mutate(kind, random.of(corpus), random.of(corpus), random);
  if (!(await read(bytes))) continue;
  corpus.push(bytes);
  parentPort.postMessage({ found: bytes });
}
const found = corpus.length - before;
parentPort.postMessage({
  done: `${runs[0]} files, ${branches} branches, ${found} led somewhere new, ${crashes.size} broke something`,
});
