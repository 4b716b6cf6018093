// Tables as text, cut into rows as RFC 4180 has them.

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
    const { rows, end } = rowsOf(rest, format, false);
    if (rows.length > 0) yield rows;
    rest = rest.slice(end);
    // Where no row ends, twice as much is looked through next: a row may be as long as it likes.
    enough = Math.max(portion, 2 * rest.length);
  }
  if (rest) yield rowsOf(rest, format, true).rows;
}

/** The rows of a text that are whole, and where they end. @param isAll whether the text ends there, and so its last row */
function rowsOf(text: string, { delimiter, delimWhitespace }: RowFormat, isAll: boolean) {
  const mark = `(${delimiter.replace(/\W/g, '\\$&')}|\r\n?|\n|$)`;
  const plainEnd = new RegExp(mark, 'g');
  // Two quotes are one that belongs to the field, and so is one behind which no field ends.
  const quotedEnd = new RegExp(`"(?:"|[^\\S\r\n]*?${mark}|)`, 'g');
  const rows: string[][] = [];
  let [row, at, end]: [string[], number, number] = [[], 0, 0];
  while (at < text.length || row.length > 0) {
    const isQuoted = text[at] === '"';
    const pattern = isQuoted ? quotedEnd : plainEnd;
    const begin = isQuoted ? at + 1 : at;
    pattern.lastIndex = begin;
    let found = pattern.exec(text);
    while (found && found[1] === undefined) found = pattern.exec(text);
    if (!found) {
      if (!isAll) break;
      const beginning = JSON.stringify((row[0] ?? text.slice(begin)).slice(0, 100));
      throw new LanegradError(
        `csv: a quote is opened and never closed in the row that begins with ${beginning}.`,
      );
    }
    const field = text.slice(begin, found.index);
    row.push(isQuoted ? field.replaceAll('""', '"') : field);
    at = pattern.lastIndex;
    if (found[1] === delimiter) continue;
    // Where more follows, it may go on with the field, or with a line break of two characters.
    if (!isAll && found[1] !== '\n' && at === text.length) break;
    rows.push(delimWhitespace ? withoutBlanks(row) : row);
    [row, end] = [[], at];
  }
  return { rows, end };
}

/** Whether a row is one empty field, as a line without any character is. */
export const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0] === '';

/** Between two delimiters side by side, and before the first of a line, is nothing. */
function withoutBlanks(row: readonly string[]): string[] {
  const fields = row.filter((field) => field !== '');
  return fields.length > 0 ? fields : [''];
}
