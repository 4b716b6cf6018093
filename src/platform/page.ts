// What pages have and other runtimes may lack: storage, documents, downloads. Asked for when it is needed, so that a
// runtime without it says so.

import { LanegradError } from '../errors.ts';

/** The web's `Storage`. */
export interface TextStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Database {
  createObjectStore(name: string, options: { keyPath: string }): unknown;
  transaction(stores: readonly string[], mode: 'readonly' | 'readwrite'): Transaction;
  close(): void;
}

export interface Transaction {
  objectStore(name: string): ObjectStore;
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
}

export interface ObjectStore {
  get(key: string): DatabaseRequest<unknown>;
  getAll(): DatabaseRequest<readonly unknown[]>;
  put(value: object): DatabaseRequest<unknown>;
  delete(key: string): DatabaseRequest<unknown>;
}

export interface DatabaseRequest<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface OpenRequest extends DatabaseRequest<Database> {
  onupgradeneeded: (() => void) | null;
}

/** A link of a page. */
export interface Anchor {
  href: string;
  download: string;
  click(): void;
}

/** What draws on a canvas in two dimensions. */
export interface Context2D {
  readonly canvas: Canvas;
  drawImage(source: unknown, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): ImagePixels;
  putImageData(pixels: ImagePixels, x: number, y: number): void;
}

export interface Canvas {
  width: number;
  height: number;
  getContext(kind: string, options?: object): Context2D | null;
}

/** Pixels in rows, four bytes each: red, green, blue, opacity. The web's `ImageData`. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface PageGlobals {
  readonly navigator: { readonly userAgent: string };
  readonly localStorage: TextStorage;
  readonly indexedDB: { open(name: string, version: number): OpenRequest };
  readonly document: { createElement(tag: 'a'): Anchor; createElement(tag: 'canvas'): Canvas };
  readonly Blob: new (parts: readonly unknown[], options?: { type?: string }) => object;
  readonly FormData: new () => { append(name: string, value: object, file: string): void };
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  readonly OffscreenCanvas: new (width: number, height: number) => Canvas;
  readonly ImageData: new (pixels: Uint8ClampedArray, width: number, height: number) => ImagePixels;
  /** In web workers, which have no document. */
  readonly WorkerGlobalScope: object;
}

/** A global of pages, or undefined where this runtime lacks it or does not let it be used. */
export function findPageGlobal<Name extends keyof PageGlobals>(name: Name): PageGlobals[Name] | undefined {
  try {
    return (globalThis as unknown as Partial<PageGlobals>)[name] ?? undefined;
  } catch {
    // A page in a frame without rights throws when its storage is named.
    return undefined;
  }
}

/** A global of pages. @throws LanegradError where this runtime lacks it. @param instead what to do then */
export function pageGlobal<Name extends keyof PageGlobals>(
  where: string,
  name: Name,
  instead: string,
): PageGlobals[Name] {
  const found = findPageGlobal(name);
  if (found) return found;
  throw new LanegradError(`${where}: this runtime has no ${name}. ${instead}`);
}
