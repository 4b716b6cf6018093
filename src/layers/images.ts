// Layers of images that take one image too, without a batch.

import type { Value } from '../graph/graph.ts';
import { reshape } from '../graph/ops/sources.ts';
import type { Layer } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { channelsOf } from './window-options.ts';

/** What a function makes of images [batch, height, width, channels], or of one [height, width, channels]. */
export function onImages(x: Value, act: (images: Value) => Value): Value {
  if (x.rank !== 3) return act(x);
  const y = act(reshape(x, [1, ...x.shape]));
  return reshape(y, y.shape.slice(1));
}

/** @throws LanegradError unless the shape is one of images or of one image. */
export function requireImages(layer: Layer, shape: ModelShape): void {
  if (shape.length !== 3) channelsOf(layer, shape, 2);
}
