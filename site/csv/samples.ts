// Rows of a table as samples of a network: numbers in units of their deviation, categories as one of many.

import * as tf from 'lanegrad';
import { type Column, isOfClasses, type Table, type Value } from './table.ts';

/** How a column becomes inputs; it is saved with the model. */
export type Encoding =
  | { readonly column: string; readonly kind: 'number'; readonly mean: number; readonly deviation: number }
  | { readonly column: string; readonly kind: 'category'; readonly categories: readonly string[] };

export type Target =
  | { readonly column: string; readonly kind: 'classes'; readonly classes: readonly string[] }
  | { readonly column: string; readonly kind: 'number'; readonly mean: number; readonly deviation: number };

export interface Part {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

export interface Samples {
  readonly inputs: readonly Encoding[];
  readonly target: Target;
  /** Numbers of a sample. */
  readonly width: number;
  readonly training: Part;
  readonly test: Part;
  /** Rows that have no target. */
  readonly left: number;
}

const testShare = 0.2;
const wordOf = (value: Value): string => String(value ?? '(missing)');
const byNumberOrWord = (a: string, b: string) => Number(a) - Number(b) || (a < b ? -1 : 1);

const categoriesOf = (values: readonly Value[]): string[] =>
  [...new Set(values.map(wordOf))].sort(byNumberOrWord);

/** Of the numbers that are there; a deviation of 0 would divide by nothing. */
function spreadOf(values: readonly Value[]): { mean: number; deviation: number } {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

const encodingOf = ({ name, kind, values }: Column): Encoding =>
  kind === 'number'
    ? { column: name, kind, ...spreadOf(values) }
    : { column: name, kind: 'category', categories: categoriesOf(values) };

const targetOf = (column: Column): Target =>
  isOfClasses(column)
    ? {
        column: column.name,
        kind: 'classes',
        classes: categoriesOf(column.values.filter((v) => v !== undefined)),
      }
    : { column: column.name, kind: 'number', ...spreadOf(column.values) };

const widthOf = (encoding: Encoding): number => (encoding.kind === 'number' ? 1 : encoding.categories.length);

/** Writes a value as the network reads it; a number that is missing is the mean. */
function encode(encoding: Encoding, value: Value, into: Float32Array, at: number): void {
  if (encoding.kind === 'number') {
    into[at] = typeof value === 'number' ? (value - encoding.mean) / encoding.deviation : 0;
  } else {
    const place = encoding.categories.indexOf(wordOf(value));
    if (place >= 0) into[at + place] = 1;
  }
}

const targetValue = (target: Target, value: Value): number =>
  target.kind === 'classes'
    ? target.classes.indexOf(wordOf(value))
    : ((value as number) - target.mean) / target.deviation;

/** @param seed of which rows are kept to test with */
export function makeSamples(table: Table, targetName: string, seed: number): Samples {
  const targetColumn = table.columns.find(({ name }) => name === targetName)!;
  const used = table.columns.filter(({ name, kind }) => name !== targetName && kind !== 'ignored');
  if (used.length === 0) throw new Error('There is no column to learn from. Choose what another holds.');
  const target = targetOf(targetColumn);
  const inputs = used.map(encodingOf);
  const known = targetColumn.values.flatMap((value, row) => (value === undefined ? [] : [row]));
  const order = shuffled(known, seed);
  const width = inputs.reduce((sum, each) => sum + widthOf(each), 0);
  const part = (rows: readonly number[]): Part => {
    const numbers = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries()) {
      let at = i * width;
      for (const [j, encoding] of inputs.entries()) {
        encode(encoding, used[j].values[row], numbers, at);
        at += widthOf(encoding);
      }
    }
    const targets = Float32Array.from(rows, (row) => targetValue(target, targetColumn.values[row]));
    return { x: tf.tensor2d(numbers, [rows.length, width]), y: tf.tensor2d(targets, [rows.length, 1]) };
  };
  const testing = Math.max(1, Math.round(order.length * testShare));
  const [test, training] = [part(order.slice(0, testing)), part(order.slice(testing))];
  return { inputs, target, width, training, test, left: table.rows - known.length };
}

function shuffled(rows: readonly number[], seed: number): number[] {
  const keys = tf.randomUniform([rows.length], 0, 1, 'float32', seed).dataSync();
  return rows
    .map((row, i) => ({ row, key: keys[i] }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}
