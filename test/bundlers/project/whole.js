// All of the package, for comparison with dense-only.js.

import * as tf from 'lanegrad';

export const everything = { ...tf, layers: { ...tf.layers } };
