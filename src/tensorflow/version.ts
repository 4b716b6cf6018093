// Versions: of lanegrad, and of the TensorFlow.js whose names and numbers it follows.

const follows = '4.22.0';

/** Versions by package, as scripts print them. */
export const version = {
  lanegrad: '0.1.0',
  tfjs: follows,
  'tfjs-core': follows,
  'tfjs-data': follows,
  'tfjs-layers': follows,
  'tfjs-node': follows,
} as const;

/** The version, under the name that TensorFlow.js's core has for its own. */
export const version_core: string = follows;
/** The version, under the name that TensorFlow.js's layers have for their own. */
export const version_layers: string = follows;
