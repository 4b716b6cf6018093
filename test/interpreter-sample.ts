// Images read at places between their pixels, in float64: part of interpreter.ts.

import { FillMode } from '../assembly/opcodes.ts';
import type { Value } from '../src/graph/graph.ts';
import type { Sampling } from '../src/graph/ops/sample.ts';
import { eachIndex, type Numbers, type Rule } from './interpreter-walks.ts';

/** Index along an axis that stands for a place beside it; undefined where the fill does. */
function placeOf(place: number, size: number, mode: Sampling['fillMode']): number | undefined {
  if (place >= 0 && place < size) return place;
  const modulo = (n: number) => ((place % n) + n) % n;
  if (mode === FillMode.constant) return undefined;
  if (mode === FillMode.nearest) return place < 0 ? 0 : size - 1;
  if (mode === FillMode.wrap) return modulo(size);
  return modulo(2 * size) < size ? modulo(2 * size) : 2 * size - 1 - modulo(2 * size);
}

/**
 * Calls `tap` with each element seen, the element of the images that it reads (or none), and the weight of that.
 * @param of the images' shape
 * @param given arrays of a node's inputs: of the images' numbers, rows, columns and, where there are any, shares
 */
function walk(
  node: Value,
  of: readonly number[],
  seen: readonly number[],
  [numbers, ...places]: readonly Numbers[],
  tap: (seen: number, source: number | undefined, weight: number, channel: number) => void,
): void {
  const [batch, height, width, channels] = of;
  const { fillMode } = node.attrs as Sampling;
  eachIndex(seen, (flat, [n, i, j, channel]) => {
    // Rows are [n, height, 1] or [n, height, width], columns [n, 1, width] or [n, height, width].
    const [y, x, down = 0, right = 0] = places.map((numbers, k) => {
      const [, rows, columns] = node.inputs[k + 2].shape;
      return numbers[(n * rows + Math.min(i, rows - 1)) * columns + Math.min(j, columns - 1)];
    });
    for (const [dy, weightY] of [1 - down, down].entries()) {
      for (const [dx, weightX] of [1 - right, right].entries()) {
        const row = placeOf(y + dy, height, fillMode);
        const column = placeOf(x + dx, width, fillMode);
        const isThere = numbers[n] >= 0 && numbers[n] < batch && row !== undefined && column !== undefined;
        const source = isThere
          ? ((numbers[n] * height + row) * width + column) * channels + channel
          : undefined;
        // A weight of nothing reads nothing: not the fill, nor NaN.
        if (weightX * weightY !== 0) tap(flat, source, weightX * weightY, channel);
      }
    }
  });
}

export const sampleRules: Record<string, Rule> = {
  sample: (node, [x, ...given]) => {
    const { fill, shape } = node.attrs as Sampling & { shape?: readonly number[] };
    const result = new Float64Array(node.size);
    if (shape) {
      walk(node, shape, node.inputs[0].shape, given, (at, source, weight) => {
        if (source !== undefined) result[source] += weight * x[at];
      });
      return result;
    }
    walk(node, node.inputs[0].shape, node.shape, given, (at, source, weight, channel) => {
      result[at] += weight * (source === undefined ? fill[channel % fill.length] : x[source]);
    });
    return result;
  },
};
