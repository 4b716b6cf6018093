// The factories of `tf.layers`, and the table that saved models are read with.

import { ELU, LeakyReLU, Maxout, PReLU, ReLU, Softmax, ThresholdedReLU } from './activation-layers.ts';
import { GRU, LSTM, SimpleRNN } from './cells.ts';
import { Conv1D, Conv2D, Conv2DTranspose, DepthwiseConv2D, SeparableConv2D } from './convolution.ts';
import { Activation, Dense, Dropout, Flatten, Rescaling, Reshape } from './core.ts';
import { Layer } from './layer.ts';
import { Masking } from './masking.ts';
import { Add, Concatenate, Multiply } from './merge.ts';
import { RepeatVector } from './movement-layers.ts';
import { AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D } from './pooling.ts';
import { Bidirectional, TimeDistributed } from './wrappers.ts';

type LayerClass = new (options: never) => Layer;
type OptionsOf<C extends LayerClass> = ConstructorParameters<C>[0];

/** A factory for a layer with an option that must be given. */
const required =
  <C extends LayerClass>(Class: C) =>
  (options: OptionsOf<C>) =>
    new Class(options) as InstanceType<C>;

/** A factory for a layer that can do without options. */
const optional =
  <C extends LayerClass>(Class: C) =>
  (options: OptionsOf<C> = {} as OptionsOf<C>) =>
    new Class(options) as InstanceType<C>;

/** One factory for each layer. */
export const layers = {
  Layer,
  dense: required(Dense),
  activation: required(Activation),
  dropout: required(Dropout),
  flatten: optional(Flatten),
  reshape: required(Reshape),
  rescaling: required(Rescaling),
  reLU: optional(ReLU),
  leakyReLU: optional(LeakyReLU),
  prelu: optional(PReLU),
  elu: optional(ELU),
  thresholdedReLU: optional(ThresholdedReLU),
  softmax: optional(Softmax),
  maxout: required(Maxout),
  add: optional(Add),
  multiply: optional(Multiply),
  concatenate: optional(Concatenate),
  simpleRNN: required(SimpleRNN),
  gru: required(GRU),
  lstm: required(LSTM),
  bidirectional: required(Bidirectional),
  timeDistributed: required(TimeDistributed),
  masking: optional(Masking),
  repeatVector: required(RepeatVector),
  conv1d: required(Conv1D),
  conv2d: required(Conv2D),
  conv2dTranspose: required(Conv2DTranspose),
  depthwiseConv2d: required(DepthwiseConv2D),
  separableConv2d: required(SeparableConv2D),
  maxPooling1d: optional(MaxPooling1D),
  maxPooling2d: optional(MaxPooling2D),
  averagePooling1d: optional(AveragePooling1D),
  averagePooling2d: optional(AveragePooling2D),
};

/** Layer classes by the name that saved models give them. */
export const layerClasses = Object.fromEntries(
  [
    Dense,
    Activation,
    Dropout,
    Flatten,
    Reshape,
    Rescaling,
    ReLU,
    LeakyReLU,
    PReLU,
    ELU,
    ThresholdedReLU,
    Softmax,
    Maxout,
    Add,
    Multiply,
    Concatenate,
    SimpleRNN,
    GRU,
    LSTM,
    Bidirectional,
    TimeDistributed,
    Masking,
    RepeatVector,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    SeparableConv2D,
    MaxPooling1D,
    MaxPooling2D,
    AveragePooling1D,
    AveragePooling2D,
  ].map((Class) => [Class.className, Class]),
) as Readonly<Record<string, LayerClass>>;
