// What a script that trains dense networks on data of its own imports.

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
