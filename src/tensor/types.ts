// Names of types that TypeScript scripts for TensorFlow.js use.

import type { DataType, TypedArray } from './data-type.ts';
import type { TensorLike } from './nested-array.ts';
import type { Rank } from './rank.ts';
import type { Tensor } from './tensor.ts';

/** Sizes of each rank; a rank is no part of a tensor's type here, so that all of these are the same type. */
export interface ShapeMap {
  R0: number[];
  R1: [number];
  R2: [number, number];
  R3: [number, number, number];
  R4: [number, number, number, number];
  R5: [number, number, number, number, number];
  R6: [number, number, number, number, number, number];
}

export type Scalar = Tensor<Rank.R0>;
export type Tensor1D = Tensor<Rank.R1>;
export type Tensor2D = Tensor<Rank.R2>;
export type Tensor3D = Tensor<Rank.R3>;
export type Tensor4D = Tensor<Rank.R4>;
export type Tensor5D = Tensor<Rank.R5>;
export type Tensor6D = Tensor<Rank.R6>;

/** What tensors' numbers are stored in, by data type. */
export interface DataTypeMap {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
  uint8: Uint8Array;
}

export type NumericDataType = Exclude<DataType, 'string'>;
export type DataValues = TypedArray;
export type TensorLike1D = TensorLike;
export type TensorLike2D = TensorLike;
export type TensorLike3D = TensorLike;
export type TensorLike4D = TensorLike;

/** A tensor, or several by name, in any nesting: what `tidy` and `dispose` take. */
export type TensorContainer =
  | undefined
  | null
  | string
  | number
  | boolean
  | Tensor
  | TensorContainerObject
  | TensorContainerArray;
export interface TensorContainerObject {
  [name: string]: TensorContainer;
}
export interface TensorContainerArray extends Array<TensorContainer> {}

/** Tensors by name. */
export interface NamedTensorMap {
  [name: string]: Tensor;
}
