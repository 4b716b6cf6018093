// `tf.node`: what TensorFlow.js's package for Node has beside the others.

import { making } from '../options/making.ts';
import { summaryFileWriter } from '../tensorboard/summary-writer.ts';
import { TensorBoard } from '../training/callbacks/tensor-board.ts';
import { missing, missingAsync, missingMembers } from './absent.ts';

const noImages = 'It neither reads nor writes image files.';
const toDecode = `${noImages} Decode with a package such as sharp or jpeg-js, and give the pixels to tf.tensor3d or tf.browser.fromPixels.`;
const toEncode = `${noImages} Give the bytes of tf.browser.toPixels to a package such as sharp or jpeg-js.`;
const noSavedModels = 'It reads layers models: convert a SavedModel with tensorflowjs_converter first.';

/** What tfjs-node adds: TensorBoard's callback and summary writers. */
export const node = {
  .../* @__PURE__ */ missingMembers(
    'node',
    ['decodeImage', 'decodePng', 'decodeJpeg', 'decodeBmp', 'decodeGif'],
    toDecode,
  ),
  .../* @__PURE__ */ missingMembers('node', ['encodePng', 'encodeJpeg'], toEncode),
  loadSavedModel: /* @__PURE__ */ missingAsync('node.loadSavedModel', noSavedModels),
  getMetaGraphsFromSavedModel: /* @__PURE__ */ missingAsync(
    'node.getMetaGraphsFromSavedModel',
    noSavedModels,
  ),
  getNumOfSavedModels: /* @__PURE__ */ missing('node.getNumOfSavedModels', noSavedModels),
  summaryFileWriter,
  /** As `tf.callbacks.tensorBoard`. */
  tensorBoard: /* @__PURE__ */ making(TensorBoard),
} as const;
