// Tables as text, cut into rows: RFC 4180 by Papa Parse.

import Papa from 'papaparse';
import { LanegradError } from '../errors.ts';

export interface RowFormat {
  readonly delimiter: string;
  /** Whether any number of blanks is one delimiter. */
  readonly delimWhitespace: boolean;
}

/** So much text is parsed at once, at least. */
const portion = 2 ** 16;

/**
 * The rows of a text that comes in pieces, as many at a time as a piece has; a line without any character is a row with an empty field.
 * @throws LanegradError where a quote is opened and never closed.
 */
export async function* csvRows(texts: AsyncIterable<string>, format: RowFormat): AsyncGenerator<string[][]> {
  let rest = '';
  let enough = portion;
  for await (const text of texts) {
    rest += text;
    if (rest.length < enough) continue;
    const end = endOfRows(rest);
    if (end > 0) yield rowsOf(rest.slice(0, end), format);
    rest = rest.slice(end);
    // Where no row ends, twice as much is looked through next: a row may be as long as it likes.
    enough = Math.max(portion, 2 * rest.length);
  }
  if (rest) yield rowsOf(rest, format);
}

/** Where the last row that is whole ends: behind a line break before which all quotes are closed. */
function endOfRows(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  // From the end backwards: how many quotes lie before a line break is what is left of them.
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === '"') quotes--;
    else if (text[at] === '\n' && quotes % 2 === 0) return at + 1;
  }
  return 0;
}

function rowsOf(text: string, { delimiter, delimWhitespace }: RowFormat): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  if (errors.some(({ code }) => code === 'MissingQuotes')) {
    const [beginning] = data.at(-1) ?? [text];
    throw new LanegradError(
      `csv: a quote is opened and never closed in the row that begins with ${JSON.stringify(beginning.slice(0, 100))}.`,
    );
  }
  // Behind the line break at the end is no row.
  const rows = /[\r\n]$/.test(text) && isBlank(data.at(-1)!) ? data.slice(0, -1) : data;
  return delimWhitespace ? rows.map(withoutBlanks) : rows;
}

/** Whether a row is one empty field, as a line without any character is. */
export const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0] === '';

/** Between two delimiters side by side, and before the first of a line, is nothing. */
function withoutBlanks(row: readonly string[]): string[] {
  const fields = row.filter((field) => field !== '');
  return fields.length > 0 ? fields : [''];
}
