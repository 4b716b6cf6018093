// The functions that scripts, layers, losses and metrics are composed of.

export * from './activations.ts';
export * from './add-n.ts';
export * from './arithmetic.ts';
export * from './blocks.ts';
export * from './cells.ts';
export { cast } from './conversions.ts';
export * from './convolutions.ts';
export * from './creation.ts';
export * from './gather.ts';
export {
  concat,
  concat1d,
  concat2d,
  concat3d,
  concat4d,
  type MeshgridOptions,
  meshgrid,
  split,
  stack,
  unstack,
} from './joins.ts';
export * from './logic.ts';
export * from './normalization.ts';
export * from './pools.ts';
export * from './probabilities.ts';
export * from './products.ts';
export * from './random.ts';
export * from './reductions.ts';
export * from './searches.ts';
export {
  broadcastArgs,
  broadcastTo,
  diag,
  ensureShape,
  expandDims,
  flatten,
  mirrorPad,
  type Padding,
  pad,
  pad1d,
  pad2d,
  pad3d,
  pad4d,
  reshape,
  reverse,
  reverse1d,
  reverse2d,
  reverse3d,
  reverse4d,
  squeeze,
  stopGradient,
  tile,
  transpose,
} from './shapes.ts';
export * from './slices.ts';
export * from './trigonometry.ts';
