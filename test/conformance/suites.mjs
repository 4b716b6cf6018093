// Where TensorFlow.js's tests are, which of their imports are of its public API, and which tests count: those of
// what a training script may use. The others, and why.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The installed package's modules. */
export const corePath = join(import.meta.dirname, 'node_modules/@tensorflow/tfjs-core/dist');

const coreFiles = [
  {
    reason: 'backends, kernels, the tape and the flags are how TensorFlow.js works, not what it does',
    pattern:
      /^(backends\/.*|debug_mode|device_util|environment|flags|hash_util|kernel_registry|platforms\/.*|profiler|tape|version)$/,
  },
  {
    reason: 'helpers of its operations and tests, which no script calls',
    pattern: /^(jasmine_util|ops\/\w+_util|tensor_util|test_util|types)$/,
  },
  {
    reason: 'there are no complex numbers and no Fourier transforms',
    pattern: /^ops\/(complex_ops|ifft|signal\/stft|spectral\/.*)$/,
  },
  { reason: 'there are no tensors of strings', pattern: /^ops\/string\/.*$/ },
  {
    reason: 'there are no sparse and no ragged tensors',
    pattern: /^ops\/(ragged_\w+|sparse\/.*|sparse_to_dense)$/,
  },
  { reason: 'detecting objects is not training', pattern: /^ops\/image\/non_max_suppression\w*$/ },
  {
    reason: 'files, pages and their storage have tests of their own',
    pattern: /^io\/(?!io_utils$).*$/,
  },
  { reason: 'there is no browser with a canvas here', pattern: /^ops\/draw$/ },
];

const coreTests = [
  {
    reason: 'softmax and its logarithm take any axis, dilated convolutions have gradients, masks combine',
    pattern:
      /^(softmax 2D, dim=0 throws error|logSoftmax 2D, axis=0 throws error|depthwiseConv2d gradients throws error on dilations > 1)$/,
  },
  {
    reason:
      "TensorFlow.js's gradients leave out what padding repeats, and divide by what it does not average",
    pattern: /^(mirrorPad grad(ient with clones)?|avgPool gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit)$/,
  },
  {
    reason: 'there are no Fourier transforms',
    pattern: /^chained ops all chained ops should exist on tensor/,
  },
  {
    reason: 'it multiplies any number of tensors',
    pattern: /^einsum more than two input tensors throws error$/,
  },
  {
    reason: 'logic has the gradient zero, as comparisons have',
    pattern: /^gradients errors if relevant ops are missing grads$/,
  },
  {
    reason: 'equals share the gradient of the largest or smallest; there each gets all of it',
    pattern: /^(max|min) gradient .*\bties\b|^(max|min) (max|min) gradient: .*\bties\b/,
  },
  { reason: "they listen to TensorFlow.js's own platform", pattern: /^util\.fetch / },
  {
    reason: 'there are no backends to choose from, and no kernels of which each is timed',
    pattern:
      /^(Backend registration|Switching cpu backends|Detects memory leaks in kernels|Memory allocation outside a test scope|memory makeTensorFromDataId|profile) /,
  },
  {
    reason: 'helpers of what reads and writes weights, which no script calls',
    pattern: /^(concatenateTypedArrays|stringByteLength|concatenateArrayBuffers|basename|float16) /,
  },
  {
    reason: 'there are no complex numbers',
    pattern:
      /\bcomplex(64)?\b(?! normalization)|^(add|sub) upcasts when dtypes dont match$|Mixed dtype tensors$/i,
    except: /non-complex/,
  },
  {
    reason: 'there are no tensors of strings',
    pattern: /\bstrings?\b|string\[|^squeeze (default|specific dimension|all ones|squeeze only ones)$/i,
    except: /throws (error )?(for|when)|2 arguments|dtype infers/i,
  },
];

const layersFiles = [
  {
    reason: 'helpers of its layers and tests, which no script calls',
    pattern:
      /^(activations|backend\/.*|common|errors|types|utils\/.*|variables|version|engine\/(dataset_fakes|executor|training_utils)|layers\/(preprocessing\/preprocessing_utils|serialization))$/,
  },
  {
    reason: 'losses and metrics are tested as functions of tensors that are not public',
    pattern: /^losses$/,
  },
  { reason: 'language models of their own are no part of the package', pattern: /^layers\/nlp\/.*$/ },
];

const layersTests = [
  {
    reason: 'functions that its layers are made of, which no script calls',
    pattern:
      /^(conv[123]d(WithBias\w*)?|pool[23]d|rnn|temporalPadding|spatial2dPadding|normalizeBatchInTraining|batchNormalization|depthwiseConv2d|check\w+|getSourceInputs\(\)|getLossOrMetricName) /,
  },
  {
    reason:
      'functions that its models are made of, which no script calls: what they do is tested where models do it',
    pattern:
      /^(isData\w+|standardizeInputData|checkArrayLengths|collectMetrics|sliceArraysByIndices|makeBatches|Container\.calculateLosses) /,
  },
  {
    reason: 'how it keeps the books of symbolic tensors',
    pattern:
      /^Node |creates an inbound Node |^Layer initialized to its defaults (has null (inputSpecs|initialWeights)|has an empty (losses|updates) list)|^Layer (can set (non)?trainableWeights|.*initialWeights)/i,
  },
  {
    reason: 'options and hooks that are there for these tests: dropoutFunc, setCallHook, a spy on linalg.qr',
    pattern:
      /useBias=true, (true|false), (recurrentD|d)ropout=|should run as expected for dropout=|correct kwargs|Correct training arg|calls? (correct )?weight initializers/,
  },
  {
    reason:
      'a callback that a fit has by itself, and the inside of a registry: what that does is tested with fit',
    pattern: /^(BaseLogger Callback|(LayersModel.fit and )?CallbackConstructorRegistry) /,
  },
  {
    reason: 'there are no localStorage, no IndexedDB and no page with addresses of its own here',
    pattern:
      /Local storage|IndexedDB|save and load a model with empty weights|Call predict\(\) and fit\(\) after load: conv2d|(implicit relative http|from relative) path|no memory leak (during model loading|with nested)|non-array Sequential config/,
  },
  {
    reason: 'versions and names of who wrote a file',
    pattern: /contains meta-information|includes correct versions/,
  },
  {
    reason: 'the numbers that a seed gives are those of lanegrad',
    pattern:
      /with seed get specific value|^Random(Width|Height) Layer Returns correct(?!.*dtype)|SpatialDropout1D Layer Forward: rate=0\.5; training=true/,
  },
  {
    reason:
      'strides and gaps at once are an error when the layer is made; there it is made, and cannot compute',
    pattern: /^SeparableConv2D Layers: Symbolic filters=1, .*strides=\[[^1].*dilationRate=[^1u]/,
  },
  {
    reason: 'upsampling by interpolation is that of Keras',
    pattern: /^UpSampling2D Layer interpolation bilinear/,
  },
];

/** A suite: files by path below `folder` without their ending, and which of them and of their tests count. */
function suite({ folder, ending, publicModules, testModules, modules, files, tests }) {
  return {
    folder,
    ending,
    /** Modules, by path below `folder`, that tests import public names from. */
    isPublic: (module) => publicModules.test(module),
    /** Whether what a module imports is redirected: it is tests, or belongs to them. */
    isOfTests: (path) => testModules.test(path),
    /** A module of what a script says in place of names that are no public ones. */
    modules,
    /** The files of which tests count. */
    files: readdirSync(folder, { recursive: true })
      .filter((path) => path.endsWith(ending))
      .map((path) => path.slice(0, -ending.length))
      .filter((file) => !files.some(({ pattern }) => pattern.test(file)))
      .sort(),
    counts: (test) => !tests.some(({ pattern, except }) => pattern.test(test) && !except?.test(test)),
  };
}

/** The tests in the package @tensorflow/tfjs-core. */
export const coreSuite = () =>
  suite({
    folder: corePath,
    ending: '_test.js',
    publicModules:
      /^(index|tensor|serialization|globals|public\/.*|ops\/(ops|scalar|tensor\dd|gather_nd|bitwise_and|ensure_shape)|optimizers\/(\w+_)?optimizer)$/,
    testModules: /(_test|image_test_util)\.js$/,
    files: coreFiles,
    tests: coreTests,
  });

/** The tests of @tensorflow/tfjs-layers, which its package does not have: `folder` is its src/. */
export const layersSuite = (folder) =>
  suite({
    folder: resolve(folder),
    ending: '_test.ts',
    publicModules:
      /^(index|exports|models|base_callbacks|callbacks|engine\/(topology|training|container|executor|input_layer)|metrics|initializers|regularizers|constraints|optimizers|layers\/.*)$/,
    testModules: /(_test|test_utils|dataset_fakes|tfjs_backend)\.ts$/,
    modules: join(import.meta.dirname, 'layers-modules.mjs'),
    files: layersFiles,
    tests: layersTests,
  });

const dataFiles = [
  {
    reason: 'iterators and their helpers are how datasets work; datasets are what scripts have',
    pattern: /^(iterators\/.*|util\/.*|statistics)$/,
  },
];

const dataTests = [
  {
    reason: 'texts are no tensors: a batch of them is an array',
    pattern: /^Dataset (batches (entries|complex)|batch creates a small last batch)/,
  },
  {
    reason: 'a quote within a field is a letter, as RFC 4180 has it',
    pattern: /^CSVDataset reads CSV with quote$/,
  },
];

/** @param folder src/ of the sources of @tensorflow/tfjs-data */
export const dataSuite = (folder) =>
  suite({
    folder: resolve(folder),
    ending: '_test.ts',
    publicModules: /^(index|readers|dataset|datasets\/\w+|sources\/\w+|iterators\/lazy_iterator)$/,
    testModules: /(_test|test_utils)\.ts$/,
    modules: join(import.meta.dirname, 'data-modules.mjs'),
    files: dataFiles,
    tests: dataTests,
  });
