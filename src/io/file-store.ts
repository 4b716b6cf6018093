// Models in folders. A save is one atomic thing: the weights get a file of their own, named by their content;
// model.json, which names it, is put in place last; what no model.json names any more is removed.

import { sha256 } from '../bytes.ts';
import { LanegradError, MissingError } from '../errors.ts';
import { readAs, text } from '../options/kinds.ts';
import { codeOf, fileError, fileProblem } from '../platform/file-problem.ts';
import { type Platform, platform } from '../platform/platform.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadSource,
  type ModelArtifacts,
  type SavedArtifacts,
  type SaveResult,
  type SaveTarget,
} from './artifacts.ts';
import {
  artifactsOf,
  descriptionText,
  type ModelDescription,
  parseDescription,
  weightsOf,
} from './model-json.ts';
import { byteLength, requireSize, wholeData } from './weight-data.ts';

const description = 'model.json';
/** Files that a save may leave behind: weights, under today's names and the old one, and what was not finished. */
const ours = /^(weights(-[0-9a-f]{16})?\.bin|model\.json)(\.[0-9a-f-]{36}\.tmp)?$/;

/** The last save of each folder: two at once would take each other's files for left behind. */
const saves = new Map<string, Promise<unknown>>();

/** A platform that has files. */
type Files = Required<Pick<Platform, 'readFile' | 'writeFile' | 'listFolder' | 'removeFile' | 'fileSize'>>;

function files(where: string): Files {
  if (platform.writeFile) return platform as Platform & Files;
  throw new LanegradError(
    `${where}: this runtime has no file system. Give an object with a save or load method, or another address.`,
  );
}

/** Saves to a folder and loads from it: its path, or the path of a model.json in it. */
export class FileStore implements SaveTarget<SaveResult>, LoadSource {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async save(artifacts: SavedArtifacts): Promise<SaveResult> {
    const before = saves.get(this.#path);
    const saved = Promise.resolve(before)
      .catch(() => {})
      .then(() => this.#replace(files('save'), artifacts));
    saves.set(this.#path, saved);
    try {
      await saved;
    } catch (cause) {
      throw fileError('save', this.#path, 'written', cause);
    } finally {
      if (saves.get(this.#path) === saved) saves.delete(this.#path);
    }
    return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts) };
  }

  async #replace(disk: Files, artifacts: SavedArtifacts): Promise<void> {
    const data = wholeData('save', artifacts.weightData);
    const weights = `weights-${(await sha256(data)).slice(0, 16)}.bin`;
    await disk.writeFile(`${this.#path}/${weights}`, data);
    const text = new TextEncoder().encode(descriptionText(artifacts, weights));
    await disk.writeFile(`${this.#path}/${description}`, text);
    for (const name of await disk.listFolder(this.#path)) {
      const isNamed = name === description || name === weights;
      if (ours.test(name) && !isNamed) await disk.removeFile(`${this.#path}/${name}`);
    }
  }

  /** @param limit the most bytes that weights may have */
  async load(limit = Number.POSITIVE_INFINITY): Promise<ModelArtifacts> {
    const disk = files('loadLayersModel');
    for (let text = await this.#readText(disk); ; ) {
      try {
        return await this.#loadDescribed(disk, parseDescription(this.#path, text), limit);
      } catch (error) {
        // Whoever saves meanwhile removes the weights that were named: read what takes their place.
        const now = await this.#readText(disk);
        if (now === text) throw error;
        text = now;
      }
    }
  }

  async #readText(disk: Files): Promise<string> {
    return reading(this.#path, async (file) => new TextDecoder().decode(await disk.readFile(file)));
  }

  async #loadDescribed(disk: Files, described: ModelDescription, limit: number): Promise<ModelArtifacts> {
    const folder = this.#path.slice(0, this.#path.lastIndexOf('/') + 1);
    const { weightSpecs, paths } = weightsOf(described);
    const expected = byteLength('loadLayersModel', weightSpecs);
    const sizes = await Promise.all(
      paths.map((path) => reading(folder + path, (file) => disk.fileSize(file))),
    );
    requireSize(
      'loadLayersModel',
      expected,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    requireAllowed(expected, limit);
    const parts: Uint8Array[] = [];
    for (const path of paths) parts.push(await reading(folder + path, (file) => disk.readFile(file)));
    return artifactsOf(described, weightSpecs, parts);
  }
}

/** @throws LanegradError for weights of more bytes than allowed. */
export function requireAllowed(bytes: number, limit: number): void {
  if (bytes > limit) {
    throw new LanegradError(
      `loadLayersModel: the weights are ${bytes} bytes; maxBytes allows no more than ${limit}.`,
    );
  }
}

async function reading<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): LanegradError {
  const code = codeOf(cause);
  const Kind = code === 'ENOENT' ? MissingError : LanegradError;
  const hint = path.endsWith('.json') ? '' : ' A saved model is read by its model.json.';
  return new Kind(`${fileProblem('loadLayersModel', path, 'read', cause)}${code === 'EISDIR' ? hint : ''}`, {
    cause,
  });
}

/** Saves to a folder, or loads the model.json at a path. @throws LanegradError for what is no path, such as a list of them */
export const fileSystem = (path: string): FileStore =>
  new FileStore(readAs(text, 'io.fileSystem: path', path));
