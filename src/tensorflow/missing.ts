// Names of TensorFlow.js that lanegrad does not have: each says so, and what to use in its place.

import { missing, missingMembers } from './absent.ts';

const noGraphModels =
  'It runs no graph models. Convert the Keras model to a layers model (tensorflowjs_converter ' +
  '--output_format=tfjs_layers_model) and load it with tf.loadLayersModel.';
const noComplex = 'There are no complex numbers: keep real and imaginary parts in two tensors.';
const noStrings = 'There are no tensors of texts: keep texts in arrays, and their numbers in tensors.';
const noSparse =
  'There are no sparse tensors: tf.scatterND and tf.gatherND read and write dense ones by index.';
const noBackends = 'It computes in WebAssembly only, and there is nothing to register.';

export const loadGraphModel = /* @__PURE__ */ missing('loadGraphModel', noGraphModels);
export const loadGraphModelSync = /* @__PURE__ */ missing('loadGraphModelSync', noGraphModels);

export const complex = /* @__PURE__ */ missing('complex', noComplex);
export const real = /* @__PURE__ */ missing('real', noComplex);
export const imag = /* @__PURE__ */ missing('imag', noComplex);
export const fft = /* @__PURE__ */ missing('fft', noComplex);
export const ifft = /* @__PURE__ */ missing('ifft', noComplex);
export const rfft = /* @__PURE__ */ missing('rfft', noComplex);
export const irfft = /* @__PURE__ */ missing('irfft', noComplex);
export const spectral = /* @__PURE__ */ missingMembers(
  'spectral',
  ['fft', 'ifft', 'rfft', 'irfft'],
  noComplex,
);
export const stringToHashBucketFast = /* @__PURE__ */ missing('stringToHashBucketFast', noStrings);
export const string = /* @__PURE__ */ missingMembers(
  'string',
  ['stringNGrams', 'stringSplit', 'stringToHashBucketFast', 'staticRegexReplace'],
  noStrings,
);

export const sparseToDense = /* @__PURE__ */ missing('sparseToDense', noSparse);
export const sparse = /* @__PURE__ */ missingMembers(
  'sparse',
  ['sparseFillEmptyRows', 'sparseReshape', 'sparseSegmentMean', 'sparseSegmentSum'],
  noSparse,
);

const noRagged = 'There are no ragged tensors: pad rows to one length, and mask what is padding.';
export const raggedGather = /* @__PURE__ */ missing('raggedGather', noRagged);
export const raggedRange = /* @__PURE__ */ missing('raggedRange', noRagged);
export const raggedTensorToTensor = /* @__PURE__ */ missing('raggedTensorToTensor', noRagged);

export const registerBackend = /* @__PURE__ */ missing('registerBackend', noBackends);
export const removeBackend = /* @__PURE__ */ missing('removeBackend', noBackends);
export const registerKernel = /* @__PURE__ */ missing('registerKernel', noBackends);
export const registerGradient = /* @__PURE__ */ missing('registerGradient', noBackends);
