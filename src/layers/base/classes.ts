// All layers of layers/index.ts, for the registry that saved models are read with: a new one needs no line here. Only loading needs them: this keeps every
// layer in a bundle.

import { registerClass } from '../../options/registered-classes.ts';
import * as factories from '../index.ts';
import type { LayerClass } from './layer.ts';

/** Makes all built-in layers known to the registry. */
export function registerBuiltInLayers(): void {
  for (const { Class } of Object.values(factories) as { Class?: LayerClass }[]) {
    if (Class) registerClass(Class);
  }
}
