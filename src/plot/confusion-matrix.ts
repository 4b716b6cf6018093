// How often each class was taken for each other.

import { LanegradError } from '../errors.ts';
import { mixed, rgbOf } from './colors.ts';
import { type Numbers, read } from './numbers.ts';
import { element, hint, label, type PlotOptions, picture } from './svg.ts';

export interface ConfusionMatrixOptions extends PlotOptions {
  /** Names of the classes; their numbers by default. */
  readonly labels?: readonly string[];
}

const margin = { left: 76, top: 40, right: 12, bottom: 12 };
/** Beyond so many classes numbers do not fit into the fields. */
const maxNumbered = 25;

/**
 * A field for each pair of classes, as dark as the share of the row's class that was taken for the column's.
 * @param matrix of `tf.math.confusionMatrix`: [classes, classes], row i of what is class i
 * @param options.width default: 44 pixels a class, at most 640 for the matrix
 * @throws LanegradError unless the matrix is square.
 */
export function confusionMatrix(matrix: Numbers, options: ConfusionMatrixOptions = {}): string {
  const { shape, values } = read('plot.confusionMatrix', matrix);
  const [classes] = shape;
  if (shape.length !== 2 || shape[1] !== classes) {
    throw new LanegradError(`plot.confusionMatrix: expected [classes, classes], got [${shape}].`);
  }
  const names = Array.from({ length: classes }, (_, i) => options.labels?.[i] ?? String(i));
  const { width = margin.left + margin.right + Math.min(640, 44 * classes) } = options;
  const side = (width - margin.left - margin.right) / Math.max(1, classes);
  const height = options.height ?? margin.top + margin.bottom + side * classes;
  const tall = (height - margin.top - margin.bottom) / Math.max(1, classes);

  const cells = cellsOf(values, classes);
  const fields = cells.flatMap(({ row, column, count, share }) => {
    const [x, y] = [margin.left + column * side, margin.top + row * tall];
    const percent = `${(100 * share).toFixed(1)} %`;
    const said = hint(`${names[row]} taken for ${names[column]}: ${count}, ${percent}`);
    const fill = `rgb(${mixed(rgbOf(0), share)})`;
    const field = element('rect', { x, y, width: side - 1, height: tall - 1, fill }, said);
    if (classes > maxNumbered || !(count > 0)) return [field];
    const ink = { fill: share > 0.5 ? '#ffffff' : '#000000', 'pointer-events': 'none' };
    return [field, label(String(count), x + side / 2, y + tall / 2 + 4, { 'text-anchor': 'middle', ...ink })];
  });
  const words = names.flatMap((name, i) => [
    label(name, margin.left - 6, margin.top + (i + 0.5) * tall + 4, { 'text-anchor': 'end' }),
    label(name, margin.left + (i + 0.5) * side, margin.top - 6, { 'text-anchor': 'middle' }),
  ]);
  words.push(
    label('predicted', margin.left + (side * classes) / 2, 14, { 'text-anchor': 'middle' }),
    label('true', 14, margin.top + (tall * classes) / 2, {
      'text-anchor': 'middle',
      transform: `rotate(-90 14 ${margin.top + (tall * classes) / 2})`,
    }),
  );
  const right = sumOf(cells.filter(({ row, column }) => row === column));
  const said = `Confusion matrix of ${classes} classes: ${right} of ${sumOf(cells)} right`;
  return picture(width, height, options, said, ...words, ...fields);
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** Of all that are of the row's class. */
  readonly share: number;
}

function cellsOf(values: ArrayLike<number>, classes: number): Cell[] {
  return Array.from({ length: classes }, (_, row) => {
    const counts = Array.from({ length: classes }, (_, column) => values[row * classes + column]);
    const all = counts.reduce((a, b) => a + b, 0);
    return counts.map((count, column) => ({ row, column, count, share: all > 0 ? count / all : 0 }));
  }).flat();
}

const sumOf = (cells: readonly Cell[]): number => cells.reduce((sum, { count }) => sum + count, 0);
