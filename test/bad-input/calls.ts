// A right call of every function that takes more or other than one tensor, from which wrong ones are made.

import * as tf from '../../src/node.ts';

export type Arguments = () => unknown[];

const x = () =>
  tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
const image = () => tf.ones([1, 4, 4, 1]);
const volume = () => tf.ones([1, 4, 4, 4, 1]);
const vector = () => tf.tensor1d([1, 2, 3]);
const ids = () => tf.tensor1d([0, 1], 'int32');
const truths = () => tf.tensor1d([true, false], 'bool');

const one: Arguments = () => [x()];
const two: Arguments = () => [x(), x()];
const loss: Arguments = () => [x(), x(), x(), 3];
const left: Arguments = () => [];

/** By name; those that take one tensor and nothing else are not here. */
const calls: Readonly<Record<string, Arguments>> = {
  ...each(
    'add sub mul div divNoNan floorDiv mod pow maximum minimum equal notEqual greater greaterEqual less',
    two,
  ),
  ...each('lessEqual squaredDifference atan2 prelu matMul dot', two),
  outerProduct: () => [vector(), vector()],
  addN: () => [[x(), x()]],
  ...each('all any', () => [truths(), 0, true]),
  ...each('argMax argMin', () => [x(), 1]),
  ...each('sum mean max min prod logSumExp variance moments euclideanNorm', () => [x(), 1, true]),
  norm: () => [x(), 2, 1, true],
  ...each('cumsum cumprod', () => [x(), 0, true, true]),
  topk: () => [x(), 1, true],
  matMul: () => [x(), x(), true, false],
  ...each('logicalAnd logicalOr logicalXor', () => [truths(), truths()]),
  logicalNot: () => [truths()],
  bitwiseAnd: () => [ids(), ids()],
  where: () => [truths(), ids(), ids()],
  ...each('leakyRelu step', () => [x(), 0.2]),
  ...each('softmax logSoftmax', () => [x(), 1]),
  softmaxCrossEntropy: two,
  clipByValue: () => [x(), 0, 1],
  cast: () => [x(), 'int32'],
  complex: left,
  print: () => [x(), true],
  oneHot: () => [ids(), 3, 1, 0, 'float32'],
  // Shapes
  broadcastTo: () => [x(), [2, 2, 2]],
  broadcastArgs: () => [ids(), ids()],
  reshape: () => [x(), [4]],
  ensureShape: () => [x(), [2, null]],
  transpose: () => [x(), [1, 0]],
  expandDims: () => [x(), 1],
  squeeze: () => [tf.ones([1, 2]), [0]],
  tile: () => [x(), [1, 2]],
  pad: () => [
    x(),
    [
      [1, 1],
      [0, 0],
    ],
    1,
  ],
  pad1d: () => [vector(), [1, 1], 1],
  pad2d: () => [
    x(),
    [
      [1, 1],
      [0, 0],
    ],
    1,
  ],
  pad3d: () => [
    tf.ones([1, 1, 1]),
    [
      [1, 1],
      [0, 0],
      [0, 0],
    ],
    1,
  ],
  pad4d: () => [
    image(),
    [
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    1,
  ],
  mirrorPad: () => [
    x(),
    [
      [1, 1],
      [0, 0],
    ],
    'reflect',
  ],
  reverse: () => [x(), [0]],
  reverse1d: () => [vector()],
  reverse2d: () => [x(), [0]],
  reverse3d: () => [tf.ones([1, 1, 1]), 0],
  reverse4d: () => [image(), 0],
  diag: () => [vector()],
  slice: () => [x(), [0, 0], [1, 2]],
  slice1d: () => [vector(), 0, 1],
  slice2d: () => [x(), [0, 0], [1, 2]],
  slice3d: () => [tf.ones([1, 1, 1]), [0, 0, 0], [1, 1, 1]],
  slice4d: () => [image(), [0, 0, 0, 0], [1, 1, 1, 1]],
  stridedSlice: () => [x(), [0, 0], [1, 2], [1, 1], 0, 0, 0, 0, 0],
  ...each('concat stack', () => [[x(), x()], 0]),
  concat1d: () => [[vector(), vector()]],
  concat2d: () => [[x(), x()], 0],
  concat3d: () => [[tf.ones([1, 1, 1])], 0],
  concat4d: () => [[image()], 0],
  unstack: () => [x(), 0],
  split: () => [x(), 2, 0],
  meshgrid: () => [vector(), vector(), { indexing: 'ij' }],
  spaceToBatchND: () => [
    image(),
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  batchToSpaceND: () => [
    tf.ones([4, 1, 1, 1]),
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  depthToSpace: () => [tf.ones([1, 1, 1, 4]), 2, 'NHWC'],
  // Entries
  gather: () => [x(), ids(), 0, 0],
  gatherND: () => [x(), tf.tensor2d([[0, 0]], [1, 2], 'int32')],
  scatterND: () => [ids(), [5, 6], [4]],
  sparseToDense: () => [ids(), [5, 6], [4], 0],
  tensorScatterUpdate: () => [[1, 2, 3], ids(), [5, 6]],
  unsortedSegmentSum: () => [x(), ids(), 3],
  bincount: () => [ids(), [1, 1], 3],
  denseBincount: () => [ids(), [1, 1], 3, false],
  whereAsync: () => [truths()],
  booleanMaskAsync: () => [x(), truths(), 0],
  setdiff1dAsync: () => [vector(), vector()],
  inTopKAsync: () => [x(), ids(), 1],
  unique: () => [vector(), 0],
  searchSorted: () => [vector(), vector(), 'left'],
  ...each('lowerBound upperBound', () => [vector(), vector()]),
  // Images and windows
  ...each('avgPool maxPool', () => [image(), 2, 1, 'valid']),
  ...each('avgPool3d maxPool3d', () => [volume(), 2, 1, 'valid', null, 'NDHWC']),
  maxPoolWithArgmax: () => [image(), 2, 1, 'valid', false],
  pool: () => [image(), 2, 'max', 'valid', 1, 1],
  conv1d: () => [tf.ones([1, 4, 1]), tf.ones([2, 1, 1]), 1, 'valid', 'NWC', 1],
  conv2d: () => [image(), tf.ones([2, 2, 1, 1]), 1, 'valid', 'NHWC', 1],
  conv2dTranspose: () => [image(), tf.ones([2, 2, 1, 1]), [1, 5, 5, 1], 1, 'valid'],
  depthwiseConv2d: () => [image(), tf.ones([2, 2, 1, 1]), 1, 'valid', 'NHWC', 1],
  separableConv2d: () => [image(), tf.ones([2, 2, 1, 1]), tf.ones([1, 1, 1, 2]), 1, 'valid', 1, 'NHWC'],
  conv3d: () => [volume(), tf.ones([2, 2, 2, 1, 1]), 1, 'valid', 'NDHWC', 1],
  conv3dTranspose: () => [volume(), tf.ones([2, 2, 2, 1, 1]), [1, 5, 5, 5, 1], 1, 'valid'],
  dilation2d: () => [image(), tf.ones([2, 2, 1]), 1, 'valid', 1, 'NHWC'],
  localResponseNormalization: () => [image(), 2, 1, 1, 0.5],
  batchNorm: () => [x(), [0, 0], [1, 1], [0, 0], [1, 1], 0.01],
  batchNorm2d: () => [x(), [0, 0], [1, 1], [0, 0], [1, 1], 0.01],
  batchNorm3d: () => [tf.ones([1, 1, 2]), [0, 0], [1, 1], [0, 0], [1, 1], 0.01],
  batchNorm4d: () => [tf.ones([1, 1, 1, 2]), [0, 0], [1, 1], [0, 0], [1, 1], 0.01],
  movingAverage: () => [tf.variable(x()), x(), 0.5, 1, true],
  einsum: () => ['ij,jk->ik', x(), x()],
  basicLSTMCell: () => [1, tf.ones([3, 4]), tf.ones([4]), tf.ones([1, 2]), tf.ones([1, 1]), tf.ones([1, 1])],
  multiRNNCell: () => [[(d: unknown, c: unknown, h: unknown) => [c, h ?? d]], x(), [x()], [x()]],
  // Made anew
  tensor: () => [[1, 2, 3, 4], [2, 2], 'float32'],
  uncounted: () => ['tensor', [1, 2, 3, 4], [2, 2], 'float32'],
  scalar: () => [1, 'int32'],
  tensor1d: () => [[1, 2], 'int32'],
  tensor2d: () => [[1, 2], [1, 2], 'int32'],
  tensor3d: () => [[1, 2], [1, 1, 2], 'int32'],
  tensor4d: () => [[1, 2], [1, 1, 1, 2], 'int32'],
  tensor5d: () => [[1, 2], [1, 1, 1, 1, 2], 'int32'],
  tensor6d: () => [[1, 2], [1, 1, 1, 1, 1, 2], 'int32'],
  ...each('zeros ones', () => [[2, 2], 'int32']),
  fill: () => [[2, 2], 3, 'int32'],
  range: () => [0, 4, 1, 'int32'],
  linspace: () => [0, 4, 3],
  eye: () => [2, 3, [2], 'int32'],
  buffer: () => [[2, 2], 'float32', new Float32Array(4)],
  variable: () => [x(), true, undefined, 'float32'],
  rand: () => [[2], () => 0.5, 'float32'],
  randomUniform: () => [[2], 0, 1, 'float32', 3],
  randomUniformInt: () => [[2], 0, 4, 3],
  ...each('randomNormal truncatedNormal', () => [[2], 0, 1, 'float32', 3]),
  randomStandardNormal: () => [[2], 'float32', 3],
  randomGamma: () => [[2], 1, 1, 'float32', 3],
  multinomial: () => [x(), 2, 3, false],
  dropout: () => [x(), 0.5, [2, 1], 3],
  // Gradients and books
  grad: () => [(v: tf.Tensor) => v.square().sum()],
  grads: () => [(v: tf.Tensor) => v.square().sum()],
  valueAndGrad: () => [(v: tf.Tensor) => v.square().sum()],
  valueAndGrads: () => [(v: tf.Tensor) => v.square().sum()],
  variableGrads: () => {
    const variable = tf.variable(x());
    return [() => variable.square().sum(), [variable]];
  },
  customGrad: () => [(v: tf.Tensor) => ({ value: v.square(), gradFunc: (dy: tf.Tensor) => dy })],
  op: () => [{ twice: () => x() }],
  tidy: () => ['name', () => x()],
  ...each('keep dispose', one),
  disposeVariables: left,
  ...each('time profile', () => [() => x()]),
  memory: left,
  nextFrame: left,
  setSeed: () => [3],
  ready: left,
  init: () => [{ variant: 'simd' }],
  ...each('backend engine getBackend env enableDebugMode enableProdMode disableDeprecationWarnings', left),
  deprecationWarn: () => ['old'],
  setBackend: () => ['cpu'],
  findBackend: () => ['cpu'],
  // Models
  input: () => [{ shape: [2], dtype: 'float32', name: 'given' }],
  model: () => {
    const inputs = tf.input({ shape: [2] });
    return [{ inputs, outputs: tf.layers.dense({ units: 1 }).apply(inputs) }];
  },
  sequential: () => [{ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }],
  loadLayersModel: () => [{ load: async () => artifacts() }, { strict: true }],
  mnist: () => [{ folder: '/no/such/folder', verbose: false }],
  parseIdx: () => [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), 'file'],
  // Spaces
  'browser.fromPixels': () => [{ data: new Uint8ClampedArray(4), width: 1, height: 1 }, 3],
  'browser.fromPixelsAsync': () => [{ data: new Uint8ClampedArray(4), width: 1, height: 1 }, 3],
  'browser.toPixels': () => [tf.ones([2, 2, 3])],
  'browser.draw': () => [
    tf.ones([2, 2, 3]),
    { width: 0, height: 0, getContext: () => null },
    { imageOptions: { alpha: 1 } },
  ],
  'callbacks.csvLogger': () => ['/tmp/log.csv', { separator: ';', append: false }],
  'callbacks.earlyStopping': () => [{ monitor: 'loss', patience: 1 }],
  'callbacks.learningRateScheduler': () => [(epoch: number, rate: number) => rate / (epoch + 1)],
  'callbacks.reduceLROnPlateau': () => [{ monitor: 'loss', factor: 0.5 }],
  ...prefixed('constraints', 'maxNorm unitNorm nonNeg minMaxNorm', () => [{}]),
  'data.array': () => [[1, 2, 3]],
  'data.csv': () => [new TextEncoder().encode('a,b\n1,2\n'), { hasHeader: true }],
  'data.func': () => [() => ({ value: 1, done: true })],
  'data.generator': () => [
    function* () {
      yield 1;
    },
  ],
  'data.zip': () => [{ a: tf.data.array([1, 2]), b: tf.data.array([1, 2]) }],
  'fused.conv2d': () => [
    { x: image(), filter: tf.ones([2, 2, 1, 1]), strides: 1, pad: 'valid', activation: 'relu' },
  ],
  'fused.depthwiseConv2d': () => [{ x: image(), filter: tf.ones([2, 2, 1, 1]), strides: 1, pad: 'valid' }],
  'fused.matMul': () => [
    { a: x(), b: x(), transposeA: false, transposeB: false, bias: [1, 2], activation: 'relu' },
  ],
  'image.cropAndResize': () => [image(), [[0, 0, 1, 1]], [0], [2, 2], 'bilinear', 0],
  'image.flipLeftRight': () => [image()],
  'image.grayscaleToRGB': () => [image()],
  'image.rgbToGrayscale': () => [tf.ones([1, 2, 2, 3])],
  'image.resizeBilinear': () => [image(), [2, 2], false, true],
  'image.resizeNearestNeighbor': () => [image(), [2, 2], false, true],
  'image.rotateWithOffset': () => [image(), 1, 0, 0.5],
  'image.threshold': () => [tf.ones([2, 2, 1]), 'binary', false, 0.5],
  'image.transform': () => [image(), [[1, 0, 0, 0, 1, 0, 0, 0]], 'nearest', 'constant', 0, [2, 2]],
  ...prefixed('initializers', Object.keys(tf.initializers).join(' '), () => [{}]),
  'initializers.constant': () => [{ value: 2 }],
  'linalg.bandPart': () => [x(), 1, 1],
  'linalg.gramSchmidt': () => [x()],
  'linalg.qr': () => [x(), false],
  ...prefixed(
    'losses',
    'huber binaryCrossentropy categoricalCrossentropy sparseCategoricalCrossentropy',
    () => [{}],
  ),
  ...prefixed('losses', 'absoluteDifference hingeLoss meanSquaredError', loss),
  'losses.computeWeightedLoss': () => [x(), x(), 3],
  'losses.cosineDistance': () => [x(), x(), 1, [[1], [1]], 3],
  'losses.huberLoss': () => [x(), x(), x(), 1, 3],
  'losses.logLoss': () => [x(), x(), x(), 1e-7, 3],
  'losses.sigmoidCrossEntropy': () => [x(), x(), x(), 0.1, 3],
  'losses.softmaxCrossEntropy': () => [x(), x(), [1, 1], 0.1, 3],
  'math.confusionMatrix': () => [[0, 1], [1, 0], 2],
  ...prefixed('metrics', 'binaryAccuracy categoricalAccuracy precision recall meanSquaredError r2Score', two),
  'metrics.sparseCategoricalAccuracy': () => [[0, 1], x()],
  ...prefixed('metrics', 'topKCategoricalAccuracy sparseTopKCategoricalAccuracy', () => [{ k: 1 }]),
  ...prefixed('metrics', 'binaryCrossentropy categoricalCrossentropy cosineProximity meanAbsoluteError', two),
  ...prefixed('metrics', 'meanAbsolutePercentageError MAPE mape MSE mse', two),
  ...prefixed('regularizers', 'l1 l2 l1l2', () => [{}]),
  'schedules.step': () => [{ initial: 0.1, factor: 0.5, every: 10 }],
  'schedules.exponential': () => [{ initial: 0.1, decaySteps: 10, decayRate: 0.5, staircase: true }],
  'schedules.inverseTime': () => [{ initial: 0.1, decaySteps: 10, decayRate: 0.5 }],
  'schedules.cosine': () => [{ initial: 0.1, decaySteps: 10 }],
  'schedules.piecewise': () => [{ boundaries: [2], values: [0.1, 0.01] }],
  'serialization.registerClass': () => [class Registered extends tf.Layer {}],
  'signal.frame': () => [vector(), 2, 1, false, 0],
  'signal.hammingWindow': () => [4],
  'signal.hannWindow': () => [4],
  'train.sgd': () => [0.1],
  'train.momentum': () => [0.1, 0.9, false],
  'train.nesterov': () => [0.1, 0.9],
  'train.adagrad': () => [0.1, 0.1],
  'train.rmsprop': () => [0.1, 0.9, 0.1, 1e-7, false],
  'train.adadelta': () => [0.1, 0.9, 1e-7],
  ...prefixed('train', 'adam amsgrad', () => [0.1, 0.9, 0.999, 1e-7]),
  ...prefixed('train', 'adamw adamax lamb', () => [0.1, 0.9, 0.999, 1e-7, 0.01]),
};

const utilCalls: Readonly<Record<string, Arguments>> = {
  ...prefixed('util', 'shuffle sum bytesFromStringArray', () => [[1, 2, 3]]),
  ...prefixed('util', 'sizeFromShape isScalarShape computeStrides assertNonNegativeIntegerDimensions', () => [
    [2, 3],
  ]),
  ...prefixed(
    'util',
    'shuffleCombo distSquared arraysEqual arraysEqualWithNull assertShapesMatch randUniform',
    () => [
      [1, 2],
      [1, 2],
    ],
  ),
  'util.swap': () => [[1, 2], 0, 1],
  ...prefixed('test_util', 'expectArraysClose expectArraysEqual expectNumbersClose', () => [[1], [1], 0.1]),
  'test_util.expectValuesInRange': () => [[1], 0, 2],
  'test_util.testEpsilon': () => [],
  'util.clamp': () => [0, 1, 2],
  ...prefixed('util', 'nearestDivisor rightPad', () => [12, 5]),
  'util.assert': () => [true, () => 'a sentence of the one who calls'],
  'util.flatten': () => [[[1], [2]], [], true],
  'util.inferFromImplicitShape': () => [[2, -1], 6],
  'util.parseAxisParam': () => [1, [2, 3]],
  'util.squeezeShape': () => [[1, 2], [0]],
  ...prefixed('util', 'hasEncodingLoss', () => ['int32', 'float32']),
  ...prefixed('util', 'makeZerosTypedArray makeOnesTypedArray', () => [2, 'int32']),
  ...prefixed('util', 'getTypedArrayFromDType getArrayFromDType', () => ['int32', 2]),
  ...prefixed('util', 'toTypedArray checkConversionForErrors makeZerosNestedTypedArray', () => [
    [1, 2],
    'float32',
  ]),
  'util.createScalarValue': () => [1, 'int32'],
  'util.toNestedArray': () => [[1, 2], Float32Array.of(1, 2)],
  'util.locToIndex': () => [[1, 1], 2, [3]],
  'util.indexToLoc': () => [4, 2, [3]],
  ...prefixed('util', 'encodeString', () => ['text', 'utf-8']),
  'util.decodeString': () => [Uint8Array.of(65), 'utf-8'],
  'io.encodeWeights': () => [{ a: vector() }, 'model'],
  'io.decodeWeights': () => [new ArrayBuffer(4), [{ name: 'a', shape: [1], dtype: 'float32' }]],
  'io.loadWeights': () => [[{ paths: ['a'], weights: [] }], 'http://nowhere', ['a'], {}],
  'io.weightsLoaderFactory': () => [async () => [new ArrayBuffer(0)]],
  'io.fromMemory': () => [artifacts()],
  'io.fromMemorySync': () => [artifacts()],
  'io.getModelArtifactsForJSON': () => [
    { ...artifacts(), weightsManifest: [] },
    async () => [[], new ArrayBuffer(0)],
  ],
  'io.getModelArtifactsForJSONSync': () => [{ ...artifacts(), weightsManifest: [] }, [], new ArrayBuffer(0)],
  ...prefixed('io', 'copyModel moveModel', () => ['localstorage://a', 'localstorage://b']),
};

/** The same arguments for several functions. */
function each(names: string, given: Arguments): Record<string, Arguments> {
  return Object.fromEntries(names.split(' ').map((name) => [name, given]));
}

function prefixed(space: string, names: string, given: Arguments): Record<string, Arguments> {
  return each(
    names
      .split(' ')
      .map((name) => `${space}.${name}`)
      .join(' '),
    given,
  );
}

function artifacts() {
  const layer = { class_name: 'Flatten', config: { name: 'f', batch_input_shape: [null, 2] } };
  return { modelTopology: { class_name: 'Sequential', config: { name: 'm', layers: [layer] } } };
}

/** What to call a function with; a tensor where nothing is said. */
export const rightCall = (name: string): Arguments => calls[name] ?? utilCalls[name] ?? one;
