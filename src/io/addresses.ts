// Which handler an address is for, by its scheme. Stores of pages, which list their models, stand in stores.ts too.

import { LanegradError, shown } from '../errors.ts';
import { nearestName } from '../names.ts';
import { requireArgument } from '../options/arguments.ts';
import { platform } from '../platform/platform.ts';
import type { IOHandler, LoadSource, SaveResult, SaveTarget } from './artifacts.ts';
import { Downloads } from './browser-files.ts';
import { FileStore } from './file-store.ts';
import { HttpStore, isHTTPScheme } from './http.ts';
import { IndexedDbStore } from './indexed-db.ts';
import type { LoadOptions } from './load-options.ts';
import { LocalStore } from './local-storage.ts';

type Address = string | string[];
/** Gives a handler for the addresses that it knows, and null for all others. */
export type Router<Handler> = (address: Address, options?: LoadOptions) => Handler | null;

const withScheme =
  <Handler>(scheme: string, make: (path: string, options?: LoadOptions) => Handler): Router<Handler> =>
  (address, options) =>
    typeof address === 'string' && address.startsWith(scheme)
      ? make(address.slice(scheme.length), options)
      : null;

const files = withScheme('file://', (path, options) => {
  const store = new FileStore(path);
  return {
    save: store.save.bind(store),
    load: () => store.load(options?.maxBytes ?? undefined),
  };
});
const http: Router<HttpStore> = (address, options) =>
  [address].flat().every(isHTTPScheme) ? new HttpStore(address, options) : null;
const localStorage = withScheme('localstorage://', (name) => new LocalStore(name));
const indexedDb = withScheme('indexeddb://', (name) => new IndexedDbStore(name));
const downloads = withScheme('downloads://', (name) => new Downloads(name));

const saveRouters: Router<SaveTarget>[] = [files, http, localStorage, indexedDb, downloads];
const loadRouters: Router<LoadSource>[] = [files, http, localStorage, indexedDb];
/** Those of scripts, which go before: on Node.js TensorFlow.js leaves all schemes to them. */
const ownSaveRouters: Router<SaveTarget>[] = [];
const ownLoadRouters: Router<LoadSource>[] = [];

/** Adds a scheme to save to. */
export function registerSaveRouter(router: Router<SaveTarget | IOHandler>): void {
  requireArgument('registerSaveRouter: router', 'function', router);
  ownSaveRouters.push(router as Router<SaveTarget>);
}

/** Adds a scheme to load from. */
export function registerLoadRouter(router: Router<LoadSource | IOHandler>): void {
  requireArgument('registerLoadRouter: router', 'function', router);
  ownLoadRouters.push(router as Router<LoadSource>);
}

/** The handlers that can save to an address. */
export const getSaveHandlers = (address: Address): SaveTarget<SaveResult>[] =>
  (handlersOf(ownSaveRouters, address) ?? handlersOf(saveRouters, address) ?? []) as SaveTarget<SaveResult>[];

/** The handlers that can load from an address. */
export const getLoadHandlers = (address: Address, options?: LoadOptions): LoadSource[] =>
  handlersOf(ownLoadRouters, address, options) ?? handlersOf(loadRouters, address, options) ?? [];

/** What routers give for an address; undefined where that is nothing. */
function handlersOf<Handler>(
  routers: readonly Router<Handler>[],
  address: Address,
  options?: LoadOptions,
): Handler[] | undefined {
  const handlers = routers.map((router) => router(address, options)).filter((handler) => handler !== null);
  return handlers.length > 0 ? handlers : undefined;
}

const schemes = ['file://', 'https://', 'http://', 'localstorage://', 'indexeddb://', 'downloads://'];

/** @throws LanegradError where no handler, or more than one, is registered for the address, or it cannot save. */
export const saveHandlerFor = (where: string, address: string): SaveTarget =>
  theOne(where, 'save', 'file://models/mnist', address, getSaveHandlers(address));

/** @throws LanegradError where no handler, or more than one, is registered for the address, or it cannot load. */
export function loadHandlerFor(where: string, address: Address, options?: LoadOptions): LoadSource {
  const handlers = getLoadHandlers(address, options);
  // What a page cannot tell apart, `fetch` may know, and so may a function in its place anywhere.
  const isFetched = typeof address === 'string' && (options?.fetchFunc || !platform.readFile);
  if (handlers.length === 0 && isFetched) return new HttpStore(address, options);
  return theOne(where, 'load', 'file://models/mnist/model.json or https://…', address, handlers);
}

const told = (address: unknown): string =>
  typeof address === 'string' ? JSON.stringify(address) : shown(address);

function theOne<Handler extends { save?: unknown; load?: unknown }>(
  where: string,
  method: 'save' | 'load',
  example: string,
  address: Address,
  handlers: readonly Handler[],
): Handler {
  if (handlers.length === 1) {
    if (typeof handlers[0][method] === 'function') return handlers[0];
    throw new LanegradError(
      `${where}: the handler that is registered for ${told(address)} has no ${method} method.`,
    );
  }
  if (handlers.length > 1) {
    throw new LanegradError(`${where}: ${handlers.length} handlers are registered for ${told(address)}.`);
  }
  const [scheme] = (typeof address === 'string' && /^\w+:\/\//.exec(address)) || [''];
  const nearest = scheme && nearestName(scheme, schemes);
  const hint = nearest ? ` Did you mean ${nearest}?` : '';
  throw new LanegradError(`${where}: expected an address such as ${example}; got ${told(address)}.${hint}`);
}
