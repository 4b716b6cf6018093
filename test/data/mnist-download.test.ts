import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DownloadProgress } from '../../src/data/download.ts';
import { mnist } from '../../src/data/mnist.ts';
import { LanegradError } from '../../src/errors.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { packedSet, smallSet } from './idx-files.ts';

const sentence = (text: string) => new LanegradError(text);
const advice = 'Give folder a path that holds the four files, or url an address that serves them.';
const original = platform;

let folder = '';
let cache = '';
let server: Server;
let url = '';
/** What is served, by name; a function answers for itself. */
let files: Record<string, Uint8Array | ((response: ServerResponse) => void)>;
let requests: string[];
let written: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-download-'));
  cache = join(folder, 'cache');
  files = packedSet();
  requests = [];
  written = '';
  setPlatform({
    ...nodePlatform,
    cacheFolder: () => cache,
    environment: () => undefined,
    isInteractive: false,
    write: (text) => {
      written += text;
    },
  });
  server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    requests.push(name);
    const file = files[name];
    if (typeof file === 'function') file(response);
    else if (file === undefined) response.writeHead(404).end('no such file');
    else response.writeHead(200, { 'content-length': file.length }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  vi.unstubAllGlobals();
  setPlatform(original);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const names = Object.keys(packedSet());
/** The one folder in the cache and what it holds. */
async function cached(): Promise<[string, string[]]> {
  const [name] = await readdir(cache);
  return [name, (await readdir(join(cache, name))).sort()];
}

describe('mnist from a url', () => {
  it('downloads the four files and keeps them', async () => {
    const first = await mnist({ url, verify: false });
    expect(first.train.labels.arraySync()).toEqual([5, 0, 4, 1, 9, 2]);
    expect(requests).toEqual(names);
    const [name, kept] = await cached();
    expect(name).toMatch(/^idx-[0-9a-f]{16}$/);
    expect(kept).toEqual([...names].sort());
    expect(new Uint8Array(await readFile(join(cache, name, names[0])))).toEqual(files[names[0]]);

    const again = await mnist({ url, verify: false });
    expect(requests.length).toBe(4);
    expect(again.test.images.arraySync()).toEqual(first.test.images.arraySync());
  });

  it('keeps what is not verified apart for each address', async () => {
    await mnist({ url, verify: false });
    files = Object.fromEntries(names.map((name) => [`fashion/${name}`, packedSet()[name]]));
    await mnist({ url: `${url}fashion`, verify: false });
    expect(requests.length).toBe(8);
    expect((await readdir(cache)).length).toBe(2);
  });

  it('downloads again what is damaged in the cache', async () => {
    await mnist({ url, verify: false });
    const [name] = await cached();
    await writeFile(join(cache, name, names[1]), 'not the file');
    await mnist({ url, verify: false });
    expect(requests.slice(4)).toEqual([names[1]]);
    expect(new Uint8Array(await readFile(join(cache, name, names[1])))).toEqual(files[names[1]]);
  });

  it('asks for the other names, packed or not', async () => {
    files = Object.fromEntries(
      Object.entries(smallSet()).map(([name, bytes]) => [name.replace('-idx', '.idx'), bytes]),
    );
    await mnist({ url, verify: false });
    expect(requests.slice(0, 4)).toEqual([
      'train-images-idx3-ubyte.gz',
      'train-images-idx3-ubyte',
      'train-images.idx3-ubyte.gz',
      'train-images.idx3-ubyte',
    ]);
    expect((await cached())[1]).toContain('train-images-idx3-ubyte');
  });

  it('takes archives that the server says are encoded, and so come unpacked', async () => {
    for (const name of names) {
      const bytes = packedSet()[name];
      files[name] = (response) =>
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length }).end(bytes);
    }
    const totals: (number | undefined)[] = [];
    const set = await mnist({ url, verify: false, onProgress: ({ total }) => totals.push(total) });
    expect(set.train.images.shape).toEqual([6, 3, 2]);
    expect(new Set(totals)).toEqual(new Set([undefined]));
  });

  it('needs no file system', async () => {
    setPlatform({ ...portablePlatform(), write: () => {} });
    expect((await mnist({ url, verify: false })).test.labels.shape).toEqual([4]);
  });

  it('goes on when a download cannot be kept', async () => {
    const full = () => Promise.reject(new Error('no space left'));
    setPlatform({ ...platform, writeFile: full });
    expect((await mnist({ url, verify: false })).test.labels.shape).toEqual([4]);
    expect(written).toContain(`/train-images-idx3-ubyte.gz cannot be written: no space left.\n`);
  });
});

describe('a download that fails', () => {
  it('tells that the server has no such file', async () => {
    delete files['t10k-images-idx3-ubyte.gz'];
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      sentence(
        `mnist: t10k-images-idx3-ubyte could not be loaded. Tried: ${url} has no file of that name. ${advice}`,
      ),
    );
  });

  it('tells what else the server answered', async () => {
    files[names[0]] = (response) => response.writeHead(503).end();
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      sentence(
        `mnist: train-images-idx3-ubyte could not be loaded. Tried: ${url}${names[0]} answered 503 Service Unavailable. ${advice}`,
      ),
    );
  });

  it('tells that there is no connection', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      sentence(
        `mnist: train-images-idx3-ubyte could not be loaded. Tried: ${url}${names[0]} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}. ${advice}`,
      ),
    );
    server.listen(0);
  });

  it('tells that the connection broke', async () => {
    files[names[0]] = (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('beginning', () => response.destroy());
    };
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      `mnist: train-images-idx3-ubyte could not be loaded. Tried: ${url}${names[0]} cannot be reached: `,
    );
    expect(existsSync(cache)).toBe(false);
  });

  it('tells that the archive is corrupt, and does not keep it', async () => {
    files[names[0]] = packedSet()[names[0]].slice(0, 20);
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      sentence(
        `mnist: train-images-idx3-ubyte could not be loaded. Tried: ${url}${names[0]} cannot be unpacked: its gzip data is corrupt or cut off. ${advice}`,
      ),
    );
    expect(existsSync(cache)).toBe(false);
  });

  it('tells that it came to another file, and does not keep it', async () => {
    await expect(mnist({ url })).rejects.toThrow(
      /Tried: .*train-images-idx3-ubyte\.gz is not MNIST's train-images-idx3-ubyte: its content has SHA-256 [0-9a-f]{64}; expected ba891046/,
    );
    expect(existsSync(cache)).toBe(false);
  });

  it('tells that it came to a page', async () => {
    files[names[0]] = new TextEncoder().encode('<html>');
    await expect(mnist({ url, verify: false })).rejects.toThrow(
      `${names[0]} is not an IDX file: expected 00 00`,
    );
  });

  it('tells all that was tried', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('no network') })),
    );
    setPlatform({ ...platform, environment: () => folder });
    await expect(mnist()).rejects.toThrow(
      sentence(
        `mnist: train-images-idx3-ubyte could not be loaded. Tried: LANEGRAD_DATA is ${folder}, which has no file of that name; ` +
          'https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz cannot be reached: no network; ' +
          `https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz cannot be reached: no network. ${advice}`,
      ),
    );
  });

  it('leaves an error of the caller as it is', async () => {
    const onProgress = () => {
      throw new RangeError('mine');
    };
    await expect(mnist({ url, verify: false, onProgress })).rejects.toThrow(new RangeError('mine'));
  });
});

describe('a signal', () => {
  it('stops before anything is asked', async () => {
    await expect(mnist({ url, signal: AbortSignal.abort() })).rejects.toThrow('This operation was aborted');
    await expect(mnist({ url, signal: { aborted: true } })).rejects.toThrow(
      sentence('mnist: stopped by its signal.'),
    );
    expect(requests).toEqual([]);
  });

  it('breaks off a connection that is silent', async () => {
    const controller = new AbortController();
    files[names[0]] = () => controller.abort(new Error('enough'));
    await expect(mnist({ url, signal: controller.signal })).rejects.toThrow(new Error('enough'));
    expect(requests).toEqual([names[0]]);
  });

  it('may be any object that says so', async () => {
    const signal = { aborted: false, reason: new Error('enough') };
    files[names[0]] = (response) => {
      signal.aborted = true;
      response.writeHead(200).end('beginning');
    };
    await expect(mnist({ url, signal })).rejects.toThrow(new Error('enough'));
  });
});

describe('progress', () => {
  it('is told to a function', async () => {
    const told: DownloadProgress[] = [];
    await mnist({ url, verify: false, onProgress: (progress) => told.push(progress) });
    const length = packedSet()[names[0]].length;
    expect(told.filter(({ file }) => file === 'train-images-idx3-ubyte').at(-1)).toEqual({
      file: 'train-images-idx3-ubyte',
      received: length,
      total: length,
    });
    expect(written).toBe('');
  });

  it('is a line for each file', async () => {
    await mnist({ url, verify: false });
    const { length } = packedSet()[names[0]];
    expect(written.split('\n')[0]).toBe(`mnist: downloading ${names[0]}: ${(length / 1000).toFixed(1)} kB`);
    expect(written.split('\n').length).toBe(5);
  });

  it('is a line kept up to date on a terminal', async () => {
    // The rest of the file comes once its beginning was shown.
    let finish: (() => void) | undefined;
    const write = (text: string) => {
      written += text;
      finish?.();
      finish = undefined;
    };
    setPlatform({ ...platform, isInteractive: true, write });
    files[names[0]] = (response) => {
      const bytes = packedSet()[names[0]];
      finish = () => response.end(bytes.slice(20));
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.slice(0, 20));
    };
    await mnist({ url, verify: false });
    const line = `mnist: downloading ${names[0]}: `;
    const total = (packedSet()[names[0]].length / 1000).toFixed(1);
    expect(written.split('\n')[0]).toBe(
      `\r${line}0.0 kB of ${total} kB\r${`${line}${total} kB`.padEnd(line.length + 16)}`,
    );
  });

  it('is silent when asked', async () => {
    await mnist({ url, verify: false, verbose: 0 });
    expect(written).toBe('');
  });
});

const data = process.env.LANEGRAD_DATA ?? resolve(import.meta.dirname, '../../../shared/data/mnist');
const isHere = existsSync(join(data, 'train-images-idx3-ubyte.gz'));

describe.skipIf(!isHere)(`the full data set${isHere ? '' : ` (skipped: it is not in ${data})`}`, () => {
  it('is verified, kept, and then taken from the cache whatever the source', async () => {
    for (const name of names) files[name] = await readFile(join(data, name));
    await mnist({ url });
    expect(await cached()).toEqual(['mnist', [...names].sort()]);
    expect(written).toContain('mnist: downloading train-images-idx3-ubyte.gz: 9.');
    const offline = vi.fn();
    vi.stubGlobal('fetch', offline);
    expect((await mnist()).train.images.shape).toEqual([60000, 28, 28]);
    expect(offline).not.toHaveBeenCalled();
  });

  it('comes from the second mirror when the first has something else', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      const [, name] = /([^/]+)$/.exec(address)!;
      const isFirst = address.startsWith('https://storage.googleapis.com/');
      return new Response(isFirst ? new Uint8Array(packedSet()[name]) : await readFile(join(data, name)));
    });
    expect((await mnist()).test.images.shape).toEqual([10000, 28, 28]);
    expect(asked.slice(0, 2)).toEqual([
      'https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz',
      'https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz',
    ]);
  });
});
