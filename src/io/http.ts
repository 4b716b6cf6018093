// Models on servers: loaded file by file, and saved by posting a form.

import { joined } from '../bytes.ts';
import { LanegradError, MissingError, shown } from '../errors.ts';
import type { SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { pageGlobal } from '../platform/page.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadHandler,
  type ModelArtifacts,
  type SaveHandler,
  type SaveResult,
} from './artifacts.ts';
import { artifactsOf, descriptionText, parseDescription, weightsOf } from './description.ts';
import { requireFit } from './file-store.ts';
import { type LoadOptions, loadOptions } from './load-options.ts';
import { byteLength, wholeData } from './weight-data.ts';

/** Saves to an address and loads from one: that of a model.json, and perhaps that of the weights. */
export class HttpStore implements SaveHandler<SaveResult>, LoadHandler {
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

  async save(artifacts: ModelArtifacts): Promise<SaveResult> {
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

  async load(): Promise<Partial<ModelArtifacts>> {
    const { onProgress, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const text = new TextDecoder().decode(await this.#download(this.#address));
    const described = parseDescription(this.#address, text);
    const { weightSpecs, paths } = weightsOf(described);
    const expected = byteLength('loadLayersModel', weightSpecs);
    requireFit(expected, expected, maxBytes);
    const addresses = await Promise.all(paths.map((path) => this.#addressOf(path)));
    let done = 0;
    onProgress?.(0);
    const parts = await Promise.all(
      addresses.map(async (address) => {
        const bytes = await this.#download(address);
        onProgress?.(++done / addresses.length);
        return bytes;
      }),
    );
    return artifactsOf(described, weightSpecs, joined(parts));
  }

  async #addressOf(path: string): Promise<string> {
    const { weightUrlConverter, weightPathPrefix } = this.#options;
    if (weightUrlConverter) return weightUrlConverter(path);
    const [beside, query = ''] = this.#beside.split(/(?=\?)/);
    return (weightPathPrefix ?? beside.slice(0, beside.lastIndexOf('/') + 1)) + path + query;
  }

  async #download(address: string): Promise<Uint8Array> {
    const response = await this.#fetch('loadLayersModel', address);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #fetch(where: string, address: string, init: object = {}): Promise<Response> {
    const { fetchFunc, requestInit } = this.#options;
    const ask = (fetchFunc ?? fetch) as (url: string, init?: object) => Promise<Response>;
    let response: Response;
    try {
      response = await ask(address, { ...init, ...requestInit });
    } catch (cause) {
      throw new LanegradError(`${where}: ${address} cannot be reached: ${(cause as Error).message}`, {
        cause,
      });
    }
    if (response.ok) return response;
    const Kind = response.status === 404 ? MissingError : LanegradError;
    throw new Kind(`${where}: ${address} answered ${response.status} ${response.statusText}.`);
  }
}

/** Whether addresses are those of servers. */
export const isHTTPScheme = (address: string): boolean => /^https?:\/\//.test(address);

/** Saves to a server by POST, and loads from one. @param address of model.json, or of that and of the weights */
export const http = (address: string | readonly string[], options?: LoadOptions): HttpStore =>
  new HttpStore(address, options);
