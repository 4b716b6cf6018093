// Convolutions. Rows are images of height 1; a transposed convolution is the input gradient of a convolution.

import type { Value } from '../graph/graph.ts';
import { conv2d, conv2dInputGradient } from '../graph/ops/convolution.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import type { ModelShape } from './symbolic.ts';
import type { Variable } from './variable.ts';
import { Weighted, type WeightedOptions } from './weighted.ts';
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

export interface ConvOptions extends WeightedOptions, WindowOptions {
  /** Channels of the output. */
  readonly filters: number;
  /** Size of the window, for all axes or for each. */
  readonly kernelSize: number | readonly number[];
  /** Pixels between two outputs, for all axes or for each; 1 by default. */
  readonly strides?: number | readonly number[];
  /** Pixels between two taps of the window, for all axes or for each; 1 by default. Not together with strides. */
  readonly dilationRate?: number | readonly number[];
  /** Parts into which channels and filters are divided, each convolved on its own; 1 by default. */
  readonly groups?: number;
}

abstract class Convolution extends Weighted<ConvOptions> {
  protected readonly rank: WindowRank;
  protected readonly filters: number;
  protected readonly kernelSize: readonly [number, number];
  protected readonly strides: readonly [number, number];
  protected readonly dilation: readonly [number, number];
  protected readonly groups: number;
  protected kernel!: Variable;

  constructor(options: ConvOptions, rank: WindowRank) {
    super(options);
    this.rank = rank;
    this.filters = this.positiveInteger('filters', options.filters);
    this.kernelSize = perAxis(this, 'kernelSize', options.kernelSize, rank);
    this.strides = perAxis(this, 'strides', options.strides ?? 1, rank);
    this.dilation = perAxis(this, 'dilationRate', options.dilationRate ?? 1, rank);
    this.groups = this.positiveInteger('groups', options.groups ?? 1);
    checkWindowOptions(this, rank);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilation) > 1) {
      throw this.error(
        `strides and dilationRate cannot both be more than 1; got ${formatShape(this.strides)} and ${formatShape(this.dilation)}.`,
      );
    }
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
    const { strides, dilation, groups } = this;
    const padding = paddingOf(this.options.padding, x.shape.slice(1), this.kernelSize, strides, dilation);
    const kernel = reshape(this.kernel.read(), [...this.kernelSize, ...this.kernel.shape.slice(-2)]);
    return fromImages(this.finish(conv2d(x, kernel, { strides, padding, dilation, groups })), this.rank);
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
    const { kernelSize, strides, dilation, groups } = this;
    const mode = this.options.padding;
    const [height, width] = [0, 1].map((axis) => {
      const reach = (kernelSize[axis] - 1) * dilation[axis] + 1;
      return x.shape[axis + 1] * strides[axis] + (mode === 'same' ? 0 : Math.max(reach - strides[axis], 0));
    });
    const padding = paddingOf(mode, [height, width], kernelSize, strides, dilation);
    const shape = [x.shape[0], height, width, this.filters];
    return this.finish(
      conv2dInputGradient(x, this.kernel.read(), shape, { strides, padding, dilation, groups }),
    );
  }
}
