// The interpreter's rules for ops that find elements: by number, by stride, by rank along an axis.

import type { Value } from '../src/graph/graph.ts';
import { at, byIndex, eachIndex, type Numbers, type Rule } from './interpreter-walks.ts';

interface Along {
  readonly axis: number;
  readonly batchDims: number;
}

interface Places {
  readonly begin: readonly number[];
  readonly steps: readonly number[];
}

interface Run {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Where the table of a gather is read for an element of the result; −1 where it has no such row. */
function tablePlace(
  { axis, batchDims }: Along,
  indices: { readonly shape: readonly number[]; readonly data: Numbers },
  table: readonly number[],
  index: readonly number[],
): number {
  const inner = indices.shape.length - batchDims;
  const place = [...index.slice(0, batchDims), ...index.slice(axis, axis + inner)];
  const row = indices.data[at(indices.shape, place)];
  if (!(row >= 0 && row < table[axis])) return -1;
  return at(table, [...index.slice(0, axis), row, ...index.slice(axis + inner)]);
}

const placeOf = ({ attrs }: Value, index: readonly number[]): readonly number[] => {
  const { begin, steps } = attrs as Places;
  return index.map((i, axis) => begin[axis] + i * steps[axis]);
};

/** Running totals along an axis. */
const scan =
  (start: number, fold: (a: number, b: number) => number): Rule =>
  (node, [x]) => {
    const { axis, exclusive, reverse } = node.attrs as Run;
    const length = node.shape[axis];
    const result = new Float64Array(node.size);
    eachIndex(node.shape, (flat, index) => {
      let total = start;
      for (let i = 0; i < length; i++) {
        const isBefore = reverse ? i > index[axis] : i < index[axis];
        const counts = isBefore || (!exclusive && i === index[axis]);
        if (counts)
          total = fold(
            total,
            x[
              at(
                node.shape,
                index.map((j, a) => (a === axis ? i : j)),
              )
            ],
          );
      }
      result[flat] = total;
    });
    return result;
  };

/** The index of the first element along an axis that no other is better than. */
const firstBest =
  (isBetter: (a: number, b: number) => boolean): Rule =>
  (node, [x]) => {
    const { first } = node.attrs as { first: number };
    const { shape } = node.inputs[0];
    return byIndex((_, __, index) => {
      const values = Array.from(
        { length: shape[first] },
        (_, i) => x[at(shape, [...index.slice(0, first), i, ...index.slice(first)])],
      );
      const nan = values.findIndex(Number.isNaN);
      return nan >= 0 ? nan : values.findIndex((value) => !values.some((other) => isBetter(other, value)));
    })(node, [x]);
  };

export const indexRules: Record<string, Rule> = {
  gather: byIndex((node, [indices, table], index) => {
    const { shape } = node.inputs[1];
    const given = { shape: node.inputs[0].shape, data: indices };
    const place = tablePlace(node.attrs as Along, given, shape, index);
    return place < 0 ? (node.attrs as { missing: number }).missing : table[place];
  }),
  scatterAdd: (node, [indices, values]) => {
    const result = new Float64Array(node.size);
    const given = { shape: node.inputs[0].shape, data: indices };
    eachIndex(node.inputs[1].shape, (flat, index) => {
      const place = tablePlace(node.attrs as Along, given, node.shape, index);
      if (place >= 0) result[place] += values[flat];
    });
    return result;
  },
  scatterUpdate: (node, [x, indices, values]) => {
    const result = x.slice();
    const given = { shape: node.inputs[1].shape, data: indices };
    eachIndex(node.inputs[2].shape, (flat, index) => {
      const place = tablePlace({ axis: 0, batchDims: 0 }, given, node.shape, index);
      if (place >= 0) result[place] = values[flat];
    });
    return result;
  },

  strided: byIndex((node, [x], index) => x[at(node.inputs[0].shape, placeOf(node, index))]),
  spread: (node, [x]) => {
    const result = new Float64Array(node.size);
    eachIndex(node.inputs[0].shape, (flat, index) => {
      result[at(node.shape, placeOf(node, index))] = x[flat];
    });
    return result;
  },

  cumsum: scan(0, (a, b) => a + b),
  cumprod: scan(1, (a, b) => a * b),
  cumsumInt32: scan(0, (a, b) => (a + b) | 0),
  cumprodInt32: scan(1, Math.imul),

  argMax: firstBest((a, b) => a > b),
  argMin: firstBest((a, b) => a < b),
  topK: (node, [x]) => {
    const { k } = node.attrs as { k: number };
    const columns = node.inputs[0].shape[node.inputs[0].rank - 1];
    const rank = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
    const result: number[] = [];
    for (let row = 0; row < x.length / columns; row++) {
      const values = x.subarray(row * columns, (row + 1) * columns);
      const order = Array.from(values.keys()).sort((i, j) => rank(values[j]) - rank(values[i]) || i - j);
      result.push(...order.slice(0, k));
    }
    return Float64Array.from(result);
  },
};
