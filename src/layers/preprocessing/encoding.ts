// Whole numbers as vectors: at which places they point, or how often.

import type { Value } from '../../graph/graph.ts';
import { oneHot } from '../../graph/ops/arrangement.ts';
import { sum } from '../../graph/ops/broadcasting.ts';
import { asFloat } from '../../graph/ops/conversion.ts';
import { mul } from '../../graph/ops/elementwise.ts';
import { max } from '../../graph/ops/reductions.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { toSnake } from '../../names.ts';
import { oneOf } from '../../options/kinds.ts';
import type { Kind } from '../../options/option.ts';
import type { Layer } from '../base/layer.ts';

/** A word in any spelling, which files have as Keras writes it: 'one_hot'. */
// @__NO_SIDE_EFFECTS__
export function kerasWord<Word extends string>(...words: readonly Word[]): Kind<Word> {
  return { ...oneOf(...words), save: toSnake };
}

/** @throws LanegradError unless all data are integers from 0 to `count` − 1. */
export function requireCategories(layer: Layer, data: ArrayLike<number>, count: number): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= 0 && data[i] < count && Number.isInteger(data[i])) continue;
    throw layer.error(`inputs must be integers from 0 to ${count - 1}; got ${data[i]} at position ${i}.`);
  }
}

export type Encoding = 'oneHot' | 'multiHot' | 'count';

/**
 * A place of `depth` for each number; numbers that are none of these count nowhere.
 * @param indices [..., n]
 * @param encoding 'oneHot': [..., n, depth], where n is 1 [..., depth]. 'multiHot', 'count': [..., depth], those of a row
 * together
 * @param weights what each counts in place of 1, where they are counted: of the shape of `indices`
 */
export function encode(indices: Value, encoding: Encoding, depth: number, weights?: Value): Value {
  const { shape } = indices;
  const isOne = shape.length > 1 && shape[shape.length - 1] === 1;
  if (encoding === 'oneHot') {
    return asFloat(oneHot(isOne ? reshape(indices, shape.slice(0, -1)) : indices, depth, 1, 0, 'bool'));
  }
  const rows = shape.length === 1 ? reshape(indices, [...shape, 1]) : indices;
  const hits = asFloat(oneHot(rows, depth, 1, 0, 'bool'));
  if (encoding === 'multiHot') return max(hits, rows.rank - 1);
  const counted = weights ? mul(hits, reshape(weights, [...rows.shape, 1])) : hits;
  return sum(counted, rows.rank - 1);
}
