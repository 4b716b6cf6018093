// Names of types that TypeScript scripts for TensorFlow.js use.

import type { DataType, TypedArray } from './data-type.ts';
import type { TensorLike } from './nested-array.ts';
import type { Rank } from './rank.ts';
import type { Tensor } from './tensor.ts';

/** Sizes of what goes into layers and comes out of them: null where one is open. */
export type Shape = (number | null)[];

/** A tensor of a single number. */
export type Scalar = Tensor<Rank.R0>;
/** A tensor of rank 1. */
export type Tensor1D = Tensor<Rank.R1>;
/** A tensor of rank 2. */
export type Tensor2D = Tensor<Rank.R2>;
/** A tensor of rank 3. */
export type Tensor3D = Tensor<Rank.R3>;
/** A tensor of rank 4. */
export type Tensor4D = Tensor<Rank.R4>;
/** A tensor of rank 5. */
export type Tensor5D = Tensor<Rank.R5>;
/** A tensor of rank 6. */
export type Tensor6D = Tensor<Rank.R6>;

/** A tensor of numbers: all are. */
export type NumericTensor<R extends Rank = Rank> = Tensor<R>;

/** Types of numbers, as TensorFlow.js names them. */
export type NumericDataType = Exclude<DataType, 'string'>;
/** What tensors' numbers are stored in. */
export type DataValues = TypedArray;
/** What tensors' numbers are stored in. */
export type BackendValues = TypedArray;
/** What becomes a tensor of a single number. */
export type ScalarLike = number | boolean;
/** What functions of `customGrad` keep tensors by, for their gradients. */
export type GradSaveFunc = (tensors: Tensor[]) => void;
/** Numbers for a tensor of rank 1: a typed array, or arrays in arrays. */
export type TensorLike1D = TensorLike;
/** Numbers for a tensor of rank 2: a typed array, or arrays in arrays. */
export type TensorLike2D = TensorLike;
/** Numbers for a tensor of rank 3: a typed array, or arrays in arrays. */
export type TensorLike3D = TensorLike;
/** Numbers for a tensor of rank 4: a typed array, or arrays in arrays. */
export type TensorLike4D = TensorLike;

/** A tensor, or several by name, in any nesting: what `tidy` and `dispose` take. Declared as TensorFlow.js declares it. */
export type TensorContainer =
  // biome-ignore lint/suspicious/noConfusingVoidType: functions of tidy may return nothing
  void | string | number | boolean | Tensor | TensorContainerObject | TensorContainerArray | TypedArray;
/** Tensors by name, as functions of `tidy` may return them. */
export interface TensorContainerObject {
  [name: string]: TensorContainer;
}
/** A list of tensors, as functions of `tidy` may return it. */
export interface TensorContainerArray extends Array<TensorContainer> {}

/** Tensors by name. */
export interface NamedTensorMap {
  [name: string]: Tensor;
}
