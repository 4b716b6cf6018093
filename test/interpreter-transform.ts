// Images through affine maps, in float64: part of interpreter.ts.

import type { TransformAttrs } from '../src/graph/ops/transform.ts';
import type { Numbers, Rule } from './interpreter-walks.ts';

/** Index along an axis that stands for a place beside it; undefined where the fill value does. */
function placeOf(place: number, size: number, mode: TransformAttrs['fillMode']): number | undefined {
  if (place >= 0 && place < size) return place;
  const modulo = (n: number) => ((place % n) + n) % n;
  if (mode === 'constant') return undefined;
  if (mode === 'nearest') return place < 0 ? 0 : size - 1;
  if (mode === 'wrap') return modulo(size);
  return modulo(2 * size) < size ? modulo(2 * size) : 2 * size - 1 - modulo(2 * size);
}

/** Calls `tap` with each element seen, the element of the images it reads (or none), and the weight of that. */
function walk(
  shape: readonly number[],
  maps: Numbers,
  { fillMode, interpolation }: TransformAttrs,
  tap: (seen: number, source: number | undefined, weight: number) => void,
): void {
  const [batch, height, width, channels] = shape;
  const index = (i: number, y: number, x: number) => ((i * height + y) * width + x) * channels;
  for (let i = 0; i < batch; i++) {
    const [a, b, c, d, e, f] = maps.subarray(i * 6, i * 6 + 6);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [atX, atY] = [a * x + b * y + c, d * x + e * y + f];
        const taps =
          interpolation === 'nearest'
            ? [[Math.floor(atX + 0.5), Math.floor(atY + 0.5), 1]]
            : [0, 1].flatMap((dy) =>
                [0, 1].map((dx) => {
                  const [left, top] = [Math.floor(atX), Math.floor(atY)];
                  const weightX = dx === 1 ? atX - left : 1 - (atX - left);
                  return [left + dx, top + dy, weightX * (dy === 1 ? atY - top : 1 - (atY - top))];
                }),
              );
        for (const [tapX, tapY, weight] of taps) {
          const column = placeOf(tapX, width, fillMode);
          const row = placeOf(tapY, height, fillMode);
          for (let channel = 0; channel < channels; channel++) {
            const isInside = column !== undefined && row !== undefined;
            const source = isInside ? index(i, row, column) + channel : undefined;
            tap(index(i, y, x) + channel, source, weight);
          }
        }
      }
    }
  }
}

export const transformRules: Record<string, Rule> = {
  transform: (node, [images, maps]) => {
    const attrs = node.attrs as TransformAttrs;
    const seen = new Float64Array(images.length);
    walk(node.shape, maps, attrs, (at, source, weight) => {
      seen[at] += weight * (source === undefined ? attrs.fillValue : images[source]);
    });
    return seen;
  },
  transformGradient: (node, [dy, maps]) => {
    const dx = new Float64Array(dy.length);
    walk(node.shape, maps, node.attrs as TransformAttrs, (at, source, weight) => {
      if (source !== undefined) dx[source] += weight * dy[at];
    });
    return dx;
  },
};
