// Long short-term memory whose products are convolutions: over time, images [batch, time, height, width, channels].
//
// X. Shi et al., "Convolutional LSTM network", 2015.

import { constraint } from '../../constraints/constraints.ts';
import type { Value } from '../../graph/graph.ts';
import { conv2d } from '../../graph/ops/convolution.ts';
import { add, mul } from '../../graph/ops/elementwise.ts';
import { slice } from '../../graph/ops/movement.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { outputSize, reachOf } from '../../graph/ops/window.ts';
import { formatShape, type Shape } from '../../graph/shape.ts';
import { initializer } from '../../initializers/initializers.ts';
import { flag, fraction, integer, positiveInteger } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../../options/option.ts';
import { regularizer } from '../../regularizers/regularizers.ts';
import type { Weights } from '../../state/weights.ts';
import { activationOrNone } from '../activations.ts';
import type { CallContext } from '../base/layer.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { optionsOfWeight } from '../base/weight-options.ts';
import { weightedOptions } from '../base/weighted.ts';
import { imageWindow, windowOn } from '../convolution.ts';
import { dropoutMask } from '../dropout.ts';
import { channelsOf, fromChannelsLast, withChannelsLast } from '../window-options.ts';
import { recurrenceOptions } from './recurrence.ts';
import { withForgetBias } from './recurrent-cells.ts';
import { CellLayer } from './recurrent-layers.ts';
import { type CellRun, RNNCell } from './rnn-cell.ts';

const cellOptions = /* @__PURE__ */ describe(describe(weightedOptions, imageWindow), {
  /** Channels of the output and of each state. */
  filters: required(positiveInteger),
  /** What the output is held by: a name, or a function of a value; 'tanh' by default. */
  activation: optional(activationOrNone, 'tanh'),
  /** Of the gates; 'hardSigmoid' by default, as in TensorFlow.js. */
  recurrentActivation: optional(activationOrNone, 'hardSigmoid'),
  /** How the kernel that the last output meets starts; 'orthogonal' by default. */
  recurrentInitializer: optional(initializer, 'orthogonal'),
  /** What the kernel that the last output meets costs. */
  recurrentRegularizer: optional(regularizer),
  /** Where the kernel that the last output meets may go. */
  recurrentConstraint: optional(constraint),
  /** Whether the forget gate's bias begins with ones; true by default. */
  unitForgetBias: optional(flag, true),
  /** Share of the inputs set to zero while training, the same at all times of a sample; 0 by default. */
  dropout: optional(fraction, 0),
  /** The same of what the cell reads of its last output; 0 by default. */
  recurrentDropout: optional(fraction, 0),
  /** Accepted for scripts that give it: there is one implementation. */
  implementation: optional(integer),
});

export interface ConvLSTM2DCellOptions extends OptionsOf<typeof cellOptions> {}

/**
 * Gates i, f, o and candidate g are convolutions of the input and of the last output:
 * c ← f·c + i·activation(g), h ← o·activation(c). Channels of the kernels stand in the order i, f, g, o.
 */
export class ConvLSTM2DCell extends RNNCell<SettingsOf<typeof cellOptions>, ConvLSTM2DCellOptions> {
  static readonly className = 'ConvLSTM2DCell';
  static override readonly options = cellOptions;
  #kernel!: Weights;
  #recurrentKernel!: Weights;
  #bias: Weights | undefined;

  get stateSize(): number[] {
    return [this.options.filters, this.options.filters];
  }

  override get isRepeated(): boolean {
    return true;
  }

  override stateShapes(x: Shape): Shape[] {
    const { kernelSize, dataFormat, filters } = this.options;
    const [batch, ...sizes] = dataFormat === 'channelsFirst' ? [x[0], x[2], x[3], x[1]] : x;
    const { strides, padding, dilation } = windowOn(this.options, [batch, ...sizes]);
    const [height, width] = [0, 1].map((axis) => {
      const whole = sizes[axis] + padding[2 * axis] + padding[2 * axis + 1];
      return outputSize(whole, reachOf(kernelSize[axis], dilation[axis]), strides[axis]);
    });
    const shape =
      dataFormat === 'channelsFirst' ? [batch, filters, height, width] : [batch, height, width, filters];
    return [shape, shape];
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const o = this.options;
    const channels = channelsOf(this, inputShape, 2, o.dataFormat);
    const kernelShape = (inputs: number) => [...o.kernelSize, inputs, 4 * o.filters];
    this.#kernel = this.makeWeight('kernel', kernelShape(channels), optionsOfWeight(o, 'kernel'));
    this.#recurrentKernel = this.makeWeight(
      'recurrent_kernel',
      kernelShape(o.filters),
      optionsOfWeight(o, 'recurrent'),
    );
    if (!o.useBias) return;
    this.#bias = this.makeWeight('bias', [4 * o.filters], {
      ...optionsOfWeight(o, 'bias'),
      initializer: o.unitForgetBias ? withForgetBias(o.biasInitializer, o.filters) : o.biasInitializer,
    });
  }

  override begin({ training }: CallContext, shape: Shape): CellRun {
    const { dataFormat, dropout, recurrentDropout, activation, recurrentActivation: gate } = this.options;
    const [stateShape] = this.stateShapes(shape);
    const seen = training && dropout > 0 ? dropoutMask(shape, dropout) : undefined;
    const kept = training && recurrentDropout > 0 ? dropoutMask(stateShape, recurrentDropout) : undefined;
    const bias = this.#bias?.read();
    return {
      project: (x) => {
        const images = reshape(seen ? mul(x, seen) : x, [x.shape[0] * x.shape[1], ...x.shape.slice(2)]);
        const last = withChannelsLast(images, dataFormat);
        const product = conv2d(last, this.#kernel.read(), windowOn(this.options, last.shape));
        return bias ? add(product, bias) : product;
      },
      step: (x, [h, c]) => {
        const before = withChannelsLast(kept ? mul(h, kept) : h, dataFormat);
        const [i, f, g, o] = this.#parts(add(x, this.#recur(before)));
        const carried = add(mul(gate(f), withChannelsLast(c, dataFormat)), mul(gate(i), activation(g)));
        const output = fromChannelsLast(mul(gate(o), activation(carried)), dataFormat);
        return [output, output, fromChannelsLast(carried, dataFormat)];
      },
    };
  }

  /** The last output's part: a convolution that keeps the size. */
  #recur(h: Value): Value {
    const { kernelSize } = this.options;
    const same = windowOn({ kernelSize, strides: [1, 1], dilationRate: [1, 1], padding: 'same' }, h.shape);
    return conv2d(h, this.#recurrentKernel.read(), same);
  }

  /** The channels of each gate. */
  #parts(x: Value): Value[] {
    const { filters } = this.options;
    return [0, 1, 2, 3].map((part) => slice(x, [0, 0, 0, part * filters], [-1, -1, -1, filters]));
  }
}

const layerOptions = /* @__PURE__ */ describe(cellOptions, recurrenceOptions);

export interface ConvLSTM2DOptions extends OptionsOf<typeof layerOptions> {}

/** A `ConvLSTM2DCell` over time: [batch, time, height, width, channels] → [batch, height', width', filters]. */
export class ConvLSTM2D extends CellLayer<SettingsOf<typeof layerOptions>, ConvLSTM2DOptions> {
  static readonly className = 'ConvLSTM2D';
  static override readonly options = layerOptions;

  constructor(options: ConvLSTM2DOptions) {
    super(options, ConvLSTM2DCell);
  }

  protected override checkInput(shape: ModelShape): void {
    if (shape.length === 5) return;
    throw this.error(`takes input of shape [batch,time,height,width,channels]; got ${formatShape(shape)}.`);
  }
}
