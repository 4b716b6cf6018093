// Names of TensorFlow.js that lanegrad does not have: each says so, and what to use in its place.

import { noGraphModels } from '../errors.ts';
import { missing, missingAsync, missingMembers } from './absent.ts';
import { names } from './backend.ts';

const noComplex = 'There are no complex numbers: keep real and imaginary parts in two tensors.';
const noStrings = 'There are no tensors of texts: keep texts in arrays, and their numbers in tensors.';
const noSparse =
  'There are no sparse tensors: tf.scatterND and tf.gatherND read and write dense ones by index.';
const noBackends = 'It computes in WebAssembly only, with kernels of its own.';

export const loadGraphModel = /* @__PURE__ */ missingAsync('loadGraphModel', noGraphModels);
export const loadGraphModelSync = /* @__PURE__ */ missing('loadGraphModelSync', noGraphModels);
export const registerOp = /* @__PURE__ */ missing('registerOp', noGraphModels);
/** No model is one. */
export const GraphModel = /* @__PURE__ */ missing('GraphModel', noGraphModels);
/** What is no graph model alone: there are none. */
export type GraphModel = never;

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

/** Backends that are scripts beside TensorFlow.js's own: setBackend takes their names, and they are not used. */
const scripts: readonly unknown[] = ['wasm', 'webgpu'];

/** Says so to all but these, which so can be loaded. */
const registering = (name: string) => {
  const refuse = missing(name, noBackends);
  return (given?: string | { readonly backendName?: string }, ..._: unknown[]): boolean =>
    scripts.includes(Object(given).backendName ?? given) ? false : refuse();
};
export const registerBackend = /* @__PURE__ */ registering('registerBackend');
export const registerKernel = /* @__PURE__ */ registering('registerKernel');

const noFactory = /* @__PURE__ */ missing('findBackendFactory', noBackends);
/** Null. @throws LanegradError for the names of TensorFlow.js's backends, which nothing has to make. */
export const findBackendFactory = (name: string): null => (names.includes(name) ? noFactory() : null);
export const removeBackend = /* @__PURE__ */ missing('removeBackend', noBackends);
export const registerGradient = /* @__PURE__ */ missing('registerGradient', noBackends);
export const copyRegisteredKernels = /* @__PURE__ */ missing('copyRegisteredKernels', noBackends);
export const getGradient = /* @__PURE__ */ missing('getGradient', noBackends);
export const getKernel = /* @__PURE__ */ missing('getKernel', noBackends);
export const getKernelsForBackend = /* @__PURE__ */ missing('getKernelsForBackend', noBackends);
export const unregisterGradient = /* @__PURE__ */ missing('unregisterGradient', noBackends);
export const unregisterKernel = /* @__PURE__ */ missing('unregisterKernel', noBackends);
export const setPlatform = /* @__PURE__ */ missing('setPlatform', noBackends);
export const DataStorage = /* @__PURE__ */ missing('DataStorage', noBackends);
export const KernelBackend = /* @__PURE__ */ missing('KernelBackend', noBackends);

/** What kernels of TensorFlow.js are made with, under all of its names. Each says so. */
export const backend_util = /* @__PURE__ */ missingMembers(
  'backend_util',
  [
    'assertAndGetBroadcastShape',
    'getReductionAxes',
    'parseSliceParams',
    'prepareAndValidate',
    'validateInput',
    'whereImpl',
  ],
  noBackends,
);
export {
  backend_util as broadcast_util,
  backend_util as gather_util,
  backend_util as kernel_impls,
  backend_util as scatter_util,
  backend_util as slice_util,
};
