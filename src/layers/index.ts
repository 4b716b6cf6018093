// The factories of `tf.layers`, one for each layer. Exports of a module rather than an object's properties, and
// marked as pure, so that a bundler keeps only those that a script names.

import { requireOptions } from '../errors.ts';
import { ELU, LeakyReLU, Maxout, PReLU, ReLU, Softmax, ThresholdedReLU } from './activation-layers.ts';
import { RandomFlip, RandomRotation, RandomTranslation, RandomZoom } from './augmentation.ts';
import { GRU, LSTM, SimpleRNN } from './cells.ts';
import { Conv1D, Conv2D, Conv2DTranspose, DepthwiseConv2D, SeparableConv2D } from './convolution.ts';
import { Activation, Dense, Flatten, Rescaling, Reshape } from './core.ts';
import { Dot } from './dot.ts';
import { Dropout } from './dropout.ts';
import { Embedding } from './embedding.ts';
import { Cropping2D, UpSampling2D, ZeroPadding2D } from './image-layers.ts';
import type { Layer as AnyLayer } from './layer.ts';
import { Masking } from './masking.ts';
import { Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract } from './merge.ts';
import { Permute, RepeatVector } from './movement-layers.ts';
import { AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D } from './noise.ts';
import { BatchNormalization, LayerNormalization } from './normalization.ts';
import {
  AveragePooling1D,
  AveragePooling2D,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  MaxPooling1D,
  MaxPooling2D,
} from './pooling.ts';
import { Bidirectional, TimeDistributed } from './wrappers.ts';

export type { GRUOptions, LSTMOptions } from './cells.ts';
export type { ConvOptions, DepthwiseOptions, SeparableOptions } from './convolution.ts';
export type {
  ActivationOptions,
  DenseOptions,
  RescalingOptions,
  ReshapeOptions,
} from './core.ts';
export type { DropoutOptions } from './dropout.ts';
export type { EmbeddingOptions } from './embedding.ts';
export { Layer } from './layer.ts';
export type { BatchNormalizationOptions, LayerNormalizationOptions } from './normalization.ts';
export type { PoolingOptions } from './pooling.ts';
export type { RecurrentOptions } from './recurrence.ts';
export type { BidirectionalOptions } from './wrappers.ts';

type LayerClass = (new (options: never) => AnyLayer) & { readonly className: string };
type OptionsOf<C extends LayerClass> = NonNullable<ConstructorParameters<C>[0]>;

/** A factory for a layer with an option that must be given. */
const required =
  <C extends LayerClass>(Class: C) =>
  (options: OptionsOf<C>) =>
    new Class(requireOptions(Class.className, options)) as InstanceType<C>;

/** A factory for a layer that can do without options. */
const optional = <C extends LayerClass>(Class: C) => {
  const make = required(Class);
  return (options: OptionsOf<C> = {} as OptionsOf<C>) => make(options);
};

export const dense = /* @__PURE__ */ required(Dense);
export const activation = /* @__PURE__ */ required(Activation);
export const dropout = /* @__PURE__ */ required(Dropout);
export const flatten = /* @__PURE__ */ optional(Flatten);
export const reshape = /* @__PURE__ */ required(Reshape);
export const rescaling = /* @__PURE__ */ required(Rescaling);
export const reLU = /* @__PURE__ */ optional(ReLU);
export const leakyReLU = /* @__PURE__ */ optional(LeakyReLU);
export const prelu = /* @__PURE__ */ optional(PReLU);
export const elu = /* @__PURE__ */ optional(ELU);
export const thresholdedReLU = /* @__PURE__ */ optional(ThresholdedReLU);
export const softmax = /* @__PURE__ */ optional(Softmax);
export const maxout = /* @__PURE__ */ required(Maxout);
export const add = /* @__PURE__ */ optional(Add);
export const multiply = /* @__PURE__ */ optional(Multiply);
export const dot = /* @__PURE__ */ required(Dot);
export const concatenate = /* @__PURE__ */ optional(Concatenate);
export const simpleRNN = /* @__PURE__ */ required(SimpleRNN);
export const gru = /* @__PURE__ */ required(GRU);
export const lstm = /* @__PURE__ */ required(LSTM);
export const bidirectional = /* @__PURE__ */ required(Bidirectional);
export const timeDistributed = /* @__PURE__ */ required(TimeDistributed);
export const masking = /* @__PURE__ */ optional(Masking);
export const repeatVector = /* @__PURE__ */ required(RepeatVector);
export const conv1d = /* @__PURE__ */ required(Conv1D);
export const conv2d = /* @__PURE__ */ required(Conv2D);
export const conv2dTranspose = /* @__PURE__ */ required(Conv2DTranspose);
export const depthwiseConv2d = /* @__PURE__ */ required(DepthwiseConv2D);
export const separableConv2d = /* @__PURE__ */ required(SeparableConv2D);
export const maxPooling1d = /* @__PURE__ */ optional(MaxPooling1D);
export const maxPooling2d = /* @__PURE__ */ optional(MaxPooling2D);
export const averagePooling1d = /* @__PURE__ */ optional(AveragePooling1D);
export const averagePooling2d = /* @__PURE__ */ optional(AveragePooling2D);
export const average = /* @__PURE__ */ optional(Average);
export const maximum = /* @__PURE__ */ optional(Maximum);
export const minimum = /* @__PURE__ */ optional(Minimum);
export const subtract = /* @__PURE__ */ optional(Subtract);
export const permute = /* @__PURE__ */ required(Permute);
export const globalMaxPooling1d = /* @__PURE__ */ optional(GlobalMaxPooling1D);
export const globalMaxPooling2d = /* @__PURE__ */ optional(GlobalMaxPooling2D);
export const globalAveragePooling1d = /* @__PURE__ */ optional(GlobalAveragePooling1D);
export const globalAveragePooling2d = /* @__PURE__ */ optional(GlobalAveragePooling2D);
export const zeroPadding2d = /* @__PURE__ */ optional(ZeroPadding2D);
export const cropping2d = /* @__PURE__ */ required(Cropping2D);
export const upSampling2d = /* @__PURE__ */ optional(UpSampling2D);
export const batchNormalization = /* @__PURE__ */ optional(BatchNormalization);
export const layerNormalization = /* @__PURE__ */ optional(LayerNormalization);
export const embedding = /* @__PURE__ */ required(Embedding);
export const spatialDropout1d = /* @__PURE__ */ required(SpatialDropout1D);
export const spatialDropout2d = /* @__PURE__ */ required(SpatialDropout2D);
export const gaussianNoise = /* @__PURE__ */ required(GaussianNoise);
export const gaussianDropout = /* @__PURE__ */ required(GaussianDropout);
export const alphaDropout = /* @__PURE__ */ required(AlphaDropout);
export const randomFlip = /* @__PURE__ */ optional(RandomFlip);
export const randomTranslation = /* @__PURE__ */ required(RandomTranslation);
export const randomRotation = /* @__PURE__ */ required(RandomRotation);
export const randomZoom = /* @__PURE__ */ required(RandomZoom);
