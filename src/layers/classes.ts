// All built-in layers, for the registry that saved models are read with. Only loading needs them: this keeps every
// layer in a bundle.

import * as activationLayers from './activation-layers.ts';
import * as augmentation from './augmentation.ts';
import * as convLstm from './conv-lstm.ts';
import * as convolution from './convolution.ts';
import * as core from './core.ts';
import * as discretization from './discretization.ts';
import * as dot from './dot.ts';
import * as dropout from './dropout.ts';
import * as embedding from './embedding.ts';
import * as featureNormalization from './feature-normalization.ts';
import * as hashing from './hashing.ts';
import * as images from './image-layers.ts';
import * as inputs from './input-layer.ts';
import { Layer, type LayerClass } from './layer.ts';
import * as lookup from './lookup.ts';
import * as masking from './masking.ts';
import * as merge from './merge.ts';
import * as movement from './movement-layers.ts';
import * as noise from './noise.ts';
import * as normalization from './normalization.ts';
import * as pooling from './pooling.ts';
import * as preprocessing from './preprocessing.ts';
import * as randomSize from './random-size.ts';
import * as cells from './recurrent-cells.ts';
import * as recurrent from './recurrent-layers.ts';
import { registerClass } from './registry.ts';
import * as stacked from './stacked-cells.ts';
import * as volumes from './volume-layers.ts';
import * as wrappers from './wrappers.ts';

const modules = [
  core,
  inputs,
  convLstm,
  preprocessing,
  featureNormalization,
  discretization,
  lookup,
  hashing,
  volumes,
  dropout,
  activationLayers,
  merge,
  dot,
  movement,
  convolution,
  pooling,
  images,
  augmentation,
  randomSize,
  normalization,
  noise,
  embedding,
  cells,
  stacked,
  recurrent,
  wrappers,
  masking,
];

/** Makes all built-in layers known to the registry. */
export function registerBuiltInLayers(): void {
  for (const one of modules.flatMap((module): unknown[] => Object.values(module))) {
    if (typeof one === 'function' && one.prototype instanceof Layer && Object.hasOwn(one, 'className'))
      registerClass(one as unknown as LayerClass);
  }
}
