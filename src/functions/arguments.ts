// What functions ask of their arguments beside being tensors.

import { LanegradError, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { broadcastAll, type Operand } from '../graph/ops/elementwise.ts';
import { formatShape, type Shape, sameShape } from '../graph/shape.ts';

/**
 * @param sentence what must be so, without its end
 * @throws LanegradError unless a value has a rank, or one of several.
 */
export function requireRank(sentence: string, value: Value, ...ranks: readonly number[]): void {
  if (ranks.includes(value.rank)) return;
  throw value.graph.error(`${sentence}, but got ${value.rank}, shape ${formatShape(value.shape)}.`);
}

/** @throws LanegradError unless a value has one of several shapes. */
export function requireShape(what: string, { graph, shape }: Value, ...shapes: readonly Shape[]): void {
  if (shapes.some((each) => sameShape(each, shape))) return;
  throw graph.error(
    `${what} must be of shape ${shapes.map(formatShape).join(' or ')}; got ${formatShape(shape)}.`,
  );
}

/** @throws LanegradError unless two shapes are the same. */
export function requireSameShape(where: string, a: Shape, b: Shape): void {
  if (sameShape(a, b)) return;
  throw new LanegradError(`${where} Shapes ${a} and ${b} must match`);
}

/** @throws LanegradError unless all are pairs of numbers, 0 or more. */
export function requirePairs(
  where: string,
  { graph }: Value,
  pairs: readonly (readonly number[])[],
): asserts pairs is readonly (readonly [number, number])[] {
  const isPair = (pair: readonly number[]) => pair.length === 2 && pair.every((size) => size >= 0);
  if (pairs.every(isPair)) return;
  throw graph.error(
    `${where}: Invalid number of paddings. Must be length of 2 each, 0 or more, for ${pairs.length} axes; got ${shown(pairs)}.`,
  );
}

/** A builder that first asks of its arguments what must be so. */
// @__NO_SIDE_EFFECTS__
export const withCheck =
  <Arguments extends readonly unknown[], Made>(
    build: (...args: Arguments) => Made,
    check: (...args: Arguments) => void,
  ) =>
  (...args: Arguments): Made => {
    check(...args);
    return build(...args);
  };

/** A builder that says by its function's name that shapes do not broadcast: what it is made of would by other names. */
// @__NO_SIDE_EFFECTS__
export const broadcasting = <Inputs extends readonly Operand[]>(
  name: string,
  build: (...inputs: Inputs) => Value,
) =>
  withCheck(build, (...inputs) => {
    broadcastAll(
      name,
      inputs.filter((input) => typeof input !== 'number'),
    );
  });
