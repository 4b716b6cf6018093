// `tf.RNN`: a class, and a type of more than its instances.

import type { Recurrent } from './recurrence.ts';
import { RNN as OfCells } from './recurrent-layers.ts';

/** The class of `layers.rnn`. As a type it is every recurrent layer's, whose classes extend it in TensorFlow.js. */
export const RNN = OfCells;
export type RNN = Recurrent;
