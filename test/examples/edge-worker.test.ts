// The Worker in Cloudflare's own runtime: it trains in one request and classifies in the next.

import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDigits } from '../runtimes/digits.mjs';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { installPackage } from '../runtimes/installed.ts';
import { installedProgram, output } from '../runtimes/processes.ts';
import { type FileServer, serve } from '../runtimes/server.ts';
import { answer, withWorker, workerd } from '../runtimes/workerd.ts';
import { fullMnist } from './full-mnist.ts';

const node24 = installedProgram('node-24/bin/node');
const watchHeap = resolve(import.meta.dirname, '../runtimes/watch-heap.mjs');
const root = resolve(import.meta.dirname, '../..');
const megabyte = 2 ** 20;

/** The most memory that a process took so far, as Linux counts it, in bytes. */
const peakOf = (pid: number): number =>
  1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

const inMegabytes = (bytes: number) => `${(bytes / megabyte).toFixed(0)} MB`;

describe.skipIf(!everywhere || !workerd)(`the edge Worker${leftOut}`, () => {
  let folder: string;
  let server: FileServer;
  beforeAll(async () => {
    folder = installPackage();
    cpSync(join(root, 'examples/edge-worker/worker.js'), join(folder, 'edge-worker.mjs'));
    writeDigits(join(folder, 'mnist'), 600, 100);
    server = await serve(folder);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('learns from the address given, and then reads a digit', async () => {
    await withWorker(folder, 'edge-worker.mjs', async (url, child) => {
      const result = await answer(`${url}/train?data=${server.url}/mnist`, child);
      expect(result).toMatchObject({ trainedOn: 6000, testedOn: 1000 });
      expect((result as { accuracy: number }).accuracy).toBeGreaterThan(0.9);
      const images = gunzipSync(readFileSync(join(folder, 'mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
      const digits: unknown[] = [];
      for (let i = 0; i < 10; i++) {
        const body = images.subarray(i * 784, (i + 1) * 784);
        digits.push(await answer(`${url}/classify`, child, { method: 'POST', body }));
      }
      const right = digits.filter((read, i) => (read as { digit: number }).digit === i);
      expect(right.length).toBeGreaterThanOrEqual(8);
    });
  });

  test('says what is wrong with a request', async () => {
    await withWorker(folder, 'edge-worker.mjs', async (url, child) => {
      const early = answer(`${url}/classify`, child, { method: 'POST', body: new Uint8Array(784) });
      await expect(early).rejects.toThrow('There is no model yet: GET /train?data=URL first.');
      await expect(answer(`${url}/train?data=${server.url}/nothing`, child)).rejects.toThrow(
        'train-images-idx3-ubyte could not be loaded',
      );
    });
  });

  test.skipIf(!fullMnist)('on all of MNIST: at least 97 % in one request, within 128 MB', async () => {
    const mnist = await serve(fullMnist!);
    try {
      let watched: Promise<string> | undefined;
      await withWorker(folder, 'edge-worker.mjs', async (url, child, inspector) => {
        await expect(answer(url, child)).rejects.toThrow('404');
        const idle = peakOf(child.pid!);
        watched = output(node24!, [watchHeap, inspector], folder);
        const start = performance.now();
        const result = await answer(`${url}/train?data=${mnist.url}`, child);
        const seconds = (performance.now() - start) / 1000;
        const { accuracy } = result as { accuracy: number };
        console.log(
          `edge-worker: ${(accuracy * 100).toFixed(2)} % in ${seconds.toFixed(1)} s; ` +
            `the process took ${inMegabytes(idle)} at first and ${inMegabytes(peakOf(child.pid!))} at most`,
        );
        expect(accuracy).toBeGreaterThanOrEqual(0.97);
      });
      const peak = Number(await watched);
      console.log(`edge-worker: the isolate took ${inMegabytes(peak)} at most`);
      expect(peak).toBeGreaterThan(47 * megabyte);
      expect(peak).toBeLessThan(128 * megabyte);
    } finally {
      mnist.close();
    }
  });
});
