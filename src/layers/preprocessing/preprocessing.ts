// Layers that prepare data: categories as vectors, images of one size.

import type { Value } from '../../graph/graph.ts';
import { resizeBilinear, resizeBy } from '../../graph/ops/images.ts';
import { slice } from '../../graph/ops/movement.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { asBatch } from '../../graph/ops/spatial.ts';
import { formatShape, sameShape } from '../../graph/shape.ts';
import { flag, oneOf, positiveInteger } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../../options/option.ts';
import { type TensorArgument, toTensor } from '../../tensor/convert.ts';
import type { CallContext } from '../base/call-context.ts';
import { Layer } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { checkRank } from '../window-options.ts';
import { encode, requireCategories } from './encoding.ts';

const categoryEncodingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How many categories there are: inputs are integers from 0 to numTokens − 1. */
  numTokens: required(positiveInteger),
  /**
   * 'oneHot': 1 at the category of [batch] or [batch, 1]. 'multiHot', the default: 1 at each category of
   * [batch, n], or of one sample, [n]. 'count': how often each is there, or the sum of the `countWeights` that `apply`
   * is given beside tensors. 'int': the categories themselves.
   */
  outputMode: optional(oneOf('oneHot', 'multiHot', 'count', 'int'), 'multiHot'),
});

export interface CategoryEncodingOptions extends OptionsOf<typeof categoryEncodingOptions> {}

/** Categories as vectors: [batch, n] → [batch, numTokens]. */
export class CategoryEncoding extends Layer<
  SettingsOf<typeof categoryEncodingOptions>,
  CategoryEncodingOptions
> {
  static readonly className = 'CategoryEncoding';
  static override readonly options = categoryEncodingOptions;

  override checkData(data: ArrayLike<number>): void {
    requireCategories(this, data, this.options.numTokens);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { outputMode } = this.options;
    const isOne = inputShape.length <= 1 || (inputShape.length === 2 && inputShape[1] === 1);
    if (outputMode === 'int' || (outputMode === 'oneHot' ? isOne : inputShape.length <= 2)) return;
    const wanted = outputMode === 'oneHot' ? '[batch] or [batch,1]' : '[batch,n]';
    throw this.error(
      `outputMode '${outputMode}' takes input of shape ${wanted}; got ${formatShape(inputShape)}.`,
    );
  }

  override compute(x: Value, { beside }: CallContext): Value {
    const { numTokens, outputMode } = this.options;
    if (outputMode === 'int') return x;
    const weights = this.#weights(x, beside?.countWeights);
    const isOneSample = x.rank === 0 || (x.rank === 1 && outputMode !== 'oneHot');
    if (!isOneSample) return encode(x, outputMode, numTokens, weights);
    const encoded = encode(reshape(x, [1, -1]), outputMode, numTokens, weights && reshape(weights, [1, -1]));
    return reshape(encoded, [numTokens]);
  }

  /** How much each category counts. @throws LanegradError for weights of another shape, and where nothing is counted */
  #weights(x: Value, given: unknown): Value | undefined {
    if (given === undefined || given === null) return undefined;
    const { outputMode } = this.options;
    if (outputMode !== 'count') {
      throw this.error(`countWeights is for outputMode 'count'; got outputMode '${outputMode}'.`);
    }
    const weights = toTensor(this.name, 'countWeights', given as TensorArgument);
    if (sameShape(weights.shape, x.shape)) return weights;
    const [expected, got] = [x, weights].map(({ shape }) => formatShape(shape));
    throw this.error(`countWeights must have the shape of the input, ${expected}; got ${got}.`);
  }
}

const resizingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Of the output, in pixels. */
  height: required(positiveInteger),
  /** Of the output, in pixels. */
  width: required(positiveInteger),
  /** 'bilinear' by default. */
  interpolation: optional(oneOf('bilinear', 'nearest'), 'bilinear'),
  /**
   * Means in TensorFlow.js, and here, whether pixels are read as those of an image that is cut into parts of one size;
   * by default, false, the corners' pixels stay in the corners.
   */
  cropToAspectRatio: optional(flag, false),
});

export interface ResizingOptions extends OptionsOf<typeof resizingOptions> {}

/** Images of one size: [batch, h, w, channels] → [batch, height, width, channels]. */
export class Resizing extends Layer<SettingsOf<typeof resizingOptions>, ResizingOptions> {
  static readonly className = 'Resizing';
  static override readonly options = resizingOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    requireImages(this, inputShape);
  }

  override compute(x: Value): Value {
    const { height, width, interpolation, cropToAspectRatio } = this.options;
    return resizeBy[interpolation](x, [height, width], !cropToAspectRatio);
  }
}

/** @throws LanegradError unless the shape is one of images or of one image. */
function requireImages(layer: Layer, shape: ModelShape): void {
  if (shape.length !== 3) checkRank(layer, shape, 2);
}

const centerCropOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Of the output, in pixels. */
  height: required(positiveInteger),
  /** Of the output, in pixels. */
  width: required(positiveInteger),
});

export interface CenterCropOptions extends OptionsOf<typeof centerCropOptions> {}

/** The middle of images, or smaller images enlarged: [batch, h, w, channels] → [batch, height, width, channels]. */
export class CenterCrop extends Layer<SettingsOf<typeof centerCropOptions>, CenterCropOptions> {
  static readonly className = 'CenterCrop';
  static override readonly options = centerCropOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    requireImages(this, inputShape);
  }

  override compute(x: Value): Value {
    const { height, width } = this.options;
    return asBatch(this.name, x, 4, (images) => {
      const [batch, rows, columns, channels] = images.shape;
      if (rows < height || columns < width) return resizeBilinear(images, [height, width]);
      const [top, left] = [(rows - height) / 2, (columns - width) / 2].map(Math.floor);
      return slice(images, [0, top, left, 0], [batch, height, width, channels]);
    });
  }
}
