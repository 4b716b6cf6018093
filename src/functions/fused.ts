// `tf.fused`: a product or a convolution, a bias and an activation in one call. Everything is fused here, whoever calls
// it.

import type { Value } from '../graph/graph.ts';
import { elu, leakyRelu, prelu, relu6 } from '../graph/ops/activations.ts';
import { add, relu, sigmoid } from '../graph/ops/elementwise.ts';
import { matMul as product } from '../graph/ops/matmul.ts';
import { reshape } from '../graph/ops/sources.ts';
import * as spatial from '../graph/ops/spatial.ts';
import { broadcastShapes, formatShape, sameShape } from '../graph/shape.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';
import { requireWindow } from './windows.ts';

export type FusedActivation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'prelu' | 'leakyrelu';

/** What comes behind the product. */
interface Tail {
  readonly bias?: TensorArgument;
  /** Default: 'linear'. */
  readonly activation?: FusedActivation;
  /** Slopes of 'prelu', broadcast. */
  readonly preluActivationWeights?: TensorArgument;
  /** Slope of 'leakyrelu'; default: 0.2. */
  readonly leakyreluAlpha?: number;
}

export interface FusedConvolution extends Tail {
  readonly x: TensorArgument;
  readonly filter: TensorArgument;
  readonly strides: spatial.PerAxis;
  readonly pad: spatial.Pad;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: spatial.PerAxis;
  readonly dimRoundingMode?: spatial.Rounding;
}

export interface FusedProduct extends Tail {
  readonly a: TensorArgument;
  readonly b: TensorArgument;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const tensors = (a: string, b: string) => [
  `${a}:float32`,
  `${b}:float32`,
  'bias?',
  'preluActivationWeights?',
];

function activated(
  x: Value,
  activation: FusedActivation | null | undefined,
  slopes: Value | undefined,
  alpha: number | undefined,
): Value {
  switch (activation) {
    case undefined:
    case null:
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
    default:
      throw x.graph.error(`Unknown fused activation ${activation}.`);
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

/** @__NO_SIDE_EFFECTS__ */
const fusedConvolution = (
  name: 'conv2d' | 'depthwiseConv2d',
  convolve: typeof spatial.conv2d | typeof spatial.depthwiseConv2d,
) =>
  lift(
    name,
    tensors('x', 'filter'),
    (
      x: Value,
      filter: Value,
      bias: Value | undefined,
      slopes: Value | undefined,
      options: FusedConvolution,
    ) => {
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
  (a: Value, b: Value, bias: Value | undefined, slopes: Value | undefined, options: FusedProduct) => {
    const { transposeA, transposeB, activation, leakyreluAlpha } = options;
    const y = product(a, b, transposeA, transposeB);
    return activated(bias ? add(y, bias) : y, activation, slopes, leakyreluAlpha);
  },
);

/** `conv2d`, plus a bias, through an activation. */
export const conv2d = (options: FusedConvolution): Tensor =>
  convolution(
    options.x,
    options.filter,
    options.bias as TensorArgument,
    options.preluActivationWeights as TensorArgument,
    options,
  );

/** `depthwiseConv2d`, plus a bias, through an activation. */
export const depthwiseConv2d = (options: FusedConvolution): Tensor =>
  depthwise(
    options.x,
    options.filter,
    options.bias as TensorArgument,
    options.preluActivationWeights as TensorArgument,
    options,
  );

/** `matMul`, plus a bias, through an activation. */
export const matMul = (options: FusedProduct): Tensor =>
  matrices(
    options.a,
    options.b,
    options.bias as TensorArgument,
    options.preluActivationWeights as TensorArgument,
    options,
  );
