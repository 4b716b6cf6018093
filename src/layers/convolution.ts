// Convolutions. Rows are images of height 1; a transposed convolution is the input gradient of a convolution.

import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { conv2d, conv2dInputGradient } from '../graph/ops/convolution.ts';
import { reshape } from '../graph/ops/sources.ts';
import type { Window } from '../graph/ops/window.ts';
import { depthwiseConv2d } from '../graph/ops/window-folds.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import type { Regularizer } from '../regularizers/regularizers.ts';
import type { Variable } from '../state/variable.ts';
import type { ModelShape } from './symbolic.ts';
import { type BiasOptions, Weighted, type WeightedOptions } from './weighted.ts';
import {
  asImages,
  channelsOf,
  checkWindowOptions,
  fromImages,
  paddingOf,
  perAxis,
  type WindowOptions,
  type WindowRank,
} from './window-options.ts';

/** Options of every convolution. */
export interface KernelWindowOptions extends WindowOptions {
  /** Size of the window, for all axes or for each. */
  readonly kernelSize: number | readonly number[];
  /** Pixels between two outputs, for all axes or for each; 1 by default. */
  readonly strides?: number | readonly number[];
  /** Pixels between two taps of the window, for all axes or for each; 1 by default. Not together with strides. */
  readonly dilationRate?: number | readonly number[];
}

/** A layer whose kernel moves over rows or images. */
abstract class Windowed<Options extends KernelWindowOptions & BiasOptions> extends Weighted<Options> {
  protected readonly rank: WindowRank;
  protected readonly kernelSize: readonly [number, number];
  protected readonly strides: readonly [number, number];
  protected readonly dilation: readonly [number, number];

  constructor(options: Options, rank: WindowRank) {
    super(options);
    this.rank = rank;
    this.kernelSize = perAxis(this, 'kernelSize', options.kernelSize, rank);
    this.strides = perAxis(this, 'strides', options.strides ?? 1, rank);
    this.dilation = perAxis(this, 'dilationRate', options.dilationRate ?? 1, rank);
    checkWindowOptions(this, rank);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilation) > 1) {
      const [strides, dilation] = [this.strides, this.dilation].map((sizes) =>
        formatShape(sizes.slice(-rank)),
      );
      throw this.error(
        `strides and dilationRate cannot both be more than 1; got ${strides} and ${dilation}.`,
      );
    }
  }

  /** The window on images of a shape. */
  protected windowOn(images: Shape): Window {
    const { strides, dilation } = this;
    const padding = paddingOf(this.options.padding, images.slice(1), this.kernelSize, strides, dilation);
    return { strides, padding, dilation };
  }
}

export interface ConvOptions extends WeightedOptions, KernelWindowOptions {
  /** Channels of the output. */
  readonly filters: number;
  /** Parts into which channels and filters are divided, each convolved on its own; 1 by default. */
  readonly groups?: number;
}

abstract class Convolution extends Windowed<ConvOptions> {
  protected readonly filters: number;
  protected readonly groups: number;
  protected kernel!: Variable;

  constructor(options: ConvOptions, rank: WindowRank) {
    super(options, rank);
    this.filters = this.positiveInteger('filters', options.filters);
    this.groups = this.positiveInteger('groups', options.groups ?? 1);
  }

  override build(inputShape: ModelShape): void {
    const channels = channelsOf(this, inputShape, this.rank);
    if (channels % this.groups !== 0 || this.filters % this.groups !== 0) {
      throw this.error(
        `groups must divide the ${channels} channels and the ${this.filters} filters; got ${this.groups}.`,
      );
    }
    this.kernel = this.addKernel([...this.kernelSize.slice(-this.rank), ...this.kernelEnd(channels)]);
    this.addBias(this.filters);
  }

  /** The kernel's last two sizes. */
  protected kernelEnd(channels: number): readonly [number, number] {
    return [channels / this.groups, this.filters];
  }

  override call(input: Value): Value {
    const x = asImages(input);
    const kernel = reshape(this.kernel.read(), [...this.kernelSize, ...this.kernel.shape.slice(-2)]);
    const y = conv2d(x, kernel, { ...this.windowOn(x.shape), groups: this.groups });
    return fromImages(this.finish(y), this.rank);
  }
}

/** Moves a window along rows: [batch, length, channels] → [batch, length', filters]. */
export class Conv1D extends Convolution {
  static readonly className = 'Conv1D';

  constructor(options: ConvOptions) {
    super(options, 1);
  }
}

/** Moves a window over images: [batch, height, width, channels] → [batch, height', width', filters]. */
export class Conv2D extends Convolution {
  static readonly className = 'Conv2D';

  constructor(options: ConvOptions) {
    super(options, 2);
  }
}

/**
 * The transpose of a convolution of images: every pixel adds a window, weighted, to an output that is `strides`
 * times as large. [batch, height, width, channels] → [batch, height', width', filters], where a size becomes
 * size·stride, or with padding 'valid' size·stride + max(kernelSize − stride, 0).
 */
export class Conv2DTranspose extends Convolution {
  static readonly className = 'Conv2DTranspose';

  constructor(options: ConvOptions) {
    super(options, 2);
    if (this.groups > 1) throw this.error(`takes no groups; got ${this.groups}.`);
  }

  protected override kernelEnd(channels: number): readonly [number, number] {
    return [this.filters, channels];
  }

  override call(x: Value): Value {
    const [height, width] = [0, 1].map((axis) => {
      const stride = this.strides[axis];
      const reach = (this.kernelSize[axis] - 1) * this.dilation[axis] + 1;
      const extra = this.options.padding === 'same' ? 0 : Math.max(reach - stride, 0);
      return x.shape[axis + 1] * stride + extra;
    });
    const shape = [x.shape[0], height, width, this.filters];
    const window = { ...this.windowOn(shape), groups: 1 };
    return this.finish(conv2dInputGradient(x, this.kernel.read(), shape, window));
  }
}

export interface DepthwiseOptions extends BiasOptions, KernelWindowOptions {
  /** Filters of each channel; 1 by default. */
  readonly depthMultiplier?: number;
  /** 'glorotNormal' by default; for separable convolutions 'glorotUniform': as TensorFlow.js has them. */
  readonly depthwiseInitializer?: string | Initializer;
  readonly depthwiseRegularizer?: string | Regularizer;
  readonly depthwiseConstraint?: string | Constraint;
}

abstract class Depthwise<Options extends DepthwiseOptions> extends Windowed<Options> {
  readonly #multiplier: number;
  #kernel!: Variable;

  constructor(options: Options) {
    super(options, 2);
    this.#multiplier = this.positiveInteger('depthMultiplier', options.depthMultiplier ?? 1);
  }

  /** Makes the depthwise kernel [height, width, channels, multiplier]; returns the channels it results in. */
  protected buildDepthwise(inputShape: ModelShape, initializer: string): number {
    const channels = channelsOf(this, inputShape, 2);
    const shape = [...this.kernelSize, channels, this.#multiplier];
    this.#kernel = this.addKernel(shape, 'depthwise', 'depthwise_kernel', initializer);
    return channels * this.#multiplier;
  }

  protected depthwise(x: Value): Value {
    return depthwiseConv2d(x, this.#kernel.read(), this.windowOn(x.shape));
  }
}

/** Every channel of images with filters of its own: [batch, h, w, channels] → [batch, h', w', channels·multiplier]. */
export class DepthwiseConv2D extends Depthwise<DepthwiseOptions> {
  static readonly className = 'DepthwiseConv2D';

  override build(inputShape: ModelShape): void {
    this.addBias(this.buildDepthwise(inputShape, 'glorotNormal'));
  }

  override call(x: Value): Value {
    return this.finish(this.depthwise(x));
  }
}

export interface SeparableOptions extends DepthwiseOptions {
  /** Channels of the output. */
  readonly filters: number;
  /** 'glorotUniform' by default. */
  readonly pointwiseInitializer?: string | Initializer;
  readonly pointwiseRegularizer?: string | Regularizer;
  readonly pointwiseConstraint?: string | Constraint;
}

/** A depthwise convolution, its channels then mixed pixel by pixel: [batch, h, w, c] → [batch, h', w', filters]. */
export class SeparableConv2D extends Depthwise<SeparableOptions> {
  static readonly className = 'SeparableConv2D';
  readonly #filters: number;
  #pointwise!: Variable;

  constructor(options: SeparableOptions) {
    super(options);
    this.#filters = this.positiveInteger('filters', options.filters);
  }

  override build(inputShape: ModelShape): void {
    const channels = this.buildDepthwise(inputShape, 'glorotUniform');
    const shape = [1, 1, channels, this.#filters];
    this.#pointwise = this.addKernel(shape, 'pointwise', 'pointwise_kernel', 'glorotUniform');
    this.addBias(this.#filters);
  }

  override call(x: Value): Value {
    return this.finish(conv2d(this.depthwise(x), this.#pointwise.read()));
  }
}
