// Tables as text (CSV): a dataset whose elements are rows, with a value for each column.

import { isPlain, LanegradError } from '../errors.ts';
import { nearestName } from '../names.ts';
import { anything, flag, listOf, oneOf, text } from '../options/kinds.ts';
import { type Kind, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { csvRows, isBlank, type RowFormat } from './csv-rows.ts';
import { Dataset } from './dataset.ts';
import { LazyIterator } from './lazy-iterator.ts';
import { type ByteSource, type DataSource, dataSource, decoded, type RequestOptions } from './sources.ts';

const columnOptions = {
  /** Whether an empty field is an error. False by default; of labels always. */
  required: optional(flag, false),
  /** What numbers become: int32 rounds down, bool is 1 for '1' and 'true' and 0 for all else. */
  dtype: optional(oneOf('float32', 'int32', 'bool', 'string')),
  /** What stands for an empty field; nothing (undefined) by default. */
  default: optional(anything<unknown>('what stands for an empty field')),
  /** Whether the column is a target: rows become { xs, ys } then; false by default. */
  isLabel: optional(flag, false),
};

/** What is known of a column. */
export interface ColumnConfig extends OptionsOf<typeof columnOptions> {}
type ColumnSettings = SettingsOf<typeof columnOptions>;

const columns: Kind<Readonly<Record<string, ColumnConfig>>, Readonly<Record<string, ColumnSettings>>> = {
  expected: 'an object with a configuration for each column',
  read(given) {
    if (!isPlain(given)) return undefined;
    const entries = Object.entries(given).map(([name, each]) => [
      name,
      readOptions(name, columnOptions, each as ColumnConfig),
    ]);
    return Object.fromEntries(entries) as Readonly<Record<string, ColumnSettings>>;
  },
};

const csvOptions = {
  /** Whether the first row names the columns; true by default. */
  hasHeader: optional(flag, true),
  /** Names of the columns, in order; by default those of the first row. */
  columnNames: optional(listOf(text, 'a list of strings')),
  /** What is known of columns, by their names. */
  columnConfigs: optional(columns, {}),
  /** Whether rows have only the columns of `columnConfigs`; false by default. */
  configuredColumnsOnly: optional(flag, false),
  /** What stands between fields; a comma by default. */
  delimiter: optional(text),
  /** Whether any number of blanks stands between fields; false by default. */
  delimWhitespace: optional(flag, false),
};

export interface CSVConfig extends OptionsOf<typeof csvOptions> {}

/** Values of a row by the names of their columns. */
export type CSVRow = Record<string, number | string | undefined>;

/** A row of a table that has labels among its columns. */
export interface LabelledRow {
  readonly xs: CSVRow;
  readonly ys: CSVRow;
}

/** Rows of a table, read as they are asked for. */
export class CSVDataset<Element = CSVRow> extends Dataset<Element> {
  readonly #source: DataSource;
  readonly #config: SettingsOf<typeof csvOptions>;
  readonly #format: RowFormat;
  #names: readonly string[] | undefined;

  /** @throws LanegradError for options that contradict each other. */
  constructor(source: ByteSource, config: CSVConfig = {}, requestOptions?: RequestOptions) {
    super();
    this.#source = dataSource(source, requestOptions);
    this.#config = readOptions('csv', csvOptions, config);
    const { delimiter, delimWhitespace, hasHeader, columnNames } = this.#config;
    if (delimWhitespace && delimiter !== undefined) {
      throw new LanegradError('csv: give delimiter or delimWhitespace, not both.');
    }
    if (!hasHeader && !columnNames) {
      throw new LanegradError('csv: without a header the columns need names: give columnNames.');
    }
    this.#format = { delimiter: delimWhitespace ? ' ' : delimiter || ',', delimWhitespace };
  }

  /** Names of the columns that rows have, in order. */
  async columnNames(): Promise<string[]> {
    if (!this.#names) await (await this.iterator()).return();
    const { configuredColumnsOnly, columnConfigs } = this.#config;
    return configuredColumnsOnly ? Object.keys(columnConfigs) : [...this.#names!];
  }

  /** Names of all columns, once somebody has asked for columns or rows. */
  get fullColumnNames(): readonly string[] | undefined {
    return this.#names;
  }

  override async iterator(): Promise<LazyIterator<Element>> {
    const blocks = csvRows(decoded(this.#source.chunks()), this.#format);
    try {
      const { value } = await blocks.next();
      const first: readonly string[][] = value ?? [];
      const { hasHeader } = this.#config;
      const header = hasHeader ? first.findIndex((row) => !isBlank(row)) : -1;
      if (hasHeader && header < 0) {
        throw new LanegradError('csv: there is nothing in it, not even a header.');
      }
      this.#names ??= this.#checkedNames(hasHeader ? first[header] : undefined);
      const elements = this.#elements(first.slice(header + 1), blocks, this.#names);
      return new LazyIterator<Element>({
        next: () => elements.next(),
        // Elements that nobody has asked for yet would leave the file open.
        return: async () => {
          await blocks.return(undefined);
          return elements.return(undefined);
        },
      });
    } catch (error) {
      await blocks.return(undefined);
      throw error;
    }
  }

  async *#elements(
    first: readonly string[][],
    others: AsyncGenerator<string[][]>,
    names: readonly string[],
  ): AsyncGenerator<Element> {
    const isRow = (row: readonly string[]) => names.length === 1 || !isBlank(row);
    for (const row of first) if (isRow(row)) yield this.#elementOf(row, names);
    for await (const rows of others)
      for (const row of rows) if (isRow(row)) yield this.#elementOf(row, names);
  }

  #checkedNames(header: readonly string[] | undefined): readonly string[] {
    const { columnNames = header!, columnConfigs } = this.#config;
    if (header && header.length !== columnNames.length) {
      throw new LanegradError(
        `csv: the header has ${header.length} columns (${header.join(', ')}); columnNames has ${columnNames.length}.`,
      );
    }
    const twice = columnNames.find((name, i) => columnNames.indexOf(name) !== i);
    if (twice !== undefined) throw new LanegradError(`csv: two columns are named ${JSON.stringify(twice)}.`);
    for (const name of Object.keys(columnConfigs)) {
      if (columnNames.includes(name)) continue;
      const nearest = nearestName(name, columnNames);
      const hint = nearest ? `Did you mean ${JSON.stringify(nearest)}?` : `Known: ${columnNames.join(', ')}.`;
      throw new LanegradError(
        `csv: columnConfigs names ${JSON.stringify(name)}, which is no column. ${hint}`,
      );
    }
    return columnNames;
  }

  #elementOf(row: readonly string[], names: readonly string[]): Element {
    const { columnConfigs, configuredColumnsOnly } = this.#config;
    if (row.length !== names.length) {
      throw new LanegradError(
        `csv: expected ${names.length} fields (${names.join(', ')}); a row has ${row.length}: ${told(row)}`,
      );
    }
    const features: [string, unknown][] = [];
    const labels: [string, unknown][] = [];
    for (const [i, name] of names.entries()) {
      const config = Object.hasOwn(columnConfigs, name) ? columnConfigs[name] : undefined;
      if (configuredColumnsOnly && !config) continue;
      (config?.isLabel ? labels : features).push([name, fieldValue(row[i], name, config, row)]);
    }
    const xs = Object.fromEntries(features);
    return (labels.length > 0 ? { xs, ys: Object.fromEntries(labels) } : xs) as Element;
  }
}

/** A row as errors tell it. */
function told(row: readonly string[]): string {
  const text = row.join();
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function fieldValue(
  field: string,
  name: string,
  config: Partial<ColumnSettings> = {},
  row: readonly string[],
): unknown {
  const { dtype, required, isLabel } = config;
  if (field === '') {
    if (config.default !== undefined) return config.default;
    if (!required && !isLabel) return undefined;
    throw new LanegradError(
      `csv: column ${JSON.stringify(name)} is required; it is empty in the row ${told(row)}`,
    );
  }
  if (dtype === 'bool') return field === '1' || field.toLowerCase() === 'true' ? 1 : 0;
  const number = Number(field);
  if (dtype === 'string' || Number.isNaN(number)) return field;
  return dtype === 'int32' ? Math.floor(number) : number;
}

/**
 * A dataset of the rows of a table: numbers where fields are numbers, texts elsewhere, undefined where they are empty.
 * A line without any character is skipped, but where there is one column: there it is an empty field.
 * Where a column is a label, rows are { xs, ys }: in TypeScript `csv<LabelledRow>(…)`.
 * @param source an address (http(s)://, file://), a `Request`, `File`, `Blob`, stream, or bytes
 * @param requestOptions what `fetch` is given
 */
export function csv<Element = CSVRow>(
  source: ByteSource,
  config: CSVConfig = {},
  requestOptions?: RequestOptions,
): CSVDataset<Element> {
  return new CSVDataset(source, config, requestOptions);
}
