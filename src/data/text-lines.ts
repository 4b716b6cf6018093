// Lines of a text as a dataset.

import { Dataset } from './dataset.ts';
import { LazyIterator } from './lazy-iterator.ts';
import { type ByteSource, type DataSource, dataSource, decoded, type RequestOptions } from './sources.ts';

/** Lines of a text, without what ends them; the last need not be ended. */
export class TextLineDataset extends Dataset<string> {
  readonly #source: DataSource;

  constructor(source: ByteSource, requestOptions?: RequestOptions) {
    super();
    this.#source = dataSource(source, requestOptions);
  }

  override async iterator(): Promise<LazyIterator<string>> {
    return new LazyIterator(linesOf(decoded(this.#source.chunks())));
  }
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield withoutReturn(line);
  }
  if (rest !== '') yield withoutReturn(rest);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
