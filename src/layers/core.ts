// The layers that most networks are made of.

import type { Value } from '../graph/graph.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { add, mul } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { transpose } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';
import { elementsOf, finite, positiveInteger } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import type { Weights } from '../state/weights.ts';
import { activation } from './activations.ts';
import { Layer } from './base/layer.ts';
import { layerOptions, unsaved } from './base/layer-options.ts';
import type { Foreseen, ModelShape } from './base/symbolic.ts';
import { Weighted, weightedOptions } from './base/weighted.ts';
import { dataFormat } from './window-options.ts';

const denseOptions = /* @__PURE__ */ describe(weightedOptions, {
  /** Size of the output. */
  units: required(positiveInteger),
  /** Size of the input, in place of inputShape, for the first layer of a sequential model. */
  inputDim: optional(unsaved(positiveInteger)),
});

/** Options of a dense layer. */
export interface DenseOptions extends OptionsOf<typeof denseOptions> {}

/** y = activation(x·W + b) along the last axis: [..., n] → [..., units]. */
export class Dense extends Weighted<SettingsOf<typeof denseOptions>, DenseOptions> {
  static readonly className = 'Dense';
  static override readonly options = denseOptions;
  override supportsMasking = true;
  #kernel!: Weights;

  override get batchInputShape(): ModelShape | undefined {
    const { inputDim, batchSize = null } = this.options;
    return super.batchInputShape ?? (inputDim ? [batchSize, inputDim] : undefined);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { units } = this.options;
    const size = inputShape[inputShape.length - 1];
    if (inputShape.length < 2 || size === null) {
      throw this.error(`takes input with a known last size, as [null,n]; got ${formatShape(inputShape)}.`);
    }
    this.#kernel = this.addKernel([size, units]);
    this.addBias(units);
  }

  override compute(x: Value): Value {
    const rows = x.rank === 2 ? x : reshape(x, [-1, x.shape[x.rank - 1]]);
    const [expected] = this.#kernel.shape;
    if (x.shape[x.rank - 1] !== expected) {
      throw this.error(
        `Input 0 is incompatible with layer ${this.name}: expected axis -1 of the input to have ${expected} elements; ` +
          `got shape ${formatShape(x.shape)}.`,
      );
    }
    const y = this.finish(matMul(rows, this.#kernel.read()));
    return reshape(y, [...x.shape.slice(0, -1), this.options.units]);
  }
}

const activationOptions = /* @__PURE__ */ describe(layerOptions, {
  /** A name, or a function of a value. */
  activation: required(activation),
});

export interface ActivationOptions extends OptionsOf<typeof activationOptions> {}

/** An activation as a layer of its own. */
export class Activation extends Layer<SettingsOf<typeof activationOptions>, ActivationOptions> {
  static readonly className = 'Activation';
  static override readonly options = activationOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    return this.options.activation(x);
  }
}

const flattenOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Where the channels are; 'channelsLast' by default. Those that are first are last in the result. */
  dataFormat: optional(dataFormat, 'channelsLast'),
});

export interface FlattenOptions extends OptionsOf<typeof flattenOptions> {}

/** [batch, a, b, …] → [batch, a·b·…]. */
export class Flatten extends Layer<SettingsOf<typeof flattenOptions>, FlattenOptions> {
  static readonly className = 'Flatten';
  static override readonly options = flattenOptions;

  override compute(x: Value): Value {
    const isFirst = this.options.dataFormat === 'channelsFirst' && x.rank > 2;
    const [batch, channels, ...others] = x.shape.map((_, axis) => axis);
    const last = isFirst ? transpose(x, [batch, ...others, channels]) : x;
    return reshape(last, [x.shape[0], sizeOf(x.shape.slice(1))]);
  }
}

/** Sizes of which one may be left open: −1 or null. */
const target: Kind<readonly (number | null)[], readonly number[]> = {
  expected: 'a list of positive integers of which one may be -1',
  read(given) {
    const sizes = elementsOf(given)?.map((size) => size ?? -1) as number[] | undefined;
    const isShape = sizes?.every((size, i) =>
      size === -1 ? sizes.indexOf(-1) === i : positiveInteger.read(size),
    );
    return isShape ? sizes : undefined;
  },
};

const reshapeOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Without the batch; one size may be −1. */
  targetShape: required(target),
});

export interface ReshapeOptions extends OptionsOf<typeof reshapeOptions> {}

/** The same elements of each sample under another shape. */
export class Reshape extends Layer<SettingsOf<typeof reshapeOptions>, ReshapeOptions> {
  static readonly className = 'Reshape';
  static override readonly options = reshapeOptions;

  /** @internal Samples of which a size is open may be of any shape. */
  protected override foresee(list: readonly Foreseen[]): readonly Foreseen[] {
    const [{ dtype, shape }] = list;
    const [batch, ...sizes] = shape;
    if (!sizes.includes(null)) return super.foresee(list);
    const made = this.options.targetShape.map((size) => (size === -1 ? null : size));
    return [{ dtype, shape: [batch, ...made], maskRank: 0 }];
  }

  override compute(x: Value): Value {
    const { targetShape } = this.options;
    const known = sizeOf(targetShape.filter((size) => size !== -1));
    const size = sizeOf(x.shape.slice(1));
    const sizes = targetShape.map((axis) => (axis === -1 ? size / known : axis));
    if (!sizes.every(Number.isInteger) || sizeOf(sizes) !== size) {
      throw this.error(
        `a sample of shape ${formatShape(x.shape.slice(1))} cannot become ${formatShape(targetShape)}. Total size of new array must be unchanged.`,
      );
    }
    return reshape(x, [x.shape[0], ...sizes]);
  }
}

const rescalingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Factor; 1/255 turns bytes into numbers from 0 to 1. */
  scale: required(finite),
  /** Added after the factor; 0 by default. */
  offset: optional(finite, 0),
});

export interface RescalingOptions extends OptionsOf<typeof rescalingOptions> {}

/** x·scale + offset. Bytes are converted here, in the kernel. */
export class Rescaling extends Layer<SettingsOf<typeof rescalingOptions>, RescalingOptions> {
  static readonly className = 'Rescaling';
  static override readonly options = rescalingOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    return add(mul(asFloat(x), this.options.scale), this.options.offset);
  }
}
