// The factories of `tf.layers`, one for each layer. Exports of a module rather than an object's properties, and
// marked as pure, so that a bundler keeps only those that a script names.

import { requireOptions } from '../errors.ts';
import { ELU, LeakyReLU, Maxout, PReLU, ReLU, Softmax, ThresholdedReLU } from './activation-layers.ts';
import type { Layer as AnyLayer } from './base/layer.ts';
import { Conv1D, Conv2D, Conv2DTranspose, DepthwiseConv2D, SeparableConv2D } from './convolution.ts';
import { Activation, Dense, Flatten, Rescaling, Reshape } from './core.ts';
import { Dot } from './dot.ts';
import { Dropout } from './dropout.ts';
import { Embedding } from './embedding.ts';
import { Cropping2D, UpSampling2D, ZeroPadding2D } from './image-layers.ts';
import { InputLayer } from './input-layer.ts';
import { Masking } from './masking.ts';
import { Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract } from './merge.ts';
import { Permute, RepeatVector } from './movement-layers.ts';
import { AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D } from './noise.ts';
import { BatchNormalization, LayerNormalization } from './normalization.ts';
import {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
} from './pooling.ts';
import { RandomFlip, RandomRotation, RandomTranslation, RandomZoom } from './preprocessing/augmentation.ts';
import { Discretization } from './preprocessing/discretization.ts';
import { Normalization } from './preprocessing/feature-normalization.ts';
import { Hashing } from './preprocessing/hashing.ts';
import { IntegerLookup, StringLookup } from './preprocessing/lookup.ts';
import { CategoryEncoding, CenterCrop, Resizing } from './preprocessing/preprocessing.ts';
import { RandomHeight, RandomWidth } from './preprocessing/random-size.ts';
import { ConvLSTM2D, ConvLSTM2DCell } from './recurrent/conv-lstm.ts';
import { GRUCell, LSTMCell, SimpleRNNCell } from './recurrent/recurrent-cells.ts';
import { GRU, LSTM, RNN, SimpleRNN } from './recurrent/recurrent-layers.ts';
import { StackedRNNCells } from './recurrent/stacked-cells.ts';
import { Conv3D, Conv3DTranspose } from './volume-layers.ts';
import { Bidirectional, TimeDistributed } from './wrappers.ts';

export type { ActivationIdentifier } from './activations.ts';
export { Layer } from './base/layer.ts';
export type { Conv1DOptions, ConvOptions, DepthwiseOptions, SeparableOptions } from './convolution.ts';
export type {
  ActivationOptions,
  DenseOptions,
  FlattenOptions,
  RescalingOptions,
  ReshapeOptions,
} from './core.ts';
export type { DropoutOptions } from './dropout.ts';
export type { EmbeddingOptions } from './embedding.ts';
export { input } from './input-layer.ts';
export type { BatchNormalizationOptions, LayerNormalizationOptions } from './normalization.ts';
export type { PoolingOptions } from './pooling.ts';
export type { GRUOptions, LSTMOptions, RNNOptions, SimpleRNNOptions } from './recurrent/recurrent-layers.ts';
export { RNN } from './recurrent/rnn.ts';
export { RNNCell } from './recurrent/rnn-cell.ts';
export type { BidirectionalOptions, TimeDistributedOptions } from './wrappers.ts';

type AnyLayerClass = (new (options: never) => AnyLayer) & { readonly className: string };
type OptionsOf<C extends AnyLayerClass> = NonNullable<ConstructorParameters<C>[0]>;
/** A layer's factory: its options may be left out where none of them must be given. */
type Factory<C extends AnyLayerClass> =
  Record<string, never> extends OptionsOf<C>
    ? (options?: OptionsOf<C>) => InstanceType<C>
    : (options: OptionsOf<C>) => InstanceType<C>;

/** A factory, which tells its class to those that need all of them. */
// @__NO_SIDE_EFFECTS__
function factory<C extends AnyLayerClass>(Class: C): Factory<C> {
  // No arrow, so that it takes `new`.
  function make(options?: OptionsOf<C> | null) {
    return new Class(requireOptions(Class.className, options ?? {}) as never);
  }
  return Object.assign(make, { Class }) as unknown as Factory<C>;
}

export const dense = /* @__PURE__ */ factory(Dense);
export const activation = /* @__PURE__ */ factory(Activation);
export const dropout = /* @__PURE__ */ factory(Dropout);
export const flatten = /* @__PURE__ */ factory(Flatten);
export const reshape = /* @__PURE__ */ factory(Reshape);
export const rescaling = /* @__PURE__ */ factory(Rescaling);
export const reLU = /* @__PURE__ */ factory(ReLU);
export const leakyReLU = /* @__PURE__ */ factory(LeakyReLU);
export const prelu = /* @__PURE__ */ factory(PReLU);
export const elu = /* @__PURE__ */ factory(ELU);
export const thresholdedReLU = /* @__PURE__ */ factory(ThresholdedReLU);
export const softmax = /* @__PURE__ */ factory(Softmax);
export const maxout = /* @__PURE__ */ factory(Maxout);
export const add = /* @__PURE__ */ factory(Add);
export const multiply = /* @__PURE__ */ factory(Multiply);
export const dot = /* @__PURE__ */ factory(Dot);
export const concatenate = /* @__PURE__ */ factory(Concatenate);
export const simpleRNN = /* @__PURE__ */ factory(SimpleRNN);
export const gru = /* @__PURE__ */ factory(GRU);
export const lstm = /* @__PURE__ */ factory(LSTM);
export const rnn = /* @__PURE__ */ factory(RNN);
export const simpleRNNCell = /* @__PURE__ */ factory(SimpleRNNCell);
export const gruCell = /* @__PURE__ */ factory(GRUCell);
export const lstmCell = /* @__PURE__ */ factory(LSTMCell);
export const stackedRNNCells = /* @__PURE__ */ factory(StackedRNNCells);
export const bidirectional = /* @__PURE__ */ factory(Bidirectional);
export const timeDistributed = /* @__PURE__ */ factory(TimeDistributed);
export const masking = /* @__PURE__ */ factory(Masking);
export const repeatVector = /* @__PURE__ */ factory(RepeatVector);
export const conv1d = /* @__PURE__ */ factory(Conv1D);
export const conv2d = /* @__PURE__ */ factory(Conv2D);
export const conv2dTranspose = /* @__PURE__ */ factory(Conv2DTranspose);
export const depthwiseConv2d = /* @__PURE__ */ factory(DepthwiseConv2D);
export const separableConv2d = /* @__PURE__ */ factory(SeparableConv2D);
export const maxPooling1d = /* @__PURE__ */ factory(MaxPooling1D);
export const maxPooling2d = /* @__PURE__ */ factory(MaxPooling2D);
export const averagePooling1d = /* @__PURE__ */ factory(AveragePooling1D);
export const averagePooling2d = /* @__PURE__ */ factory(AveragePooling2D);
export const average = /* @__PURE__ */ factory(Average);
export const maximum = /* @__PURE__ */ factory(Maximum);
export const minimum = /* @__PURE__ */ factory(Minimum);
export const subtract = /* @__PURE__ */ factory(Subtract);
export const permute = /* @__PURE__ */ factory(Permute);
export const globalMaxPooling1d = /* @__PURE__ */ factory(GlobalMaxPooling1D);
export const globalMaxPooling2d = /* @__PURE__ */ factory(GlobalMaxPooling2D);
export const globalAveragePooling1d = /* @__PURE__ */ factory(GlobalAveragePooling1D);
export const globalAveragePooling2d = /* @__PURE__ */ factory(GlobalAveragePooling2D);
export const zeroPadding2d = /* @__PURE__ */ factory(ZeroPadding2D);
export const cropping2d = /* @__PURE__ */ factory(Cropping2D);
export const upSampling2d = /* @__PURE__ */ factory(UpSampling2D);
export const batchNormalization = /* @__PURE__ */ factory(BatchNormalization);
export const layerNormalization = /* @__PURE__ */ factory(LayerNormalization);
export const embedding = /* @__PURE__ */ factory(Embedding);
export const spatialDropout1d = /* @__PURE__ */ factory(SpatialDropout1D);
export const spatialDropout2d = /* @__PURE__ */ factory(SpatialDropout2D);
export const gaussianNoise = /* @__PURE__ */ factory(GaussianNoise);
export const gaussianDropout = /* @__PURE__ */ factory(GaussianDropout);
export const alphaDropout = /* @__PURE__ */ factory(AlphaDropout);
export const randomFlip = /* @__PURE__ */ factory(RandomFlip);
export const randomTranslation = /* @__PURE__ */ factory(RandomTranslation);
export const randomRotation = /* @__PURE__ */ factory(RandomRotation);
export const randomZoom = /* @__PURE__ */ factory(RandomZoom);
export const randomWidth = /* @__PURE__ */ factory(RandomWidth);
export const randomHeight = /* @__PURE__ */ factory(RandomHeight);
export const inputLayer = /* @__PURE__ */ factory(InputLayer);
export const conv3d = /* @__PURE__ */ factory(Conv3D);
export const conv3dTranspose = /* @__PURE__ */ factory(Conv3DTranspose);
export const maxPooling3d = /* @__PURE__ */ factory(MaxPooling3D);
export const averagePooling3d = /* @__PURE__ */ factory(AveragePooling3D);
export const convLstm2d = /* @__PURE__ */ factory(ConvLSTM2D);
export const convLstm2dCell = /* @__PURE__ */ factory(ConvLSTM2DCell);
export const categoryEncoding = /* @__PURE__ */ factory(CategoryEncoding);
export const normalization = /* @__PURE__ */ factory(Normalization);
export const discretization = /* @__PURE__ */ factory(Discretization);
export const stringLookup = /* @__PURE__ */ factory(StringLookup);
export const integerLookup = /* @__PURE__ */ factory(IntegerLookup);
export const hashing = /* @__PURE__ */ factory(Hashing);
export const resizing = /* @__PURE__ */ factory(Resizing);
export const centerCrop = /* @__PURE__ */ factory(CenterCrop);

// TensorFlow.js's other names.
export {
  averagePooling1d as avgPool1d,
  averagePooling1d as avgPooling1d,
  averagePooling2d as avgPool2d,
  averagePooling2d as avgPooling2d,
  averagePooling3d as avgPool3d,
  averagePooling3d as avgPooling3d,
  cropping2d as cropping2D,
  globalMaxPooling1d as globalMaxPool1d,
  globalMaxPooling2d as globalMaxPool2d,
  maxPooling1d as maxPool1d,
  maxPooling2d as maxPool2d,
};
