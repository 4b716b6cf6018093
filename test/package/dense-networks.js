// What a script that trains dense networks on data of its own imports; its bundle is measured. From the modules themselves, because
// esbuild keeps all of a namespace: Rollup, Vite and webpack find as little to keep in `tf.layers.dense`.

import {
  callbacks,
  losses,
  metrics,
  schedules,
  sequential,
  setSeed,
  tensor2d,
  train,
} from '../../dist/modules/src/index.js';
import { activation, dense, dropout, flatten, rescaling } from '../../dist/modules/src/layers/index.js';

export const features = [callbacks, losses, metrics, schedules, sequential, setSeed, tensor2d, train];
export const layers = [activation, dense, dropout, flatten, rescaling];
