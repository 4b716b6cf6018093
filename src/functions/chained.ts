// Functions as methods of tensors: `a.sub(m).div(s)` is `div(sub(a, m), s)`. Files all of whose functions are methods are
// taken whole: a new function there needs no line here.

import { bufferOf, type TensorBuffer } from '../tensor/buffer.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { DataType } from '../tensor/data-type.ts';
import type { Rank } from '../tensor/rank.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import * as activations from './activations.ts';
import * as arithmetic from './arithmetic.ts';
import * as blocks from './blocks.ts';
import { conversionsAsMethods, variableAsMethod } from './conversions.ts';
import {
  conv1d,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  dilation2d,
  separableConv2d,
} from './convolutions.ts';
import { oneHot, onesLike, zerosLike } from './creation.ts';
import { gather, unsortedSegmentSum } from './gather.ts';
import { resizeBilinear, resizeNearestNeighbor } from './image.ts';
import { joinsAsMethods, split, unstack } from './joins.ts';
import * as logic from './logic.ts';
import { batchNorm, localResponseNormalization } from './normalization.ts';
import { avgPool, maxPool, pool } from './pools.ts';
import { logSoftmax, softmax } from './probabilities.ts';
import { dot, matMul, outerProduct } from './products.ts';
import * as reductions from './reductions.ts';
import { unique } from './searches.ts';
import {
  broadcastTo,
  expandDims,
  flatten,
  mirrorPad,
  pad,
  reverse,
  shapesAsMethods,
  squeeze,
  stopGradient,
  tile,
  transpose,
} from './shapes.ts';
import { slice, stridedSlice } from './slices.ts';
import * as trigonometry from './trigonometry.ts';

// Where a file has functions that are no methods too, those that are stand here by their names: what is spread stays in
// every bundle.

const { where: _condition, ...truths } = logic;
// TensorFlow.js's `a.where(condition, b)` has the condition second.
const where = (a: Tensor, condition: TensorArgument, b: TensorArgument) => logic.where(condition, a, b);

const buffers = { bufferSync: bufferOf, buffer: async (tensor: Tensor) => bufferOf(tensor) };

const methods = {
  ...activations,
  ...arithmetic,
  ...trigonometry,
  ...truths,
  ...reductions,
  ...blocks,
  ...joinsAsMethods,
  ...shapesAsMethods,
  ...conversionsAsMethods,
  ...variableAsMethod,
  ...buffers,
  avgPool,
  batchNorm,
  broadcastTo,
  conv1d,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  dilation2d,
  dot,
  expandDims,
  flatten,
  gather,
  localResponseNormalization,
  logSoftmax,
  matMul,
  maxPool,
  mirrorPad,
  oneHot,
  onesLike,
  outerProduct,
  pad,
  pool,
  resizeBilinear,
  resizeNearestNeighbor,
  reverse,
  separableConv2d,
  slice,
  softmax,
  split,
  squeeze,
  stopGradient,
  stridedSlice,
  tile,
  transpose,
  unique,
  unsortedSegmentSum,
  unstack,
  where,
  zerosLike,
};

/** A function of a tensor and more as a method of the tensor. Scripts may give a type where the result has one (`_T`). */
type Method<F> = F extends (first: never, ...others: infer Others) => infer Result
  ? F extends { rankHint?: 'of the first' }
    ? <T extends Tensor = Tensor>(this: T, ...others: Others) => Typed<Result, T>
    : F extends { rankHint?: 'as said' }
      ? <R extends Rank = Rank>(...others: Others) => Tensor<R>
      : IsOfKnownRank<Result> extends true
        ? <_T extends Tensor = Tensor>(...others: Others) => Result
        : <T extends Tensor = Tensor>(...others: Others) => Typed<Result, T>
  : never;

type IsOfKnownRank<Result> = Tensor extends Result ? false : Result extends Tensor ? true : false;

/** A result whose tensors are typed `T`, where nothing more is known of them. */
type Typed<Result, T extends Tensor> = Tensor extends Result
  ? T
  : Tensor[] extends Result
    ? T[]
    : Result extends { values: Tensor; indices: Tensor }
      ? { values: T; indices: T }
      : Result;

type Methods = {
  [Name in Exclude<keyof typeof methods, keyof typeof buffers | keyof typeof variableAsMethod>]: Method<
    (typeof methods)[Name]
  >;
};

declare module '../tensor/tensor.ts' {
  // The parameter must be named as the class names it.
  interface Tensor<R extends Rank> extends Methods {
    bufferSync<D extends DataType = DataType>(): TensorBuffer<R, D>;
    buffer<D extends DataType = DataType>(): Promise<TensorBuffer<R, D>>;
    variable(trainable?: boolean, name?: string, dtype?: DataType): Variable<R>;
  }
}

for (const [name, call] of Object.entries(methods) as [string, (...args: unknown[]) => unknown][]) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...others: unknown[]) {
      return call(this, ...others);
    },
    writable: true,
    configurable: true,
  });
}

export { Tensor };
