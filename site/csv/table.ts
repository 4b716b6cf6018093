// A table as it was read: its columns, and what kind of thing each of them seems to hold.

import * as tf from 'lanegrad';

export type Value = number | string | undefined;
export type Kind = 'number' | 'category' | 'ignored';

export interface Column {
  readonly name: string;
  readonly values: readonly Value[];
  /** What it holds, as far as one can tell. */
  readonly kind: Kind;
  readonly distinct: number;
  readonly missing: number;
}

export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** Beyond so many different words a column is text, not categories. */
const mostCategories = 40;
/** Whole numbers of no more than these are taken for categories when they are the target. */
export const maxClasses = 20;

/** What stands between the fields of a line: of the usual ones, the one that it has most. */
function delimiterOf(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

export async function readTable(name: string, content: Blob): Promise<Table> {
  const [firstLine] = (await content.slice(0, 65_536).text()).split(/\r?\n/, 1);
  const rows = await tf.data.csv(content, { delimiter: delimiterOf(firstLine) }).toArray();
  if (rows.length === 0)
    throw new Error(`${name} has no rows below its first line, which names the columns.`);
  const names = Object.keys(rows[0]);
  const columns = names.map((column) =>
    describeColumn(
      column,
      rows.map((row) => (row as Record<string, Value>)[column]),
    ),
  );
  return { name, rows: rows.length, columns };
}

function describeColumn(name: string, values: readonly Value[]): Column {
  const present = values.filter((value) => value !== undefined);
  const distinct = new Set(present).size;
  return { name, values, kind: kindOf(present, distinct), distinct, missing: values.length - present.length };
}

function kindOf(present: readonly Value[], distinct: number): Kind {
  if (distinct < 2) return 'ignored';
  if (present.every((value) => typeof value === 'number')) return 'number';
  return distinct <= mostCategories ? 'category' : 'ignored';
}

/** Whether a column is learned as classes; numbers are where they are few and whole. */
export function isOfClasses({ kind, values, distinct }: Column): boolean {
  if (kind !== 'number') return true;
  return distinct <= maxClasses && values.every((value) => value === undefined || Number.isInteger(value));
}
