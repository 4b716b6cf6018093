// What is stored in a page, and moving it about.

import { LanegradError } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import { loadHandlerFor, saveHandlerFor } from './addresses.ts';
import { getModelArtifactsInfoForJSON, type ModelArtifactsInfo, type SavedArtifacts } from './artifacts.ts';
import { listIndexedDbModels, removeIndexedDbModel } from './indexed-db.ts';
import { listLocalModels, removeLocalModel } from './local-storage.ts';

/** Stores that can say what is in them. */
const stores = {
  'localstorage://': { list: listLocalModels, remove: removeLocalModel },
  'indexeddb://': { list: listIndexedDbModels, remove: removeIndexedDbModel },
} as const;

/** The models in the page's stores, by their addresses. */
export async function listModels(): Promise<Record<string, ModelArtifactsInfo>> {
  const lists = Object.entries(stores).map(async ([scheme, { list }]) =>
    Object.entries(await list()).map(([name, info]) => [scheme + name, info] as const),
  );
  return Object.fromEntries((await Promise.all(lists)).flat());
}

/**
 * Removes a model from a page's store.
 * @param address 'localstorage://…' or 'indexeddb://…'
 * @throws LanegradError where there is none.
 */
export async function removeModel(address: string): Promise<ModelArtifactsInfo> {
  requireArgument('removeModel: address', 'text', address);
  for (const [scheme, { remove }] of Object.entries(stores)) {
    if (address.startsWith(scheme)) return remove(address.slice(scheme.length));
  }
  throw new LanegradError(
    `removeModel: expected an address such as ${Object.keys(stores).join('… or ')}…; got ${JSON.stringify(address)}.`,
  );
}

/** Copies a model from one address to another. Its optimizer's state comes with it. */
export async function copyModel(source: string, target: string): Promise<ModelArtifactsInfo> {
  requireArgument('copyModel: source', 'text', source);
  requireArgument('copyModel: target', 'text', target);
  if (source === target) throw new LanegradError(`copyModel: ${source} is both where from and where to.`);
  const artifacts = (await loadHandlerFor('copyModel', source).load()) as SavedArtifacts;
  await saveHandlerFor('copyModel', target).save(artifacts);
  return getModelArtifactsInfoForJSON(artifacts);
}

/** Copies a model, and removes it where it was once the copy is there. */
export async function moveModel(source: string, target: string): Promise<ModelArtifactsInfo> {
  requireArgument('moveModel: source', 'text', source);
  if (!Object.keys(stores).some((scheme) => source.startsWith(scheme))) {
    throw new LanegradError(
      `moveModel: models can be moved from localstorage:// and indexeddb://; got ${source}.`,
    );
  }
  const info = await copyModel(source, target);
  await removeModel(source);
  return info;
}
