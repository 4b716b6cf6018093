// Convolutions. Rows are images of height 1; a transposed convolution is the input gradient of a convolution.

import { constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { conv2d, conv2dInputGradient } from '../graph/ops/convolution.ts';
import { reshape } from '../graph/ops/sources.ts';
import type { Window } from '../graph/ops/window.ts';
import { depthwiseConv2d } from '../graph/ops/window-folds.ts';
import type { Shape } from '../graph/shape.ts';
import { initializer } from '../initializers/initializers.ts';
import { positiveInteger } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import { regularizer } from '../regularizers/regularizers.ts';
import type { Weights } from '../state/weights.ts';
import type { ModelShape } from './base/symbolic.ts';
import { optionsOfWeight } from './base/weight-options.ts';
import { Biased, biasOptions, Weighted, weightedOptions } from './base/weighted.ts';
import {
  asImages,
  channelsOf,
  checkWindow,
  dataFormat,
  fromChannelsLast,
  fromImages,
  type Padding,
  padding,
  paddingOf,
  perImage,
  perRow,
  rowPadding,
  type WindowRank,
  withChannelsLast,
} from './window-options.ts';

/** Options of what moves over images. */
export const imageWindow = {
  /** Size of the window, for all axes or for each. */
  kernelSize: required(perImage),
  /** Pixels between two outputs, for all axes or for each; 1 by default. */
  strides: optional(perImage, 1),
  /** Pixels between two taps of the window, for all axes or for each; 1 by default. Not together with strides. */
  dilationRate: optional(perImage, 1),
  /**
   * 'valid' by default: no padding. 'same': zeros around the input so that the output has ⌈size / stride⌉
   * elements, the odd one at the end.
   */
  padding: optional(padding, 'valid'),
  /** Where the channels are: 'channelsLast', the default, or 'channelsFirst'. */
  dataFormat: optional(dataFormat, 'channelsLast'),
};

const filterOptions = {
  /** Channels of the output. */
  filters: required(positiveInteger),
  /** Parts into which channels and filters are divided, each convolved on its own; 1 by default. */
  groups: optional(positiveInteger, 1),
};

type WindowSettings = Omit<SettingsOf<typeof imageWindow>, 'padding' | 'dataFormat'> & {
  readonly padding: Padding;
};

/** The window on images of a shape. */
export function windowOn(settings: WindowSettings, images: Shape): Window {
  const { kernelSize, strides, dilationRate } = settings;
  const sizes = paddingOf(settings.padding, images.slice(1), kernelSize, strides, dilationRate);
  return { strides, padding: sizes, dilation: dilationRate };
}

const conv2dOptions = /* @__PURE__ */ describe(describe(weightedOptions, imageWindow), filterOptions);

const conv1dOptions = /* @__PURE__ */ describe(conv2dOptions, {
  /** Size of the window. */
  kernelSize: required(perRow),
  /** Elements between two outputs; 1 by default. */
  strides: optional(perRow, 1),
  /** Elements between two taps of the window; 1 by default. Not together with strides. */
  dilationRate: optional(perRow, 1),
  /**
   * 'valid' by default: no padding. 'same': zeros around the input so that the output has ⌈size / stride⌉
   * elements, the odd one at the end. 'causal': zeros before the start only.
   */
  padding: optional(rowPadding, 'valid'),
});

export interface Conv1DOptions extends OptionsOf<typeof conv1dOptions> {}
/** Options of a convolution of images. */
export interface ConvOptions extends OptionsOf<typeof conv2dOptions> {}
type ConvSettings = SettingsOf<typeof conv1dOptions>;

abstract class Convolution<Given extends object> extends Weighted<ConvSettings, Given> {
  protected readonly rank: WindowRank;
  protected kernel!: Weights;

  constructor(options: Given, rank: WindowRank) {
    super(options);
    this.rank = rank;
    checkWindow(this, this.options, rank);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { filters, groups, kernelSize, dataFormat } = this.options;
    const channels = channelsOf(this, inputShape, this.rank, dataFormat);
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw this.error(
        `groups must divide the ${channels} channels and the ${filters} filters; got ${groups}.`,
      );
    }
    this.kernel = this.addKernel([...kernelSize.slice(-this.rank), ...this.kernelEnd(channels)]);
    this.addBias(filters);
  }

  /** The kernel's last two sizes. */
  protected kernelEnd(channels: number): readonly [number, number] {
    return [channels / this.options.groups, this.options.filters];
  }

  override compute(input: Value): Value {
    const { dataFormat } = this.options;
    const y = this.finish(this.convolve(asImages(withChannelsLast(input, dataFormat))));
    return fromChannelsLast(fromImages(y, this.rank), dataFormat);
  }

  /** Images [batch, height, width, channels] → [batch, height', width', filters]. */
  protected convolve(x: Value): Value {
    const { kernelSize, groups } = this.options;
    const kernel = reshape(this.kernel.read(), [...kernelSize, ...this.kernel.shape.slice(-2)]);
    return conv2d(x, kernel, { ...windowOn(this.options, x.shape), groups });
  }
}

/** Moves a window along rows: [batch, length, channels] → [batch, length', filters]. */
export class Conv1D extends Convolution<Conv1DOptions> {
  static readonly className = 'Conv1D';
  static override readonly options = conv1dOptions;

  constructor(options: Conv1DOptions) {
    super(options, 1);
  }
}

/** Moves a window over images: [batch, height, width, channels] → [batch, height', width', filters]. */
export class Conv2D extends Convolution<ConvOptions> {
  static readonly className = 'Conv2D';
  static override readonly options = conv2dOptions;

  constructor(options: ConvOptions) {
    super(options, 2);
  }
}

/**
 * The transpose of a convolution of images: every pixel adds a window, weighted, to an output that is `strides`
 * times as large. [batch, height, width, channels] → [batch, height', width', filters], where a size becomes
 * size·stride, or with padding 'valid' size·stride + max(kernelSize − stride, 0).
 */
export class Conv2DTranspose extends Convolution<ConvOptions> {
  static readonly className = 'Conv2DTranspose';
  static override readonly options = conv2dOptions;

  constructor(options: ConvOptions) {
    super(options, 2);
    const { groups } = this.options;
    if (groups > 1) throw this.error(`takes no groups; got ${groups}.`);
  }

  protected override kernelEnd(channels: number): readonly [number, number] {
    return [this.options.filters, channels];
  }

  protected override convolve(x: Value): Value {
    const { strides, kernelSize, dilationRate, padding, filters } = this.options;
    const [height, width] = [0, 1].map((axis) => {
      const reach = (kernelSize[axis] - 1) * dilationRate[axis] + 1;
      const extra = padding === 'same' ? 0 : Math.max(reach - strides[axis], 0);
      return x.shape[axis + 1] * strides[axis] + extra;
    });
    const shape = [x.shape[0], height, width, filters];
    const window = { ...windowOn(this.options, shape), groups: 1 };
    return conv2dInputGradient(x, this.kernel.read(), shape, window);
  }
}

const depthwiseOptions = /* @__PURE__ */ describe(describe(biasOptions, imageWindow), {
  /** Filters of each channel; 1 by default. */
  depthMultiplier: optional(positiveInteger, 1),
  /** How the kernel starts; 'glorotNormal' by default, as in TensorFlow.js. */
  depthwiseInitializer: optional(initializer, 'glorotNormal'),
  /** What the kernel costs. */
  depthwiseRegularizer: optional(regularizer),
  /** Where the kernel may go. */
  depthwiseConstraint: optional(constraint),
});

export interface DepthwiseOptions extends OptionsOf<typeof depthwiseOptions> {}
type DepthwiseSettings = SettingsOf<typeof depthwiseOptions>;

abstract class Depthwise<Options extends DepthwiseSettings, Given extends object> extends Biased<
  Options,
  Given
> {
  #kernel!: Weights;

  constructor(options: Given) {
    super(options);
    checkWindow(this, this.options, 2);
  }

  /** Makes the depthwise kernel [height, width, channels, multiplier]; returns the channels it results in. */
  protected buildDepthwise(inputShape: ModelShape): number {
    const { kernelSize, depthMultiplier, dataFormat } = this.options;
    const channels = channelsOf(this, inputShape, 2, dataFormat);
    const shape = [...kernelSize, channels, depthMultiplier];
    this.#kernel = this.makeWeight('depthwise_kernel', shape, optionsOfWeight(this.options, 'depthwise'));
    return channels * depthMultiplier;
  }

  override compute(input: Value): Value {
    const { dataFormat } = this.options;
    const x = withChannelsLast(input, dataFormat);
    const y = depthwiseConv2d(x, this.#kernel.read(), windowOn(this.options, x.shape));
    return fromChannelsLast(this.finish(this.mix(y)), dataFormat);
  }

  /** What is done with the channels that come out, before the bias. */
  protected mix(y: Value): Value {
    return y;
  }
}

/** Every channel of images with filters of its own: [batch, h, w, channels] → [batch, h', w', channels·multiplier]. */
export class DepthwiseConv2D extends Depthwise<DepthwiseSettings, DepthwiseOptions> {
  static readonly className = 'DepthwiseConv2D';
  static override readonly options = depthwiseOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    this.addBias(this.buildDepthwise(inputShape));
  }
}

const separableOptions = /* @__PURE__ */ describe(depthwiseOptions, {
  /** Channels of the output. */
  filters: required(positiveInteger),
  /** How the first kernel starts; 'glorotUniform' by default, as in TensorFlow.js. */
  depthwiseInitializer: optional(initializer, 'glorotUniform'),
  /** How the second kernel starts; 'glorotUniform' by default. */
  pointwiseInitializer: optional(initializer, 'glorotUniform'),
  /** What the second kernel costs. */
  pointwiseRegularizer: optional(regularizer),
  /** Where the second kernel may go. */
  pointwiseConstraint: optional(constraint),
});

export interface SeparableOptions extends OptionsOf<typeof separableOptions> {}

/** A depthwise convolution, its channels then mixed pixel by pixel: [batch, h, w, c] → [batch, h', w', filters]. */
export class SeparableConv2D extends Depthwise<SettingsOf<typeof separableOptions>, SeparableOptions> {
  static readonly className = 'SeparableConv2D';
  static override readonly options = separableOptions;
  #pointwise!: Weights;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { filters } = this.options;
    const shape = [1, 1, this.buildDepthwise(inputShape), filters];
    this.#pointwise = this.makeWeight('pointwise_kernel', shape, optionsOfWeight(this.options, 'pointwise'));
    this.addBias(filters);
  }

  protected override mix(y: Value): Value {
    return conv2d(y, this.#pointwise.read());
  }
}
