// What convolutions and pools ask of their arguments.

import type { Value } from '../graph/graph.ts';
import type { Pad, PerAxis, Rounding } from '../graph/ops/spatial.ts';
import { formatShape } from '../graph/shape.ts';

export type { Pad, PerAxis, Rounding };

/** How windows move, as `lift` is told. */
export const moved = ['strides:perAxis', 'pad:pad'];
/** How a size that is no whole number of steps is rounded, as `lift` is told. */
export const rounding = 'dimRoundingMode?:floor|round|ceil';

interface WindowOptions {
  readonly strides?: PerAxis | undefined;
  readonly dilations?: PerAxis | undefined;
  readonly pad?: Pad;
  readonly dimRoundingMode?: Rounding | undefined;
}

const numbersOf = (perAxis: PerAxis): readonly number[] => [perAxis].flat();

/**
 * @param where the function, for errors
 * @throws LanegradError where strides or dilations are not positive, or both are larger than 1, and where a size is to be
 *   rounded although the padding says what it is.
 */
export function requireWindow(
  where: string,
  { graph }: Value,
  { strides = 1, dilations = 1, pad, dimRoundingMode }: WindowOptions,
): void {
  const [steps, rates] = [numbersOf(strides), numbersOf(dilations)];
  if (steps.some((step) => !(step > 0))) {
    throw graph.error(`Error in ${where}: Strides should be larger than 0; got ${formatShape(steps)}.`);
  }
  if (rates.some((rate) => !(rate > 0))) {
    throw graph.error(`Error in ${where}: Dilated rates should be larger than 0; got ${formatShape(rates)}.`);
  }
  if (Math.max(...steps) > 1 && Math.max(...rates) > 1) {
    throw graph.error(
      `Error in ${where}: Either strides or dilations must be 1. Got strides ${steps} and dilations '${rates}'.`,
    );
  }
  if (!dimRoundingMode) return;
  const sides = [pad].flat(2) as readonly unknown[];
  if (sides.every((side) => Number.isInteger(side))) return;
  throw graph.error(
    `Error in ${where}: pad must be an integer when using dimRoundingMode ${dimRoundingMode} but got pad ${JSON.stringify(pad)}.`,
  );
}
