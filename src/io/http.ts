// Models on servers: loaded file by file, and saved by posting a form.

import { LanegradError, MissingError, shown } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import type { SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { requestProblem, signalOf, stopIfAborted } from '../options/stop-signal.ts';
import { pageGlobal } from '../platform/page.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadSource,
  type ModelArtifacts,
  type SavedArtifacts,
  type SaveResult,
  type SaveTarget,
} from './artifacts.ts';
import { requireAllowed } from './file-store.ts';
import { type LoadOptions, loadOptions } from './load-options.ts';
import {
  artifactsOf,
  descriptionText,
  parseDescription,
  requireManifest,
  type WeightsManifest,
  weightsOf,
} from './model-json.ts';
import { byteLength, decodeWeights, wholeData } from './weight-data.ts';

/** Saves to an address and loads from one: the address of a model.json, and perhaps another one of the weights. */
export class HttpStore implements SaveTarget<SaveResult>, LoadSource {
  readonly #address: string;
  /** Beside which the weights are. */
  readonly #beside: string;
  readonly #options: SettingsOf<typeof loadOptions>;

  constructor(address: string | readonly string[], options: LoadOptions = {}) {
    const addresses: readonly unknown[] = [address].flat();
    const [first, second = first] = addresses;
    if (typeof first !== 'string' || !first || typeof second !== 'string' || addresses.length > 2) {
      throw new LanegradError(`io.http: expected one address, or two in a list; got ${shown(address)}.`);
    }
    const settings = readOptions('io.http', loadOptions, options);
    if ((settings.requestInit as { body?: unknown } | undefined)?.body) {
      throw new LanegradError('io.http: requestInit must have no body: it is what is saved.');
    }
    this.#address = first;
    this.#beside = second;
    this.#options = settings;
  }

  async save(artifacts: SavedArtifacts): Promise<SaveResult> {
    const instead = 'Send what model.save({ save }) hands to your own function.';
    const Form = pageGlobal('save', 'FormData', instead);
    const File = pageGlobal('save', 'Blob', instead);
    const body = new Form();
    const weights = 'model.weights.bin';
    const text = descriptionText(artifacts, `./${weights}`);
    body.append('model.json', new File([text], { type: 'application/json' }), 'model.json');
    const data = wholeData('save', artifacts.weightData);
    body.append(weights, new File([data], { type: 'application/octet-stream' }), weights);
    const response = await this.#fetch('save', this.#address, { method: 'POST', body });
    return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts), responses: [response] };
  }

  async load(): Promise<ModelArtifacts> {
    const { onProgress, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const text = new TextDecoder().decode(await this.download(this.#address));
    // Another folder of a server is of the same origin; what a fetchFunc reads, nobody knows.
    const mayAscend = !this.#options.fetchFunc || /^https?:/.test(this.#address);
    const described = parseDescription(this.#address, text, mayAscend);
    const { weightSpecs, paths } = weightsOf(described);
    requireAllowed(byteLength('loadLayersModel', weightSpecs), maxBytes);
    const addresses = await Promise.all(paths.map((path) => this.#addressOf(path)));
    let done = 0;
    onProgress?.(0);
    const parts = await Promise.all(
      addresses.map(async (address) => {
        const bytes = await this.download(address);
        onProgress?.(++done / addresses.length);
        return bytes;
      }),
    );
    return artifactsOf(described, weightSpecs, parts);
  }

  async #addressOf(path: string): Promise<string> {
    const { weightUrlConverter, weightPathPrefix } = this.#options;
    if (weightUrlConverter) return weightUrlConverter(path);
    const [beside, query = ''] = this.#beside.split(/(?=\?)/);
    return (weightPathPrefix ?? beside.slice(0, beside.lastIndexOf('/') + 1)) + path + query;
  }

  /** The bytes that there are at an address. */
  async download(address: string): Promise<Uint8Array> {
    const response = await this.#fetch('loadLayersModel', address);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #fetch(where: string, address: string, init: object = {}): Promise<Response> {
    const { fetchFunc, requestInit } = this.#options;
    const ask = (fetchFunc ?? fetch) as (url: string, init?: object) => Promise<Response>;
    // Node 26 goes on writing a form to a request that was stopped before it began, and fails where nobody listens.
    stopIfAborted(where, signalOf(requestInit));
    let response: Response;
    try {
      response = await ask(address, { ...init, ...requestInit });
    } catch (cause) {
      throw requestProblem(`${where}: ${address}`, cause, requestInit);
    }
    if (response.ok) return response;
    const Kind = response.status === 404 ? MissingError : LanegradError;
    throw new Kind(`${where}: ${address} answered ${response.status} ${response.statusText}.`);
  }
}

/**
 * What loads weights, by name, of files that a function gets.
 * @param fetchWeightsFunction gives the bytes at each of the addresses that it is handed: of the manifest's paths, beside the
 * prefix that the loader is called with, '/' by default
 */
export function weightsLoaderFactory(
  fetchWeightsFunction: (addresses: string[]) => Promise<ArrayBuffer[]>,
): (
  manifest: WeightsManifest,
  filePathPrefix?: string,
  weightNames?: readonly string[] | null,
) => Promise<Record<string, Tensor>> {
  requireArgument('weightsLoaderFactory: fetchWeightsFunction', 'function', fetchWeightsFunction);
  return async (manifest, filePathPrefix = '/', weightNames) => {
    requireManifest('loadWeights', manifest);
    requireArgument('loadWeights: filePathPrefix', 'text', filePathPrefix);
    requireArgument('loadWeights: weightNames', 'texts', weightNames ?? []);
    const known = manifest.flatMap(({ weights }) => weights.map(({ name }) => name));
    const missing = weightNames?.filter((name) => !known.includes(name)) ?? [];
    if (missing.length > 0) {
      throw new LanegradError(
        `loadWeights: the manifest has no ${missing.join(', ')}; it has ${known.join(', ')}.`,
      );
    }
    const prefix = filePathPrefix && !filePathPrefix.endsWith('/') ? `${filePathPrefix}/` : filePathPrefix;
    const isWanted = (name: string) => weightNames?.includes(name) ?? true;
    const groups = manifest.filter(({ weights }) => weights.some(({ name }) => isWanted(name)));
    const addresses = groups.flatMap(({ paths }) => paths.map((path) => prefix + path));
    const files = [await fetchWeightsFunction(addresses)].flat();
    const loaded = groups.map(({ paths, weights }) => decodeWeights(files.splice(0, paths.length), weights));
    return Object.fromEntries(loaded.flatMap(Object.entries).filter(([name]) => isWanted(name)));
  };
}

/**
 * Weights from a server, by name.
 * @param filePathPrefix what the paths of the manifest are beside; the page by default
 * @param weightNames those that are wanted; all by default
 * @throws LanegradError for names that are not there, and files that cannot be had
 */
export async function loadWeights(
  manifest: WeightsManifest,
  filePathPrefix = '',
  weightNames?: readonly string[] | null,
  requestInit?: object | null,
): Promise<Record<string, Tensor>> {
  const store = new HttpStore('.', { requestInit: requestInit ?? undefined });
  const download = async (address: string) => (await store.download(address)).buffer as ArrayBuffer;
  const load = weightsLoaderFactory((addresses) => Promise.all(addresses.map(download)));
  return load(manifest, filePathPrefix, weightNames);
}

/** Whether addresses are of servers. */
export const isHTTPScheme = (address: string): boolean =>
  typeof address === 'string' && /^https?:\/\//.test(address);

/** Saves to a server by POST, and loads from one. @param address of model.json, or of that and of the weights */
export const http = (address: string | readonly string[], options?: LoadOptions): HttpStore =>
  new HttpStore(address, options);
