// `tf.fused`: a product or a convolution, a bias and an activation in one call. Everything is fused here, whoever calls
// it.

import type { Value } from '../graph/graph.ts';
import { elu, leakyRelu, prelu, relu6 } from '../graph/ops/activations.ts';
import { add, relu, sigmoid } from '../graph/ops/elementwise.ts';
import { matMul as product } from '../graph/ops/matmul.ts';
import { reshape } from '../graph/ops/sources.ts';
import * as spatial from '../graph/ops/spatial.ts';
import { broadcastShapes, formatShape, sameShape } from '../graph/shape.ts';
import { kindOf } from '../options/arguments.ts';
import { anything, flag, number, oneOf } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';
import { requireWindow } from './windows.ts';

/** An activation at the end of a fused operation, by its name in TensorFlow.js. */
export type FusedActivation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'prelu' | 'leakyrelu';
export type { FusedActivation as Activation };

const tensorLike = /* @__PURE__ */ anything<TensorArgument>('a tensor, or numbers');

/** What comes behind the product. */
const tailOptions = {
  /** Added to the product. */
  bias: optional(tensorLike),
  /** Default: 'linear'. */
  activation: optional(oneOf('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'), 'linear'),
  /** Slopes of 'prelu', broadcast. */
  preluActivationWeights: optional(tensorLike),
  /** Slope of 'leakyrelu'; default: 0.2. */
  leakyreluAlpha: optional(number),
};

const perAxis = /* @__PURE__ */ kindOf('perAxis') as Kind<spatial.PerAxis>;

const convolutionOptions = /* @__PURE__ */ describe(tailOptions, {
  /** Images [batch, height, width, channels]. */
  x: required(tensorLike),
  /** Filters [height, width, channels, outputs]. */
  filter: required(tensorLike),
  /** Pixels from one window to the next. */
  strides: required(perAxis),
  /** Zeros around the images: 'same', 'valid', or how many. */
  pad: required(kindOf('pad') as Kind<spatial.Pad>),
  /** Default: 'NHWC'. */
  dataFormat: optional(oneOf('NHWC', 'NCHW'), 'NHWC'),
  /** Pixels from one of a window to the next. Default: 1. */
  dilations: optional(perAxis, 1),
  /** How a size that is no whole number of strides is rounded. */
  dimRoundingMode: optional(oneOf('floor', 'round', 'ceil')),
});

const productOptions = /* @__PURE__ */ describe(tailOptions, {
  /** [..., m, k] */
  a: required(tensorLike),
  /** [..., k, n] */
  b: required(tensorLike),
  /** Whether a is [..., k, m]. Default: false. */
  transposeA: optional(flag, false),
  /** Whether b is [..., n, k]. Default: false. */
  transposeB: optional(flag, false),
});

/** What the fused convolutions take. */
export interface FusedConvolution extends OptionsOf<typeof convolutionOptions> {}
/** What `fused.matMul` takes. */
export interface FusedProduct extends OptionsOf<typeof productOptions> {}
type Convolution = SettingsOf<typeof convolutionOptions>;

const tensors = (a: string, b: string) => [
  `${a}:float32`,
  `${b}:float32`,
  'bias?',
  'preluActivationWeights?',
  'options:any',
];

function activated(
  x: Value,
  activation: FusedActivation,
  slopes: Value | undefined,
  alpha: number | undefined,
): Value {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return relu(x);
    case 'relu6':
      return relu6(x);
    case 'elu':
      return elu(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'leakyrelu':
      return leakyRelu(x, alpha);
    case 'prelu':
      if (slopes) return prelu(x, slopes);
      throw x.graph.error("fused: activation 'prelu' needs preluActivationWeights.");
  }
}

/** Numbers of a channel each, first or last, so that they broadcast to `to`. */
function perChannel(where: string, what: string, numbers: Value, to: Value, isFirst: boolean): Value {
  const { rank, graph } = numbers;
  const channels = to.shape[isFirst ? to.rank - 3 : to.rank - 1];
  if (isFirst && rank === 1 && numbers.size > 1) {
    if (numbers.size === channels) return reshape(numbers, [channels, 1, 1]);
  } else {
    const full = broadcastShapes(numbers.shape, to.shape);
    if (full && sameShape(full, to.shape)) return numbers;
  }
  throw graph.error(
    `Error in fused ${where}: ${what} (${formatShape(numbers.shape)}) is not compatible with the number of output channels ` +
      `(${channels}) of ${formatShape(to.shape)}.`,
  );
}

// @__NO_SIDE_EFFECTS__
const fusedConvolution = (
  name: 'conv2d' | 'depthwiseConv2d',
  convolve: typeof spatial.conv2d | typeof spatial.depthwiseConv2d,
) =>
  lift(
    name,
    tensors('x', 'filter'),
    (x: Value, filter: Value, bias: Value | undefined, slopes: Value | undefined, options: Convolution) => {
      const { strides, pad, dataFormat, dilations, dimRoundingMode, activation, leakyreluAlpha } = options;
      const isFirst = dataFormat === 'NCHW';
      requireWindow(`fused ${name}`, x, options);
      const y = convolve(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
      const shifted = bias ? add(y, perChannel(name, 'bias shape', bias, y, isFirst)) : y;
      const own = slopes && perChannel(name, 'PReLU activation weights', slopes, y, isFirst);
      return activated(shifted, activation, own, leakyreluAlpha);
    },
  );

const convolution = fusedConvolution('conv2d', spatial.conv2d);
const depthwise = fusedConvolution('depthwiseConv2d', spatial.depthwiseConv2d);
const matrices = lift(
  'matMul',
  tensors('a', 'b'),
  (
    a: Value,
    b: Value,
    bias: Value | undefined,
    slopes: Value | undefined,
    options: SettingsOf<typeof productOptions>,
  ) => {
    const { transposeA, transposeB, activation, leakyreluAlpha } = options;
    const y = product(a, b, transposeA, transposeB);
    return activated(bias ? add(y, bias) : y, activation, slopes, leakyreluAlpha);
  },
);

// @__NO_SIDE_EFFECTS__
const convolutionFrom =
  (name: string, convolve: typeof convolution) =>
  <T extends Tensor = Tensor>(options: FusedConvolution & { x: T | TensorArgument }): T => {
    const settings = readOptions(`fused.${name}`, convolutionOptions, options);
    const { x, filter, bias, preluActivationWeights: slopes } = settings;
    return convolve<T>(x, filter, bias as TensorArgument, slopes as TensorArgument, settings);
  };

/** `conv2d`, plus a bias, through an activation. */
export const conv2d = convolutionFrom('conv2d', convolution);

/** `depthwiseConv2d`, plus a bias, through an activation. */
export const depthwiseConv2d = convolutionFrom('depthwiseConv2d', depthwise);

/** `matMul`, plus a bias, through an activation. */
export function matMul(options: FusedProduct): Tensor {
  const settings = readOptions('fused.matMul', productOptions, options);
  const { a, b, bias, preluActivationWeights: slopes } = settings;
  return matrices(a, b, bias as TensorArgument, slopes as TensorArgument, settings);
}
