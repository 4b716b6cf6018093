// What is fuzzed: everything that reads a file. Each takes a file's bytes, and either reads them or says in a sentence
// why not, within a second of work, with little memory.

import process from 'node:process';
import { gunzip } from '../../src/data/gzip.ts';
import { parseIdx } from '../../src/data/idx.ts';
import * as tf from '../../src/node.ts';
import { allocated } from './counted.mjs';

/** What reading takes whatever the file: small models, buffers. */
const leastBytes = 2 ** 20;
const timesTheFile = 10;
const longest = 1000;

/** Milliseconds that this process has worked: others may be busy beside it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Target = (bytes: Uint8Array) => unknown;

/** A model's file is its JSON, a zero, and the bytes of its weights. */
function parts(bytes: Uint8Array): { text: Uint8Array; weights: Uint8Array } {
  const end = bytes.indexOf(0);
  return end < 0
    ? { text: bytes, weights: new Uint8Array(0) }
    : { text: bytes.subarray(0, end), weights: bytes.slice(end + 1) };
}

const chosen = (name: string, bytes: Uint8Array) => ({
  name,
  size: bytes.length,
  arrayBuffer: async () => bytes.slice().buffer as ArrayBuffer,
});

async function readTable(bytes: Uint8Array): Promise<void> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const table = tf.data.csv(blob as never, { hasHeader: bytes[0] !== 0x23 });
  let rows = 0;
  await table.forEachAsync(() => rows++);
}

const targets: Readonly<Record<string, Target>> = {
  idx: (bytes) => parseIdx(bytes),
  gzip: (bytes) => gunzip(bytes),
  csv: readTable,
  model: (bytes) => {
    const { text, weights } = parts(bytes);
    return tf.loadLayersModel(
      tf.io.browserFiles([chosen('model.json', text), chosen('weights.bin', weights)]),
      { maxBytes: 2 ** 20 },
    );
  },
};

/** Reads a file. @throws what went wrong, unless it was said in a sentence */
export async function fuzz(name: string, data: Uint8Array): Promise<void> {
  const bytes = Uint8Array.from(data);
  allocated.bytes = 0;
  const began = processorTime();
  try {
    await targets[name](bytes);
  } catch (error) {
    const isSentence = error instanceof tf.LanegradError && !error.message.startsWith('internal');
    if (!isSentence) throw error;
  }
  const took = processorTime() - began;
  if (took > longest) throw new Error(`it took ${took} ms`);
  const most = leastBytes + timesTheFile * bytes.length;
  if (allocated.bytes > most) throw new Error(`${allocated.bytes} bytes were allocated for ${bytes.length}`);
  for (const key in {}) throw new Error(`Object.prototype has ${key}`);
}

export const names = Object.keys(targets);
