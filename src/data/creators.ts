// Where datasets begin: arrays, functions, generators, and several datasets side by side.

import { LanegradError } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Dataset, datasetFrom } from './dataset.ts';
import { mapLeaves } from './elements.ts';
import type { LazyIterator } from './lazy-iterator.ts';

const copied = (leaf: unknown): unknown => (leaf instanceof Tensor ? leaf.clone() : leaf);

/** A dataset of the items of an array, or of a typed one. A pass gives copies: arrays and objects may be changed, and tensors disposed of. */
export function array<T>(items: ArrayLike<T> & Iterable<T>): Dataset<T> {
  requireArgument('data.array: items', 'list', items);
  return datasetFrom(function* () {
    for (const item of items) yield mapLeaves(item, copied) as T;
  }, items.length);
}

/** What a function tells one by one: the next element, or that there is none. */
type NextElement<T> =
  | { readonly value: T; readonly done?: false }
  | { readonly value?: unknown; readonly done: true };

/**
 * A dataset of what `f` returns: it is called until it says `done`. A pass does not begin anew what the function
 * remembers: `generator` does.
 */
export function func<T>(f: () => NextElement<T> | Promise<NextElement<T>>): Dataset<T> {
  requireArgument('data.func: f', 'function', f);
  return datasetFrom<T>(() => ({ next: async () => (await f()) as IteratorResult<T> }));
}

/**
 * A dataset of what a generator function yields, or what the iterator that a function returns gives; for each pass it
 * is called anew.
 */
export function generator<T>(
  generate: () => Iterator<T> | AsyncIterator<T> | Promise<Iterator<T> | AsyncIterator<T>>,
): Dataset<T> {
  requireArgument('data.generator: generate', 'function', generate);
  return datasetFrom(async () => {
    const iterator = await generate();
    if (typeof iterator?.next === 'function') return iterator;
    throw new LanegradError(
      'data.generator: expected a function that returns an iterator, such as a generator function (function*).',
    );
  });
}

/** Datasets in arrays or objects, to go through side by side. */
export type DatasetContainer =
  | Dataset
  | readonly DatasetContainer[]
  | { readonly [key: string]: DatasetContainer };

/** What the elements of datasets side by side are; of any, any. */
export type Zipped<T> = 0 extends 1 & T
  ? T
  : T extends Dataset<infer Element>
    ? Element
    : T extends readonly unknown[]
      ? { -readonly [Index in keyof T]: Zipped<T[Index]> }
      : { -readonly [Key in keyof T]: Zipped<T[Key]> };

/**
 * A dataset whose elements have the structure of `datasets`, with an element of each in its place. It ends with the
 * shortest.
 */
export function zip<T extends DatasetContainer | [DatasetContainer]>(datasets: T): Dataset<Zipped<T>>;
/** The same, of which scripts say what the elements are. */
export function zip<Element>(datasets: DatasetContainer): Dataset<Element>;
export function zip(datasets: DatasetContainer): Dataset {
  const parts: Dataset[] = [];
  mapLeaves(datasets, (leaf) => parts.push(leaf as Dataset));
  if (parts.length === 0 || datasets instanceof Dataset || !parts.every((part) => part instanceof Dataset)) {
    throw new LanegradError('data.zip: expected an array or an object of datasets.');
  }
  const sizes = parts.map(({ size }) => size).filter((size) => size !== null);
  return datasetFrom<unknown>(
    async function* () {
      const iterators = new Map<unknown, LazyIterator<unknown>>();
      try {
        for (const dataset of new Set(parts)) iterators.set(dataset, await dataset.iterator());
        for (;;) {
          const results = new Map<unknown, IteratorResult<unknown>>();
          for (const [dataset, iterator] of iterators) results.set(dataset, await iterator.next());
          if ([...results.values()].some(({ done }) => done)) return;
          yield mapLeaves(datasets, (leaf) => results.get(leaf)!.value);
        }
      } finally {
        for (const iterator of iterators.values()) await iterator.return();
      }
    },
    sizes.length > 0 ? Math.min(...sizes) : null,
  );
}

const noDevice = (what: string, instead: string) =>
  new LanegradError(`data.${what}: lanegrad opens no devices. ${instead}`);

/** Not in lanegrad: says what takes its place. @throws LanegradError always, as a promise that is rejected. */
export async function webcam(): Promise<never> {
  throw noDevice('webcam', 'Draw a video on a canvas and read it with tf.browser.fromPixels.');
}

/** Not in lanegrad: says what takes its place. @throws LanegradError always, as a promise that is rejected. */
export async function microphone(): Promise<never> {
  throw noDevice(
    'microphone',
    "Read sound with the Web Audio API's AnalyserNode and make tensors of its arrays.",
  );
}
