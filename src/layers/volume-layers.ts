// Convolutions of volumes [batch, depth, height, width, channels].

import type { Value } from '../graph/graph.ts';
import { conv3d, conv3dTranspose } from '../graph/ops/volumes.ts';
import { formatShape } from '../graph/shape.ts';
import { positiveInteger } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import type { Weights } from '../state/weights.ts';
import type { ModelShape } from './base/symbolic.ts';
import { Weighted, weightedOptions } from './base/weighted.ts';
import {
  channelsOf,
  checkWindow,
  dataFormat,
  fromChannelsLast,
  padding,
  perVolume,
  withChannelsLast,
} from './window-options.ts';

const conv3dOptions = /* @__PURE__ */ describe(weightedOptions, {
  /** Channels of the output. */
  filters: required(positiveInteger),
  /** Size of the window, for all axes or for each. */
  kernelSize: required(perVolume),
  /** Voxels between two outputs, for all axes or for each; 1 by default. */
  strides: optional(perVolume, 1),
  /** Voxels between two taps of the window, for all axes or for each; 1 by default. Not together with strides. */
  dilationRate: optional(perVolume, 1),
  /**
   * 'valid' by default: no padding. 'same': zeros around the input so that the output has ⌈size / stride⌉
   * elements, the odd one at the end.
   */
  padding: optional(padding, 'valid'),
  /** Where the channels are: 'channelsLast', the default, or 'channelsFirst'. */
  dataFormat: optional(dataFormat, 'channelsLast'),
});

export interface Conv3DOptions extends OptionsOf<typeof conv3dOptions> {}

abstract class VolumeConvolution extends Weighted<SettingsOf<typeof conv3dOptions>, Conv3DOptions> {
  protected kernel!: Weights;

  constructor(options: Conv3DOptions) {
    super(options);
    checkWindow(this, this.options, 3);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { kernelSize, filters, dataFormat } = this.options;
    const channels = channelsOf(this, inputShape, 3, dataFormat);
    this.kernel = this.addKernel([...kernelSize, ...this.kernelEnd(channels, filters)]);
    this.addBias(filters);
  }

  /** The kernel's last two sizes. */
  protected abstract kernelEnd(channels: number, filters: number): readonly [number, number];

  /** Volumes with channels last → such volumes, without the bias. */
  protected abstract convolve(x: Value): Value;

  override compute(input: Value): Value {
    const { dataFormat } = this.options;
    return fromChannelsLast(this.finish(this.convolve(withChannelsLast(input, dataFormat))), dataFormat);
  }
}

/** Moves a window over volumes: [batch, depth, height, width, channels] → [batch, depth', height', width', filters]. */
export class Conv3D extends VolumeConvolution {
  static readonly className = 'Conv3D';
  static override readonly options = conv3dOptions;

  protected override kernelEnd(channels: number, filters: number): readonly [number, number] {
    return [channels, filters];
  }

  protected override convolve(x: Value): Value {
    const { strides, padding, dilationRate } = this.options;
    return conv3d(x, this.kernel.read(), strides, padding, 'NDHWC', dilationRate);
  }
}

/**
 * The transpose of a convolution of volumes: every voxel adds a window, weighted, to an output that is `strides`
 * times as large: a size becomes size·stride, or with padding 'valid' size·stride + max(kernelSize − stride, 0).
 */
export class Conv3DTranspose extends VolumeConvolution {
  static readonly className = 'Conv3DTranspose';
  static override readonly options = conv3dOptions;

  constructor(options: Conv3DOptions) {
    super(options);
    const { dilationRate } = this.options;
    if (Math.max(...dilationRate) > 1) {
      throw this.error(`takes no dilationRate; got ${formatShape(dilationRate)}.`);
    }
  }

  protected override kernelEnd(channels: number, filters: number): readonly [number, number] {
    return [filters, channels];
  }

  protected override convolve(x: Value): Value {
    const { strides, padding, kernelSize, filters } = this.options;
    const sizes = strides.map((stride, axis) => {
      const extra = padding === 'same' ? 0 : Math.max(kernelSize[axis] - stride, 0);
      return x.shape[axis + 1] * stride + extra;
    });
    const shape = [x.shape[0], ...sizes, filters];
    return conv3dTranspose(x, this.kernel.read(), shape, strides, padding);
  }
}
