// The public API under Node: the same, with files, the terminal and the event loop that Node has.

import { nodePlatform } from './platform/node.ts';
import { setPlatform } from './platform/platform.ts';

setPlatform(nodePlatform);

export * from './index.ts';
// Scripts take it from TensorFlow.js's dist/io/file_system, which is this module.
export { fileSystem } from './io/file-store.ts';
