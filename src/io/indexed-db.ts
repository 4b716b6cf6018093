// Models in a page's IndexedDB, in the database and the stores of TensorFlow.js.

import { joined } from '../bytes.ts';
import { LanegradError, MissingError } from '../errors.ts';
import {
  type Database,
  type DatabaseRequest,
  findPageGlobal,
  type PageGlobals,
  pageGlobal,
  type Transaction,
} from '../platform/page.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadSource,
  type ModelArtifacts,
  type ModelArtifactsInfo,
  type SavedArtifacts,
  type SaveResult,
  type SaveTarget,
} from './artifacts.ts';
import { wholeData } from './weight-data.ts';

const stores = { models: 'models_store', infos: 'model_info_store' } as const;

/** Saves to IndexedDB and loads from it. */
export class IndexedDbStore implements SaveTarget<SaveResult>, LoadSource {
  readonly #name: string;

  constructor(name: string) {
    if (!name) throw new LanegradError('indexeddb:// must be followed by a name for the model.');
    this.#name = name;
  }

  async save(artifacts: SavedArtifacts): Promise<SaveResult> {
    const modelArtifactsInfo = getModelArtifactsInfoForJSON(artifacts);
    const weightData = joined([wholeData('save', artifacts.weightData)]).buffer;
    const info = { modelPath: this.#name, modelArtifactsInfo };
    await within('save', 'readwrite', (transaction) => {
      // First what may be refused: nothing stays then.
      transaction.objectStore(stores.models).put({ ...info, modelArtifacts: { ...artifacts, weightData } });
      transaction.objectStore(stores.infos).put(info);
    });
    return { modelArtifactsInfo };
  }

  async load(): Promise<ModelArtifacts> {
    const request = await within('loadLayersModel', 'readonly', (transaction) =>
      transaction.objectStore(stores.models).get(this.#name),
    );
    const found = request.result as { modelArtifacts: ModelArtifacts } | undefined;
    if (found) return found.modelArtifacts;
    throw new MissingError(`loadLayersModel: IndexedDB has no model named ${this.#name}.`);
  }
}

interface InfoRecord {
  readonly modelPath: string;
  readonly modelArtifactsInfo: ModelArtifactsInfo;
}

/** All models in IndexedDB by name; none where this runtime has no such thing. */
export async function listIndexedDbModels(): Promise<Record<string, ModelArtifactsInfo>> {
  if (!findPageGlobal('indexedDB')) return {};
  const { result } = await within('listModels', 'readonly', (transaction) =>
    transaction.objectStore(stores.infos).getAll(),
  );
  const records = result as readonly InfoRecord[];
  return Object.fromEntries(
    records.map(({ modelPath, modelArtifactsInfo }) => [modelPath, modelArtifactsInfo]),
  );
}

/** @throws LanegradError where there is no model of that name. */
export async function removeIndexedDbModel(name: string): Promise<ModelArtifactsInfo> {
  const request = await within('removeModel', 'readwrite', (transaction) => {
    const info = transaction.objectStore(stores.infos).get(name);
    for (const store of Object.values(stores)) transaction.objectStore(store).delete(name);
    return info;
  });
  const found = request.result as InfoRecord | undefined;
  if (found) return found.modelArtifactsInfo;
  throw new LanegradError(`removeModel: IndexedDB has no model named ${name}.`);
}

/** What `act` returns, once its transaction over both stores is done: all of it, or none. */
async function within<T>(
  where: string,
  mode: 'readonly' | 'readwrite',
  act: (transaction: Transaction) => T,
): Promise<T> {
  const database = await openDatabase(where);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(Object.values(stores), mode);
      const fail = () => reject(failure(where, transaction.error));
      const result = act(transaction);
      transaction.oncomplete = () => resolve(result);
      transaction.onerror = fail;
      transaction.onabort = fail;
    });
  } finally {
    database.close();
  }
}

async function openDatabase(where: string): Promise<Database> {
  const factory = pageGlobal(where, 'indexedDB', 'Save to file://, or to an object with a save method.');
  const request = opened(where, factory);
  request.onupgradeneeded = () => {
    for (const store of Object.values(stores))
      request.result.createObjectStore(store, { keyPath: 'modelPath' });
  };
  return resultOf(where, request);
}

function opened(where: string, factory: PageGlobals['indexedDB']) {
  try {
    return factory.open('tensorflowjs', 1);
  } catch (cause) {
    // A page in a frame without rights.
    throw failure(where, cause as Error);
  }
}

const resultOf = <T>(where: string, request: DatabaseRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(where, request.error));
  });

const failure = (where: string, cause: Error | null) =>
  new LanegradError(`${where}: IndexedDB failed: ${cause?.message ?? 'the transaction was given up'}`, {
    cause,
  });
