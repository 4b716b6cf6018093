/* A tensor as text, laid out as TensorFlow.js does: columns aligned, long dimensions shortened. */

import { stridesOf } from '../graph/shape.ts';
import type { DataType, TypedArray } from './data-type.ts';

/** A dimension longer than this is shortened to its first and last entries. */
const longest = 20;
const ends = 3;

function valueText(value: number, dtype: DataType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  // A float32 has seven digits that mean something; a whole number is shown with all of its own.
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}

/** The indices that are shown of a dimension; -1 stands for the ones left out. */
function shown(length: number): number[] {
  if (length <= longest) return Array.from({ length }, (_, i) => i);
  const first = Array.from({ length: ends }, (_, i) => i);
  return [...first, -1, ...first.map((i) => length - ends + i)];
}

/** `Tensor` and its values on the lines below; with `verbose` also data type, rank and shape. */
export function tensorText(
  data: TypedArray,
  shape: readonly number[],
  dtype: DataType,
  verbose: boolean,
): string {
  const rank = shape.length;
  const widths: number[] = [];
  const strides = stridesOf(shape);
  const visit = (dimension: number, offset: number, leaf: (offset: number, column: number) => void): void => {
    for (const i of shown(shape[dimension])) {
      if (i < 0) continue;
      const next = offset + i * strides[dimension];
      if (dimension === rank - 1) leaf(next, i);
      else visit(dimension + 1, next, leaf);
    }
  };
  if (rank > 1) {
    visit(0, 0, (offset, column) => {
      widths[column] = Math.max(widths[column] ?? 0, valueText(data[offset], dtype).length);
    });
  }

  const text = (dimension: number, offset: number): string => {
    if (dimension === rank) return valueText(data[offset], dtype);
    const isRow = dimension === rank - 1;
    const parts = shown(shape[dimension]).map((i) => {
      if (i < 0) return '...';
      const part = text(dimension + 1, offset + i * strides[dimension]);
      return isRow ? part.padEnd(widths[i] ?? 0) : part;
    });
    // Rows on a line each, matrices an empty line apart, and so on outwards.
    const separator = isRow ? ', ' : `,${'\n'.repeat(rank - 1 - dimension)}${' '.repeat(5 + dimension)}`;
    return `[${parts.join(separator)}]`;
  };

  const head = verbose ? `\n  dtype: ${dtype}\n  rank: ${rank}\n  shape: [${shape}]\n  values:` : '';
  return `Tensor${head}\n    ${text(0, 0)}`;
}
