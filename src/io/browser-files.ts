// Models as files that a page's user gets as downloads, and chooses to load.

import { LanegradError } from '../errors.ts';
import { pageGlobal } from '../platform/page.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadSource,
  type ModelArtifacts,
  type SavedArtifacts,
  type SaveResult,
  type SaveTarget,
} from './artifacts.ts';
import { artifactsOf, descriptionText, parseDescription, weightsOf } from './model-json.ts';
import { byteLength, requireSize, wholeData } from './weight-data.ts';

/** Browsers keep a download's address until it began, and say nothing of when that was. */
const keptFor = 60_000;

/** Saves as two downloads: NAME.json and NAME.weights.bin. */
export class Downloads implements SaveTarget<SaveResult> {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name || 'model';
  }

  async save(artifacts: SavedArtifacts): Promise<SaveResult> {
    const weights = `${this.#name}.weights.bin`;
    const text = descriptionText(artifacts, `./${weights}`);
    await download(`${this.#name}.json`, text, 'application/json');
    await download(weights, wholeData('save', artifacts.weightData), 'application/octet-stream');
    return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts) };
  }
}

async function download(name: string, content: unknown, type: string): Promise<void> {
  const instead = 'downloads:// is for pages; save to file:// here.';
  const page = pageGlobal('save', 'document', instead);
  const addresses = pageGlobal('save', 'URL', instead);
  const File = pageGlobal('save', 'Blob', instead);
  const link = page.createElement('a');
  link.download = name;
  link.href = addresses.createObjectURL(new File([content], { type }));
  // Browsers that get two downloads in one turn keep only the last.
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  link.click();
  setTimeout(() => addresses.revokeObjectURL(link.href), keptFor);
}

/** A file that somebody chose: the web's `File`. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

class ChosenFiles implements LoadSource {
  readonly #json: ChosenFile;
  readonly #weights: readonly ChosenFile[];

  constructor([json, ...weights]: readonly ChosenFile[]) {
    this.#json = json;
    this.#weights = weights;
  }

  async load(): Promise<ModelArtifacts> {
    const text = new TextDecoder().decode(await this.#json.arrayBuffer());
    const described = parseDescription(this.#json.name, text);
    // As in TensorFlow.js, a description alone is a model with new weights.
    if (this.#weights.length === 0) return { modelTopology: described.modelTopology };
    const { weightSpecs, paths } = weightsOf(described);
    const chosen = paths.map((path) => this.#find(path));
    if (chosen.length !== this.#weights.length) {
      throw new LanegradError(
        `io.browserFiles: ${this.#json.name} names ${chosen.length} files of weights; got ${this.#weights.length}.`,
      );
    }
    const found = chosen.reduce((sum, { size }) => sum + size, 0);
    requireSize('loadLayersModel', byteLength('loadLayersModel', weightSpecs), found);
    const buffers = await Promise.all(chosen.map((file) => file.arrayBuffer()));
    return artifactsOf(described, weightSpecs, buffers);
  }

  #find(path: string): ChosenFile {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const file = this.#weights.find((each) => each.name === name);
    if (file) return file;
    throw new LanegradError(
      `io.browserFiles: ${this.#json.name} needs ${name}, which is not among the files.`,
    );
  }
}

/** Loads from files that somebody chose: the model's JSON first, then its weights in any order, or none for new ones. */
export function browserFiles(files: readonly ChosenFile[]): LoadSource {
  // What a page's input gives is a list of its own kind.
  const list = files && Symbol.iterator in Object(files) ? [...files] : [];
  if (list.length >= 1) return new ChosenFiles(list);
  throw new LanegradError('io.browserFiles: expected at least the JSON file of a model.');
}
