// Weights as attributes of their layer, which scripts for TensorFlow.js read: `layer.kernel`, `layer.movingMean`.

import { toCamel } from '../../names.ts';
import type { LayerVariable } from '../../tensor/layer-variable.ts';

/** Lets a layer show a weight under its name, where the class has nothing of that name. */
export function showWeight(layer: object, name: string, value: LayerVariable): void {
  const shown = toCamel(name);
  if (shown in layer) return;
  Object.defineProperty(layer, shown, { value, configurable: true, writable: true });
}
