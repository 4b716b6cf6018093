// The table that saved models are read with. Only loading needs it: it keeps every layer in a bundle.

import * as activationLayers from './activation-layers.ts';
import * as augmentation from './augmentation.ts';
import * as cells from './cells.ts';
import * as convolution from './convolution.ts';
import * as core from './core.ts';
import * as dot from './dot.ts';
import * as dropout from './dropout.ts';
import * as embedding from './embedding.ts';
import * as images from './image-layers.ts';
import type { Layer } from './layer.ts';
import * as masking from './masking.ts';
import * as merge from './merge.ts';
import * as movement from './movement-layers.ts';
import * as noise from './noise.ts';
import * as normalization from './normalization.ts';
import * as pooling from './pooling.ts';
import * as wrappers from './wrappers.ts';

type LayerClass = (new (options: object) => Layer) & { readonly className: string };

const modules = [
  core,
  dropout,
  activationLayers,
  merge,
  dot,
  movement,
  convolution,
  pooling,
  images,
  augmentation,
  normalization,
  noise,
  embedding,
  cells,
  wrappers,
  masking,
];
const classes = modules.flatMap((module) => Object.values(module) as unknown as LayerClass[]);

/** Layer classes by the name that saved models give them. */
export const layerClasses: Readonly<Record<string, LayerClass>> = Object.fromEntries(
  classes.filter(({ className }) => className).map((Class) => [Class.className, Class]),
);
