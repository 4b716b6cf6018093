// Layers that give images another width or height at random, all images of a call the same. Names and options are
// TensorFlow.js's.

import type { Value } from '../../graph/graph.ts';
import { resizeBy } from '../../graph/ops/images.ts';
import { oneOf, seed } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../../options/option.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { nextSeed } from '../../random/seed.ts';
import { Trace } from '../../state/trace.ts';
import { EagerTrace } from '../../tensor/eager-trace.ts';
import { Layer } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { zoomFactor } from './augmentation.ts';

const randomSizeOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How much larger or smaller: a number goes both ways, [min, max] from −1 up are both given. */
  factor: required(zoomFactor),
  /** 'bilinear' by default. */
  interpolation: optional(oneOf('bilinear', 'nearest'), 'bilinear'),
  /** Fixes the random numbers whatever the script's own seed. */
  seed: optional(seed),
});

type RandomSizeSettings = SettingsOf<typeof randomSizeOptions>;
export interface RandomSizeOptions extends OptionsOf<typeof randomSizeOptions> {}

/** Keeps its numbers apart from all else that one seed fixes: the letters 'size'. */
const sizeStream = 0x73697a65;

abstract class RandomSize extends Layer<RandomSizeSettings, RandomSizeOptions> {
  /** Which axis of images [batch, height, width, channels] changes. */
  protected abstract readonly axis: 1 | 2;
  #random: RandomStream | undefined;

  override computeOutputShape(inputShape: ModelShape | readonly ModelShape[]): ModelShape {
    const shape = inputShape as ModelShape;
    const axis = this.axis + shape.length - 4;
    return shape.map((size, i) => (i === axis ? null : size));
  }

  override compute(x: Value): Value {
    if (!(Trace.current instanceof EagerTrace)) {
      throw this.error(
        'gives every batch another size, which a compiled model cannot. Apply it to tensors before `fit`.',
      );
    }
    const { factor, interpolation, seed } = this.options;
    this.#random ??= new RandomStream(seed ?? nextSeed(), sizeStream);
    const [min, max] = factor;
    const scale = 1 + min + (max - min) * this.#random.uniform();
    const size = x.shape
      .slice(-3, -1)
      .map((pixels, i) => (i + 1 === this.axis ? Math.max(1, Math.round(pixels * scale)) : pixels));
    return resizeBy[interpolation](x, size as [number, number]);
  }
}

/** Images of another width: [batch, h, w, channels] or [h, w, channels]. */
export class RandomWidth extends RandomSize {
  static readonly className = 'RandomWidth';
  static override readonly options = randomSizeOptions;
  protected override readonly axis = 2;
}

/** Images of another height: [batch, h, w, channels] or [h, w, channels]. */
export class RandomHeight extends RandomSize {
  static readonly className = 'RandomHeight';
  static override readonly options = randomSizeOptions;
  protected override readonly axis = 1;
}
