/* The MNIST handwritten digits, and data sets in the same four files: found, downloaded, verified and kept. */

import { sha256 } from '../bytes.ts';
import { LanegradError } from '../errors.ts';
import { flag, functionOf, text, verbosity } from '../options/kinds.ts';
import { type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { stopIfAborted, stopSignal } from '../options/stop-signal.ts';
import { codeOf, fileError, fileProblem } from '../platform/file-problem.ts';
import { platform } from '../platform/platform.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type DownloadProgress, download, progressLine } from './download.ts';
import { gunzip, isGzip } from './gzip.ts';
import { type IdxContent, parseIdx } from './idx.ts';

const mnistOptions = {
  /** Where the four files are, packed or not. Nothing else is tried. */
  folder: optional(text),
  /** The address of a folder that serves the four files. Default: two public mirrors. */
  url: optional(text),
  /**
   * Whether the files must be those of MNIST, verified by SHA-256. Default: true. Set it to false for another data set
   * in the same layout, such as Fashion-MNIST, together with `folder` or `url`.
   */
  verify: optional(flag, true),
  /** Whether downloads are shown on the terminal. Default: true. */
  verbose: optional(verbosity, true),
  /** Called as bytes come, in place of what is shown on the terminal. */
  onProgress: optional(functionOf<(progress: DownloadProgress) => void>()),
  /** Stops the download; `mnist` then throws the signal's reason. */
  signal: optional(stopSignal),
};

export interface MnistOptions extends OptionsOf<typeof mnistOptions> {}
type Settings = SettingsOf<typeof mnistOptions>;

/** Images `[count, height, width]` and labels `[count]`, both uint8. */
export interface MnistPart {
  images: Tensor;
  labels: Tensor;
}

/** 60000 images to train on and 10000 to test with. */
export interface Mnist {
  train: MnistPart;
  test: MnistPart;
}

interface File {
  name: string;
  rank: number;
  sha256: string;
}

const trainImages: File = {
  name: 'train-images-idx3-ubyte',
  rank: 3,
  sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
};
const trainLabels: File = {
  name: 'train-labels-idx1-ubyte',
  rank: 1,
  sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
};
const testImages: File = {
  name: 't10k-images-idx3-ubyte',
  rank: 3,
  sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
};
const testLabels: File = {
  name: 't10k-labels-idx1-ubyte',
  rank: 1,
  sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

const mirrors = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];

/** The names a file goes by; some tools unpack the archives under the ones with a dot. */
function namesOf(file: File): string[] {
  const dotted = file.name.replace('-idx', '.idx');
  return [`${file.name}.gz`, file.name, `${dotted}.gz`, dotted];
}

function digestOf(bytes: Uint8Array, where: string): Promise<string> {
  if (crypto.subtle) return sha256(bytes);
  throw new LanegradError(
    `${where} cannot be verified: crypto.subtle is missing, as in a page not served over https; pass verify: false to go without.`,
  );
}

/** Unpacks, reads and verifies one file. */
async function unpack(bytes: Uint8Array, file: File, where: string, verify: boolean): Promise<IdxContent> {
  const plain = isGzip(bytes) ? await gunzip(bytes, where) : bytes;
  const content = parseIdx(plain, where);
  const { shape, dtype } = content;
  if (shape.length !== file.rank || dtype !== 'uint8') {
    const expected = `uint8 of ${file.rank} dimension${file.rank === 1 ? '' : 's'}`;
    throw new LanegradError(`${where} must hold ${expected}; it holds ${dtype} ${formatShape(shape)}.`);
  }
  if (verify) {
    const got = await digestOf(plain, where);
    if (got !== file.sha256) {
      throw new LanegradError(
        `${where} is not MNIST's ${file.name}: its content has SHA-256 ${got}; expected ${file.sha256}. Replace the file, or pass verify: false when it is another data set.`,
      );
    }
  }
  return content;
}

/** The file's bytes, or undefined when there is none at `path`. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await platform.readFile?.(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) as string)) return undefined;
    throw fileError('mnist', path, 'read', error);
  }
}

async function fromFolder(folder: string, file: File, verify: boolean): Promise<IdxContent | undefined> {
  for (const name of namesOf(file)) {
    const path = `${folder}/${name}`;
    const bytes = await readIfThere(path);
    if (bytes !== undefined) return unpack(bytes, file, path, verify);
  }
  return undefined;
}

/** As `fromFolder`, but a file that is not right is as good as none: it is downloaded again. */
async function fromCache(folder: string, file: File, verify: boolean): Promise<IdxContent | undefined> {
  for (const name of namesOf(file)) {
    try {
      const bytes = await readIfThere(`${folder}/${name}`);
      if (bytes !== undefined) return await unpack(bytes, file, name, verify);
    } catch (error) {
      if (!(error instanceof LanegradError)) throw error;
    }
  }
  return undefined;
}

/** Keeps a download for the next time. One that cannot be kept is only told: the data is here all the same. */
async function keep(folder: string, file: File, bytes: Uint8Array, isShown: boolean): Promise<void> {
  const path = `${folder}/${file.name}${isGzip(bytes) ? '.gz' : ''}`;
  try {
    await platform.writeFile?.(path, bytes);
  } catch (error) {
    if (isShown) platform.write(`${fileProblem('mnist', path, 'written', error)}\n`);
  }
}

/**
 * Where downloads are kept, if the platform keeps any. Verified files are the same wherever they came from; others
 * have a folder for each address.
 */
async function cacheOf(options: Settings): Promise<string | undefined> {
  const root = platform.readFile && platform.cacheFolder?.();
  if (root === undefined) return undefined;
  if (options.url === undefined || options.verify) return `${root}/mnist`;
  const address = await digestOf(new TextEncoder().encode(options.url), options.url);
  return `${root}/idx-${address.slice(0, 16)}`;
}

/** From the first address that has the file. @param tried takes what was wrong with the others */
async function fromNetwork(
  file: File,
  options: Settings,
  cache: string | undefined,
  tried: string[],
): Promise<IdxContent | undefined> {
  const { url, signal } = options;
  for (const base of url === undefined ? mirrors : [url.replace(/\/*$/, '/')]) {
    try {
      const content = await fromServer(base, file, options, cache);
      if (content !== undefined) return content;
      tried.push(`${base} has no file of that name`);
    } catch (error) {
      stopIfAborted('mnist', signal);
      if (!(error instanceof LanegradError)) throw error;
      tried.push(error.message.replace(/\.$/, ''));
    }
  }
  return undefined;
}

async function fromServer(
  base: string,
  file: File,
  { verify, verbose, onProgress, signal }: Settings,
  cache: string | undefined,
): Promise<IdxContent | undefined> {
  const isShown = onProgress === undefined && Boolean(verbose);
  for (const name of namesOf(file)) {
    const line = progressLine(`mnist: downloading ${name}`);
    const onBytes = (received: number, total: number | undefined): void => {
      onProgress?.({ file: file.name, received, total });
      if (isShown) line.update(received, total);
    };
    const bytes = await download(base + name, onBytes, signal).finally(() => line.end());
    if (bytes === undefined) continue;
    const content = await unpack(bytes, file, base + name, verify);
    if (cache !== undefined) await keep(cache, file, bytes, isShown);
    return content;
  }
  return undefined;
}

async function load(file: File, options: Settings): Promise<IdxContent> {
  const { folder, url, verify, signal } = options;
  stopIfAborted('mnist', signal);
  if (folder !== undefined) {
    if (platform.readFile === undefined) {
      throw new LanegradError(
        `mnist: this runtime has no file system; give url in place of folder "${folder}".`,
      );
    }
    const content = await fromFolder(folder, file, verify);
    if (content !== undefined) return content;
    throw new LanegradError(
      `mnist: there is no ${file.name} in ${folder}, packed (.gz) or not. Put the four files there, or leave out folder to download them.`,
    );
  }
  const tried: string[] = [];
  const shared = url === undefined ? platform.environment?.('LANEGRAD_DATA') : undefined;
  if (shared) {
    const content = await fromFolder(shared, file, verify);
    if (content !== undefined) return content;
    tried.push(`LANEGRAD_DATA is ${shared}, which has no file of that name`);
  }
  const cache = await cacheOf(options);
  const content =
    (cache === undefined ? undefined : await fromCache(cache, file, verify)) ??
    (await fromNetwork(file, options, cache, tried));
  if (content !== undefined) return content;
  throw new LanegradError(
    `mnist: ${file.name} could not be loaded. Tried: ${tried.join('; ')}. Give folder a path that holds the four files, or url an address that serves them.`,
  );
}

async function loadPart(name: string, images: File, labels: File, options: Settings): Promise<MnistPart> {
  const x = await load(images, options);
  const y = await load(labels, options);
  if (x.shape[0] !== y.shape[0]) {
    throw new LanegradError(
      `mnist: ${images.name} holds ${x.shape[0]} images and ${labels.name} ${y.shape[0]} labels; the ${name} files do not belong together.`,
    );
  }
  return { images: new Tensor(x.data, x.shape, x.dtype), labels: new Tensor(y.data, y.shape, y.dtype) };
}

/**
 * The MNIST digits: images uint8 `[60000, 28, 28]` and labels uint8 `[60000]` to train on, 10000 of each to test.
 *
 * They come from `folder` when it is given; else from `url`; else from the folder that the environment variable
 * LANEGRAD_DATA names; else from two public mirrors. Downloads are kept in the platform's cache folder and not
 * made twice. Each file's content is verified by SHA-256 unless `verify` is false.
 * @throws LanegradError when a file is missing, truncated, corrupt or another one, with what was tried.
 */
export async function mnist(given: MnistOptions = {}): Promise<Mnist> {
  const options = readOptions('mnist', mnistOptions, given);
  const train = await loadPart('train', trainImages, trainLabels, options);
  const test = await loadPart('t10k', testImages, testLabels, options);
  return { train, test };
}
