// Where bytes come from: addresses, files, blobs, streams. They are read piece by piece.

import type { StreamLike } from '../bytes.ts';
import { LanegradError, shown } from '../errors.ts';
import { requestProblem } from '../options/stop-signal.ts';
import { fileError } from '../platform/file-problem.ts';
import { platform } from '../platform/platform.ts';

/** A `Blob`, such as a `File` that somebody chose in a page. */
export interface BlobLike {
  stream(): StreamLike;
}

/** A `Request`. */
export interface RequestLike {
  readonly url: string;
}

/** What bytes are read from. A string is an address: http(s)://…, file://…, or one relative to a page. */
export type ByteSource =
  | string
  | RequestLike
  | BlobLike
  | StreamLike
  | Uint8Array
  | DataSource
  | (() => StreamLike | AsyncIterable<Uint8Array> | Promise<StreamLike | AsyncIterable<Uint8Array>>);

/** Options of `fetch`. */
export type RequestOptions = object;

const fileScheme = 'file://';

/** Something that bytes can be read from, from the beginning each time. */
export abstract class DataSource {
  abstract chunks(): AsyncIterable<Uint8Array>;
}

/** A file by its address ('file://…'), a `Blob` or `File`, or bytes. */
export class FileDataSource extends DataSource {
  readonly #input: string | BlobLike | Uint8Array;

  constructor(input: string | BlobLike | Uint8Array) {
    super();
    this.#input = input;
  }

  override chunks(): AsyncIterable<Uint8Array> {
    if (typeof this.#input === 'string') return fileChunks(this.#input);
    if (this.#input instanceof Uint8Array) return once(this.#input);
    return streamChunks(this.#input.stream());
  }
}

/** What a server answers; with 'file://', a file. */
export class URLDataSource extends DataSource {
  readonly #url: string | RequestLike;
  readonly #options: RequestOptions | undefined;

  constructor(url: string | RequestLike, options?: RequestOptions) {
    super();
    this.#url = url;
    this.#options = options;
  }

  override chunks(): AsyncIterable<Uint8Array> {
    const isFile = typeof this.#url === 'string' && this.#url.startsWith(fileScheme);
    return isFile ? fileChunks(this.#url as string) : fetchedChunks(this.#url, this.#options);
  }
}

/** A function that gives a stream for each pass. */
class MadeDataSource extends DataSource {
  readonly #open: () => unknown;

  constructor(open: () => unknown) {
    super();
    this.#open = open;
  }

  override async *chunks(): AsyncGenerator<Uint8Array> {
    const opened = await this.#open();
    if (isStream(opened)) yield* streamChunks(opened);
    else if (typeof (opened as AsyncIterable<Uint8Array>)?.[Symbol.asyncIterator] === 'function') {
      yield* opened as AsyncIterable<Uint8Array>;
    } else throw unknownSource(opened);
  }
}

/** @throws LanegradError for what no bytes can be read from. */
export function dataSource(source: ByteSource, options?: RequestOptions): DataSource {
  if (source instanceof DataSource) return source;
  if (typeof source === 'string') return new URLDataSource(source, options);
  if (typeof source === 'function') return new MadeDataSource(source);
  if (source instanceof Uint8Array) return new FileDataSource(source);
  if (isStream(source)) return new MadeDataSource(onlyOnce(source));
  if (typeof (source as BlobLike)?.stream === 'function') return new FileDataSource(source as BlobLike);
  if (typeof (source as RequestLike)?.url === 'string')
    return new URLDataSource(source as RequestLike, options);
  throw unknownSource(source);
}

const isStream = (value: unknown): value is StreamLike =>
  typeof (value as StreamLike | null)?.getReader === 'function';

const unknownSource = (source: unknown) =>
  new LanegradError(
    'data: expected an address, a File or Blob, bytes, a stream, or a function that returns a stream; ' +
      `got ${shown(source)}.`,
  );

function onlyOnce(stream: StreamLike): () => StreamLike {
  let isTaken = false;
  return () => {
    if (isTaken) {
      throw new LanegradError(
        'data: a stream can be read once only. Give a function that returns a new stream for each pass.',
      );
    }
    isTaken = true;
    return stream;
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* fileChunks(address: string): AsyncGenerator<Uint8Array> {
  if (!platform.readChunks) {
    throw new LanegradError(`data: this runtime has no file system; ${address} cannot be read.`);
  }
  try {
    yield* platform.readChunks(address.slice(fileScheme.length));
  } catch (cause) {
    throw fileError('data', address, 'read', cause);
  }
}

async function* fetchedChunks(
  url: string | RequestLike,
  options: RequestOptions | undefined,
): AsyncGenerator<Uint8Array> {
  const name = typeof url === 'string' ? url : url.url;
  const response = await fetch(url, options).catch((cause: Error) => {
    throw requestProblem(`data: ${name}`, cause, options);
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new LanegradError(`data: ${name} answered ${response.status} ${response.statusText}`.trimEnd());
  }
  if (response.body) yield* streamChunks(response.body as StreamLike);
}

async function* streamChunks(stream: StreamLike): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      yield value!;
    }
  } finally {
    // Whoever stops early has no use for the rest, nor for the reason why it cannot be closed.
    if (!isDone) await reader.cancel().catch(() => {});
  }
}

/** The text of bytes in UTF-8, a mark at its beginning left out. */
export async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text) yield text;
  }
  const rest = decoder.decode();
  if (rest) yield rest;
}
