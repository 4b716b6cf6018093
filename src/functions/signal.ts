// `tf.signal`: windows, and signals cut into frames. What needs complex numbers says so.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { wholeNumbers } from '../graph/ops/conversion.ts';
import { add } from '../graph/ops/elementwise.ts';
import { gather } from '../graph/ops/gather.ts';
import { pad } from '../graph/ops/movement.ts';
import { cos } from '../numeric/elementary.ts';
import { checked } from '../options/arguments.ts';
import { tensor1d } from '../tensor/creation.ts';
import { numbersAt } from '../tensor/data-type.ts';
import type { Tensor1D } from '../tensor/types.ts';
import { requireRank } from './arguments.ts';
import { lift } from './lift.ts';

/** a − (1 − a)·cos(2πi/n); of an even length the window ends one step before it is where it began, of one it is its middle. */
const cosineWindow = (name: string, a: number) =>
  checked(`signal.${name}`, ['windowLength:size'], (windowLength: number): Tensor1D => {
    const period = windowLength - (windowLength % 2);
    const angle = (i: number) => (period === 0 ? Math.PI : (2 * Math.PI * Math.min(i, period - i)) / period);
    return tensor1d(numbersAt(windowLength, (i) => a - (1 - a) * cos(angle(i))));
  });

/** Hann's window, ½ − ½·cos: shape [windowLength]. */
export const hannWindow = cosineWindow('hannWindow', 0.5);

/** Hamming's window, 0.54 − 0.46·cos: shape [windowLength]. */
export const hammingWindow = cosineWindow('hammingWindow', 0.54);

/**
 * A signal cut into frames: [samples] → [frames, frameLength].
 * @param frameStep from the beginning of a frame to that of the next
 * @param padEnd whether there is a frame for each step within the signal, what lies behind it being `padValue`; default:
 *   false, and all frames lie within the signal
 * @param padValue default: 0
 */
export const frame = lift(
  'signal.frame',
  ['signal', 'frameLength:size', 'frameStep:size', 'padEnd?:flag', 'padValue?:number'],
  (signal: Value, frameLength: number, frameStep: number, padEnd = false, padValue = 0) => {
    requireRank('signal.frame: signal must have rank 1', signal, 1);
    const starts = padEnd ? signal.size : Math.max(0, signal.size - frameLength + 1);
    if (starts > 0 && frameStep === 0)
      throw signal.graph.error('signal.frame: frameStep must be positive; got 0.');
    const frames = Math.ceil(starts / Math.max(1, frameStep));
    const { graph } = signal;
    const places = add(
      wholeNumbers('signal.frame', graph, [frames, 1], 'int32', frameStep),
      wholeNumbers('signal.frame', graph, [frameLength]),
    );
    return gather(pad(signal, [[0, frameLength]], padValue), places);
  },
);

/** Of TensorFlow.js. @throws LanegradError always: its result would be complex. */
export function stft(): never {
  throw new LanegradError(
    'tf.signal.stft is not in lanegrad. There are no complex numbers: keep real and imaginary parts in two tensors.',
  );
}
