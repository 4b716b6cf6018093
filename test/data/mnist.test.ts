import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mnist } from '../../src/data/mnist.ts';
import { LanegradError } from '../../src/errors.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { idxOf, packedSet, smallSet, writeSet } from './idx-files.ts';

const sentence = (text: string) => new LanegradError(text);
const original = platform;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-mnist-'));
  setPlatform({ ...nodePlatform, cacheFolder: () => join(folder, 'cache'), environment: () => undefined });
});

afterEach(async () => {
  setPlatform(original);
  await rm(folder, { recursive: true });
});

describe('mnist from a folder', () => {
  it.each([
    ['packed', packedSet()],
    ['unpacked', smallSet()],
    [
      'named with a dot',
      Object.fromEntries(
        Object.entries(smallSet()).map(([name, bytes]) => [name.replace('-idx', '.idx'), bytes]),
      ),
    ],
  ])('reads files %s', async (_, files) => {
    await writeSet(folder, files);
    const { train, test } = await mnist({ folder, verify: false });
    expect([train.images.shape, train.images.dtype]).toEqual([[6, 3, 2], 'uint8']);
    expect(train.images.dataSync()[35]).toBe(35);
    expect([train.labels.dtype, train.labels.arraySync()]).toEqual(['uint8', [5, 0, 4, 1, 9, 2]]);
    expect([test.images.shape, test.labels.arraySync()]).toEqual([
      [4, 3, 2],
      [7, 2, 1, 0],
    ]);
  });

  it('verifies that the files are those of MNIST', async () => {
    await writeSet(folder, packedSet());
    const sha256 = createHash('sha256').update(smallSet()['train-images-idx3-ubyte']).digest('hex');
    await expect(mnist({ folder })).rejects.toThrow(
      sentence(
        `${folder}/train-images-idx3-ubyte.gz is not MNIST's train-images-idx3-ubyte: its content has SHA-256 ${sha256}; expected ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db. Replace the file, or pass verify: false when it is another data set.`,
      ),
    );
  });

  it('tells which file is missing', async () => {
    const { 't10k-labels-idx1-ubyte': _, ...three } = smallSet();
    await writeSet(folder, three);
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(
        `mnist: there is no t10k-labels-idx1-ubyte in ${folder}, packed (.gz) or not. Put the four files there, or leave out folder to download them.`,
      ),
    );
    await expect(mnist({ folder: `${folder}/none` })).rejects.toThrow(
      `mnist: there is no train-images-idx3-ubyte in ${folder}/none, packed`,
    );
    await expect(mnist({ folder: `${folder}/train-images-idx3-ubyte` })).rejects.toThrow(
      `mnist: there is no train-images-idx3-ubyte in ${folder}/train-images-idx3-ubyte, packed`,
    );
  });

  it('tells which file is truncated', async () => {
    const files = smallSet();
    files['train-labels-idx1-ubyte'] = files['train-labels-idx1-ubyte'].slice(0, 10);
    await writeSet(folder, files);
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(`${folder}/train-labels-idx1-ubyte is truncated: unsigned byte [6] takes 14 bytes; got 10.`),
    );
  });

  it('tells which archive is corrupt', async () => {
    const files = packedSet();
    files['train-labels-idx1-ubyte.gz'] = files['train-labels-idx1-ubyte.gz'].slice(0, 20);
    await writeSet(folder, files);
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(
        `${folder}/train-labels-idx1-ubyte.gz cannot be unpacked: its gzip data is corrupt or cut off.`,
      ),
    );
  });

  it('tells when a file holds something else', async () => {
    await writeSet(folder, { ...smallSet(), 'train-labels-idx1-ubyte': idxOf([6, 1]) });
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(`${folder}/train-labels-idx1-ubyte must hold uint8 of 1 dimension; it holds uint8 [6,1].`),
    );
    const floats = new Uint8Array([0, 0, 13, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    await writeSet(folder, { ...smallSet(), 'train-images-idx3-ubyte': floats });
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(
        `${folder}/train-images-idx3-ubyte must hold uint8 of 3 dimensions; it holds float32 [0,0,0].`,
      ),
    );
  });

  it('tells when images and labels do not belong together', async () => {
    await writeSet(folder, { ...smallSet(), 't10k-labels-idx1-ubyte': idxOf([5]) });
    await expect(mnist({ folder, verify: false })).rejects.toThrow(
      sentence(
        'mnist: t10k-images-idx3-ubyte holds 4 images and t10k-labels-idx1-ubyte 5 labels; the t10k files do not belong together.',
      ),
    );
  });

  it('tells when a file cannot be read', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }));
    setPlatform({ ...nodePlatform, readFile: denied });
    await expect(mnist({ folder })).rejects.toThrow(
      sentence(`mnist: ${folder}/train-images-idx3-ubyte.gz cannot be read: this program may not.`),
    );
  });

  it('tells when the platform reads no files', async () => {
    setPlatform(portablePlatform());
    await expect(mnist({ folder: '/data' })).rejects.toThrow(
      sentence('mnist: this runtime has no file system; give url in place of folder "/data".'),
    );
  });

  it('tells when it cannot verify', async () => {
    await writeSet(folder, smallSet());
    const { subtle } = crypto;
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      await expect(mnist({ folder })).rejects.toThrow(
        sentence(
          `${folder}/train-images-idx3-ubyte cannot be verified: crypto.subtle is missing, as in a page not served over https; pass verify: false to go without.`,
        ),
      );
    } finally {
      Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true });
    }
  });
});

describe('mnist from LANEGRAD_DATA', () => {
  it('reads the folder it names', async () => {
    await writeSet(folder, packedSet());
    setPlatform({ ...nodePlatform, environment: (name) => (name === 'LANEGRAD_DATA' ? folder : undefined) });
    expect((await mnist({ verify: false })).train.images.shape).toEqual([6, 3, 2]);
  });

  it('does not pass over a file there that is not right', async () => {
    await writeSet(folder, packedSet());
    setPlatform({ ...nodePlatform, environment: () => folder });
    await expect(mnist()).rejects.toThrow(/is not MNIST's train-images-idx3-ubyte: its content has SHA-256/);
  });
});

const data = process.env.LANEGRAD_DATA ?? resolve(import.meta.dirname, '../../../shared/data/mnist');
const isHere = existsSync(join(data, 'train-images-idx3-ubyte.gz'));

describe.skipIf(!isHere)(`the full data set${isHere ? '' : ` (skipped: it is not in ${data})`}`, () => {
  it('is verified and read', async () => {
    const { train, test } = await mnist({ folder: data });
    expect([train.images.shape, train.labels.shape]).toEqual([[60000, 28, 28], [60000]]);
    expect([test.images.shape, test.labels.shape]).toEqual([[10000, 28, 28], [10000]]);
    expect([...train.labels.dataSync().subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.dataSync().subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    let sum = 0;
    for (const pixel of train.images.dataSync()) sum += pixel;
    // The mean everyone normalizes MNIST by.
    expect(sum / 47_040_000 / 255).toBeCloseTo(0.1307, 4);
  });
});
