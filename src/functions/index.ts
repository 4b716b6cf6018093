// The functions that scripts, layers, losses and metrics are composed of.

export * from './activations.ts';
export * from './arithmetic.ts';
export * from './gather.ts';
export * from './logic.ts';
export * from './probabilities.ts';
export * from './products.ts';
export * from './random.ts';
export * from './reductions.ts';
export * from './shapes.ts';
export * from './trigonometry.ts';
