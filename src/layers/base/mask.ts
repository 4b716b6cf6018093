// Masks on their way between layers: a mask [batch, time] of zeros and ones, 1 where a time step counts. It may have more
// of its value's first axes.

import { type LanegradError, shown } from '../../errors.ts';
import { type Op, Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { mul } from '../../graph/ops/elementwise.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { formatShape, sameShape } from '../../graph/shape.ts';
import { Trace } from '../../state/trace.ts';

/** A value and the mask that goes with it. Layers take them apart again, so that no kernel meets the pair. */
const maskedOp: Op = {
  name: 'masked',
  kind: 'alias',
  isAccompanied: true,
  shape: ([x]) => x.shape,
  gradient: (dy) => [dy],
};

/** x accompanied by a mask, if there is one. */
export const withMask = (x: Value, mask: Value | undefined): Value =>
  mask ? x.graph.add(maskedOp, [unmasked(x), mask], {}) : x;

/** The mask that accompanies a value. */
export const maskOf = (x: Value): Value | undefined => (isMadeBy(x, maskedOp) ? x.inputs[1] : undefined);

/** The value without its mask. */
export const unmasked = (x: Value): Value => (isMadeBy(x, maskedOp) ? x.inputs[0] : x);

/** Whether a mask says of each part of a value whether it counts: its sizes are the value's first ones. */
export const fitsMask = (mask: Value, x: Value): boolean =>
  sameShape(mask.shape, x.shape.slice(0, mask.rank));

/** A mask, or weights, of the first axes, in the form in which it is multiplied with a value of `rank` axes. */
export const alongFirst = (mask: Value, rank: number): Value =>
  mask.rank === rank ? mask : reshape(mask, [...mask.shape, ...new Array<number>(rank - mask.rank).fill(1)]);

/** What both masks count; they may be of different numbers of first axes. */
export function bothMasks(a: Value, b: Value): Value {
  const rank = Math.max(a.rank, b.rank);
  return mul(alongFirst(a, rank), alongFirst(b, rank));
}

/**
 * @param who what the value is of, for the error
 * @param shape what it was before it was spread over the batch
 * @throws LanegradError unless the mask says of each part of a value whether it counts.
 */
export function requireMask(mask: Value | undefined, who: string, x: Value, shape = x.shape): void {
  if (!mask || fitsMask(mask, x)) return;
  throw x.graph.error(
    `${who} has shape ${formatShape(shape)}, and cannot leave out the steps that the mask ` +
      `${formatShape(mask.shape)} leaves out: give a number for each step.`,
  );
}

/** A layer, as far as it says what is wrong. */
interface Speaking {
  error(message: string): LanegradError;
}

/** The mask of what a layer makes. @throws LanegradError unless its sizes are the output's first ones. */
export function fittingMask(layer: Speaking, mask: Value | undefined, output: Value): Value | undefined {
  if (!mask || fitsMask(mask, output)) return mask;
  const [got, expected] = [mask.shape, output.shape].map(formatShape);
  throw layer.error(`its mask ${got} does not fit its output ${expected}.`);
}

const warned = new WeakSet<object>();

/**
 * Says once of a layer that a mask ends there.
 * @throws LanegradError where the layer does not compute, but is asked for its mask.
 */
export function loseMask(layer: Speaking): void {
  const error = layer.error('does not support masking; the mask of its input ends here.');
  if (!Trace.running) throw error;
  if (warned.has(layer)) return;
  warned.add(layer);
  console.warn(error.message);
}

/** Masks as users give them; null is none. */
export type MaskList = readonly (Value | null | undefined)[];

/** Masks as a list. */
export const listed = (masks: Value | null | undefined | MaskList): readonly (Value | undefined)[] =>
  ([masks].flat() as MaskList).map((mask) => mask ?? undefined);

/** The same. @throws LanegradError for what is no mask */
export function givenMasks(
  layer: Speaking,
  given: Value | null | undefined | MaskList,
): readonly (Value | undefined)[] {
  const masks = listed(given);
  const other = masks.find((each) => each !== undefined && !(each instanceof Value));
  if (other === undefined) return masks;
  throw layer.error(`computeMask takes masks that are tensors; got ${shown(other)}.`);
}
