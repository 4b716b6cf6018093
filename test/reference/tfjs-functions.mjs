// Makes tfjs-functions.json: calls of TensorFlow.js's functions, what they give, and the gradients of the sum of their
// results, each element times a coefficient; null where TensorFlow.js has none. A '$0' among arguments is a tensor.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-functions.mjs

import { tf, writeBeside } from './tfjs.mjs';

/** Multiples of 1/64 between −2 and 2, all different and in no order. */
function numbers(count, seed) {
  const order = Array.from({ length: count }, (_, i) => (i * 149 + seed * 31) % 257);
  return order.map((place) => Math.round((place / 257) * 256 - 128) / 64);
}

const float = (shape, map = (x) => x) => ({ shape, dtype: 'float32', map });
const positive = (shape) => float(shape, (x) => Math.abs(x) + 0.25);
const of = (shape, values, dtype = 'int32') => ({ shape, dtype, values });

const cases = [
  ['elu', [float([7])], ['$0']],
  ['selu', [float([7])], ['$0']],
  ['leakyRelu', [float([7])], ['$0', 0.3]],
  ['prelu', [float([3, 4]), float([4])], ['$0', '$1']],
  ['relu6', [float([7], (x) => 5 * x)], ['$0']],
  ['logSigmoid', [float([7], (x) => 5 * x)], ['$0']],
  ['step', [float([7])], ['$0', 0.3]],
  ['squaredDifference', [float([3, 4]), float([3, 1])], ['$0', '$1']],
  ['divNoNan', [float([4]), of([4], [1, 0, -2, 0], 'float32')], ['$0', '$1']],
  ['rsqrt', [positive([5])], ['$0']],
  ['addN', [float([2, 2]), float([2, 2]), float([2, 2])], [['$0', '$1', '$2']]],
  [
    'mod',
    [
      of([8], [5.5, -5.5, 5.5, -5.5, 0, 3, -3, 7], 'float32'),
      of([8], [2, 2, -2, -2, 3, 4, 4, -7], 'float32'),
    ],
    ['$0', '$1'],
  ],
  ['mod', [of([6], [7, -7, 7, -7, 6, 0]), of([6], [2, 2, -2, -2, -3, 5])], ['$0', '$1']],
  ['floorDiv', [of([6], [7, -7, 7, -7, 6, 0]), of([6], [2, 2, -2, -2, -3, 5])], ['$0', '$1']],
  ['round', [of([7], [0.5, 1.5, 2.5, -0.5, -1.5, 0.4, -2.6], 'float32')], ['$0']],
  ['atan2', [float([5]), float([5], (x) => x - 0.1)], ['$0', '$1']],

  ['logSumExp', [float([3, 4], (x) => 50 * x)], ['$0', 1]],
  ['logSumExp', [float([3, 4])], ['$0', [0], true]],
  ['logSumExp', [float([3, 4])], ['$0']],
  ['moments', [float([3, 4, 2])], ['$0', [0, 2]]],
  ['moments', [float([3, 4])], ['$0', 1, true]],
  ['norm', [float([3, 4])], ['$0']],
  ['norm', [float([3, 4])], ['$0', 1, 1]],
  ['norm', [float([3, 4])], ['$0', 'fro', [0, 1]]],
  ['norm', [float([3, 4])], ['$0', 1, [0, 1]]],
  ['norm', [float([3, 4])], ['$0', Infinity, [0, 1], true]],
  ['norm', [float([3, 4])], ['$0', -Infinity, [0, 1]]],
  ['norm', [float([3, 4])], ['$0', Infinity, 0]],
  ['norm', [float([3, 4])], ['$0', -Infinity, 0]],
  ['prod', [float([3, 4])], ['$0', 1]],
  ['cumsum', [float([3, 4])], ['$0', 1, true, true]],
  ['cumprod', [float([3, 4])], ['$0', 1, false, true]],
  ['topk', [float([2, 5])], ['$0', 3]],
  ['argMax', [float([3, 4])], ['$0', 0]],
  ['argMin', [float([3, 4])], ['$0', 1]],

  ['stack', [float([2, 3]), float([2, 3])], [['$0', '$1'], 1]],
  ['unstack', [float([2, 3])], ['$0', 1]],
  ['split', [float([2, 6])], ['$0', 3, 1]],
  ['split', [float([2, 6])], ['$0', [1, -1, 2], 1]],
  ['tile', [float([2, 3])], ['$0', [3, 2]]],
  [
    'mirrorPad',
    [float([3, 4])],
    [
      '$0',
      [
        [1, 2],
        [3, 0],
      ],
      'reflect',
    ],
  ],
  [
    'mirrorPad',
    [float([3, 4])],
    [
      '$0',
      [
        [1, 3],
        [4, 0],
      ],
      'symmetric',
    ],
  ],
  [
    'pad',
    [float([2, 3])],
    [
      '$0',
      [
        [1, 0],
        [0, 2],
      ],
      7,
    ],
  ],
  ['reverse', [float([2, 3, 4])], ['$0', [0, 2]]],
  [
    'spaceToBatchND',
    [float([2, 3, 4, 2])],
    [
      '$0',
      [2, 2],
      [
        [1, 0],
        [0, 2],
      ],
    ],
  ],
  [
    'batchToSpaceND',
    [float([8, 2, 3, 2])],
    [
      '$0',
      [2, 2],
      [
        [1, 0],
        [0, 2],
      ],
    ],
  ],
  [
    'batchToSpaceND',
    [float([8, 2, 3])],
    [
      '$0',
      [2, 2],
      [
        [1, 0],
        [0, 2],
      ],
    ],
  ],
  ['depthToSpace', [float([2, 2, 3, 8])], ['$0', 2, 'NHWC']],
  ['diag', [float([2, 3])], ['$0']],
  ['meshgrid', [float([3]), float([2])], ['$0', '$1']],
  ['meshgrid', [float([3]), float([2])], ['$0', '$1', { indexing: 'ij' }]],
  ['oneHot', [of([2, 2], [0, 3, 5, 1])], ['$0', 4]],
  ['oneHot', [of([3], [0, 3, -1])], ['$0', 4, 2.5, -1, 'float32']],
  ['linalg.bandPart', [float([2, 4, 5])], ['$0', 1, -1]],
  ['linalg.bandPart', [float([4, 3])], ['$0', 0, 1]],
  ['gather', [float([2, 3, 4]), of([2, 2], [2, 0, 1, 1])], ['$0', '$1', 1]],
  ['gather', [float([2, 3, 4]), of([2, 2], [2, 0, 1, 1])], ['$0', '$1', 1, 1]],
  ['gatherND', [float([2, 3, 4]), of([3, 2], [0, 2, 1, 0, 1, 2])], ['$0', '$1']],
  ['scatterND', [of([3, 1], [4, 0, 4]), float([3, 2])], ['$0', '$1', [5, 2]]],
  ['tensorScatterUpdate', [float([4, 2]), of([2, 1], [3, 0]), float([2, 2])], ['$0', '$1', '$2']],
  ['unsortedSegmentSum', [float([4, 2]), of([4], [1, 0, -1, 1])], ['$0', '$1', 3]],
  ['bincount', [of([5], [1, 1, 3, 0, 9]), float([5])], ['$0', '$1', 5]],
  ['denseBincount', [of([2, 3], [1, 1, 3, 0, 9, 0]), float([2, 3])], ['$0', '$1', 4, false]],
  ['denseBincount', [of([2, 3], [1, 1, 3, 0, 9, 0]), float([2, 3])], ['$0', '$1', 4, true]],
  ['stridedSlice', [float([4, 5])], ['$0', [3, -1], [0, 0], [-1, -2]]],
  ['stridedSlice', [float([4, 5, 2])], ['$0', [1, 0, 1], [3, 1, 2], [1, 1, 1], 0, 0, 2, 0, 0]],
  ['stridedSlice', [float([4, 5])], ['$0', [1, 0, 2], [3, 1, 4], [1, 1, 1], 1, 4, 0, 2, 0]],
  ['stridedSlice', [float([4, 5])], ['$0', [2, 1], [0, 5], [1, 1], 0, 0, 0, 0, 1]],

  ['dot', [float([3]), float([3])], ['$0', '$1']],
  ['dot', [float([2, 3]), float([3])], ['$0', '$1']],
  ['dot', [float([3]), float([3, 2])], ['$0', '$1']],
  ['dot', [float([2, 3]), float([3, 2])], ['$0', '$1']],
  ['outerProduct', [float([3]), float([2])], ['$0', '$1']],
  ['einsum', [float([2, 3]), float([3, 4])], ['ij,jk->ik', '$0', '$1']],
  ['einsum', [float([2, 3]), float([3, 4])], ['ij,jk->ki', '$0', '$1']],
  ['einsum', [float([2, 3, 4]), float([2, 4, 5])], ['bij,bjk->bik', '$0', '$1']],
  ['einsum', [float([2, 3, 4]), float([4, 5])], ['abc,cd->abd', '$0', '$1']],
  ['einsum', [float([2, 3])], ['ij->ji', '$0']],
  ['einsum', [float([2, 3])], ['ij->', '$0']],
  ['einsum', [float([2, 3]), float([2, 3])], ['ij,ij->i', '$0', '$1']],
  ['einsum', [float([2, 3]), float([4])], ['ij,k->ikj', '$0', '$1']],
  ['linalg.gramSchmidt', [float([3, 4])], ['$0']],
  ['linalg.qr', [float([4, 3])], ['$0']],
  ['linalg.qr', [float([2, 3, 3])], ['$0']],
  ['linalg.qr', [float([4, 3])], ['$0', true]],
  ['linalg.qr', [float([3, 4])], ['$0']],

  ['conv1d', [float([2, 6, 2]), float([3, 2, 3])], ['$0', '$1', 2, 'same']],
  ['conv1d', [float([6, 2]), float([2, 2, 3])], ['$0', '$1', 1, 'valid', 'NWC', 2]],
  ['conv2d', [float([2, 4, 5, 2]), float([3, 2, 2, 3])], ['$0', '$1', [2, 1], 'same']],
  // With a number for padding TensorFlow.js takes filters to be square.
  ['conv2d', [float([4, 5, 2]), float([3, 3, 2, 3])], ['$0', '$1', 1, 1]],
  [
    'conv2d',
    [float([1, 4, 5, 2]), float([2, 2, 2, 3])],
    [
      '$0',
      '$1',
      2,
      [
        [0, 0],
        [1, 0],
        [2, 1],
        [0, 0],
      ],
    ],
  ],
  ['conv2d', [float([1, 6, 5, 2]), float([2, 2, 2, 3])], ['$0', '$1', 1, 'valid', 'NHWC', 2]],
  ['conv2d', [float([1, 2, 4, 5]), float([2, 2, 2, 3])], ['$0', '$1', 1, 'same', 'NCHW']],
  ['conv2dTranspose', [float([1, 3, 3, 3]), float([2, 2, 2, 3])], ['$0', '$1', [1, 6, 5, 2], 2, 'same']],
  ['conv3d', [float([1, 4, 4, 3, 2]), float([2, 3, 2, 2, 3])], ['$0', '$1', [2, 1, 1], 'same']],
  ['conv3d', [float([2, 2, 4, 3, 1]), float([2, 3, 2, 1, 2])], ['$0', '$1', 1, 'valid']],
  ['conv3d', [float([4, 4, 3, 2]), float([2, 2, 2, 2, 3])], ['$0', '$1', 1, 'valid']],
  [
    'conv3dTranspose',
    [float([1, 2, 2, 2, 3]), float([2, 2, 3, 2, 3])],
    ['$0', '$1', [1, 4, 3, 4, 2], 2, 'same'],
  ],
  ['depthwiseConv2d', [float([1, 4, 5, 2]), float([2, 3, 2, 2])], ['$0', '$1', 1, 'same']],
  [
    'separableConv2d',
    [float([1, 4, 5, 2]), float([2, 3, 2, 2]), float([1, 1, 4, 3])],
    ['$0', '$1', '$2', 1, 'valid'],
  ],
  ['maxPool', [float([1, 5, 6, 2])], ['$0', [2, 3], 2, 'same']],
  ['maxPool', [float([5, 6, 2])], ['$0', 3, 2, 1, 'ceil']],
  ['avgPool', [float([1, 5, 6, 2])], ['$0', [2, 3], 2, 'same']],
  ['avgPool', [float([1, 5, 6, 2])], ['$0', 3, 2, 1, 'floor']],
  ['pool', [float([1, 6, 6, 2])], ['$0', 2, 'max', 'valid', 2, 1]],
  ['maxPool3d', [float([1, 4, 5, 3, 2])], ['$0', 2, 2, 'same']],
  ['maxPool3d', [float([4, 5, 3, 2])], ['$0', [3, 2, 2], 1, 'valid']],
  ['avgPool3d', [float([1, 4, 5, 3, 2])], ['$0', [3, 2, 2], [1, 2, 2], 'same']],
  ['maxPoolWithArgmax', [float([2, 4, 5, 2])], ['$0', 2, 2, 'same', true]],
  ['maxPoolWithArgmax', [float([1, 4, 5, 2])], ['$0', [3, 2], 1, 'valid']],
  ['dilation2d', [float([1, 4, 5, 2]), float([2, 2, 2])], ['$0', '$1', 1, 'same']],
  ['dilation2d', [float([5, 6, 2]), float([2, 2, 2])], ['$0', '$1', 2, 'valid', 2]],

  ['image.resizeBilinear', [float([1, 3, 4, 2])], ['$0', [5, 3]]],
  ['image.resizeBilinear', [float([1, 3, 4, 2])], ['$0', [5, 7], true]],
  ['image.resizeBilinear', [float([3, 4, 2])], ['$0', [2, 9], false, true]],
  ['image.resizeNearestNeighbor', [float([1, 3, 4, 2])], ['$0', [5, 3]]],
  ['image.resizeNearestNeighbor', [float([1, 3, 4, 2])], ['$0', [5, 7], true]],
  ['image.resizeNearestNeighbor', [float([3, 4, 2])], ['$0', [2, 9], false, true]],
  [
    'image.cropAndResize',
    [
      float([2, 4, 5, 2]),
      of([3, 4], [0.05, 0.02, 0.9, 0.95, 0.2, 0.1, 0.7, 0.9, 0.5, -0.2, 1.3, 0.6], 'float32'),
      of([3], [0, 1, 1]),
    ],
    ['$0', '$1', '$2', [3, 2], 'bilinear', -1],
  ],
  [
    'image.cropAndResize',
    [
      float([2, 4, 5, 2]),
      of([2, 4], [0.05, 0.02, 0.9, 0.95, 0.2, 0.1, 0.7, 0.9], 'float32'),
      of([2], [0, 1]),
    ],
    ['$0', '$1', '$2', [1, 4], 'nearest'],
  ],
  ['image.flipLeftRight', [float([1, 3, 4, 2])], ['$0']],
  ['image.grayscaleToRGB', [float([1, 3, 4, 1])], ['$0']],
  ['image.rgbToGrayscale', [float([2, 3, 3])], ['$0']],
  ['image.rotateWithOffset', [float([1, 4, 5, 3])], ['$0', 0.7, [1, 2, 3], [0.4, 0.6]]],
  ['image.rotateWithOffset', [float([2, 4, 5, 2])], ['$0', -2, 9]],
  ...['constant', 'reflect', 'wrap', 'nearest'].flatMap((fill) =>
    ['nearest', 'bilinear'].map((how) => [
      'image.transform',
      [float([1, 4, 5, 2]), of([1, 8], [1.13, -0.41, 0.37, 0.29, 0.93, -1.71, 0.023, 0.011], 'float32')],
      ['$0', '$1', how, fill, 0.5, [5, 6]],
    ]),
  ),
  ['image.threshold', [of([1, 4, 1], [0, 127, 128, 255])], ['$0', 'binary']],
  ['image.threshold', [float([3, 4, 3], (x) => Math.round(60 * (x + 2)))], ['$0', 'binary', true, 0.4]],
  ['image.threshold', [float([3, 4, 1], (x) => Math.round(60 * (x + 2)))], ['$0', 'otsu']],

  // What is left out has a default.
  ['leakyRelu', [float([7])], ['$0']],
  ['split', [float([6, 2])], ['$0', 3]],
  ['topk', [float([2, 5])], ['$0']],
  ['denseBincount', [of([2, 3], [1, 1, 3, 0, 9, 0]), float([2, 3])], ['$0', '$1', 4]],
  ['stridedSlice', [float([4, 5])], ['$0', [1, 2], [3, 5]]],
  ['pool', [float([1, 5, 6, 2])], ['$0', [2, 3], 'avg', 'valid']],
  ['image.rotateWithOffset', [float([1, 4, 5, 2])], ['$0', 0.7]],
  [
    'image.transform',
    [float([1, 4, 5, 2]), of([1, 8], [1.13, -0.41, 0.37, 0.29, 0.93, -1.71, 0.023, 0.011], 'float32')],
    ['$0', '$1'],
  ],
  [
    'image.cropAndResize',
    [float([1, 4, 5, 2]), of([1, 4], [0.5, -0.2, 1.3, 0.6], 'float32'), of([1], [0])],
    ['$0', '$1', '$2', [3, 2]],
  ],
  // Axes counted from the end.
  ['moments', [float([3, 4, 2])], ['$0', [-1, 0]]],
  ['gather', [float([2, 3, 4]), of([2], [2, 0])], ['$0', '$1', -2]],
  ['unstack', [float([2, 3])], ['$0', -1]],
  ['stack', [float([2, 3]), float([2, 3])], [['$0', '$1'], -1]],
  // Integers and bools stay what they are.
  ['linalg.bandPart', [of([2, 3], [5, 7, -9, 11, 13, 15])], ['$0', 0, 1]],
  ['oneHot', [of([3], [0, 3, -1])], ['$0', 4, 1, 0, 'bool']],
  ['oneHot', [of([3], [0, 3, -1])], ['$0', 4, 0, 1, 'bool']],
  ['oneHot', [of([3], [0, 3, -1])], ['$0', 4, 1, 1, 'bool']],
  // The fourth channel is opacity.
  ['image.rotateWithOffset', [float([1, 4, 5, 4])], ['$0', 0.7, [1, 2, 3], 0.25]],
  // Dilations, paddings and shapes of one image.
  ['depthwiseConv2d', [float([1, 4, 5, 2]), float([2, 3, 2, 2])], ['$0', '$1', 1, 'same', 'NHWC', [1, 2]]],
  ['conv2dTranspose', [float([3, 3, 3]), float([2, 2, 2, 3])], ['$0', '$1', [6, 5, 2], 2, 'same']],
  ['avgPool3d', [float([1, 4, 5, 3, 2])], ['$0', 3, 2, 1, 'ceil']],
  // Axes that differ, and what begins at an end.
  ['maxPoolWithArgmax', [float([1, 5, 6, 2])], ['$0', 2, [2, 3], 'same']],
  ['maxPoolWithArgmax', [float([1, 5, 6, 2])], ['$0', [2, 3], [3, 1], 'valid']],
  ['dilation2d', [float([1, 5, 6, 2]), float([2, 2, 2])], ['$0', '$1', [1, 2], 'valid', [2, 1]]],
  ['dilation2d', [float([1, 5, 6, 2]), float([2, 2, 2])], ['$0', '$1', [2, 1], 'same', [1, 2]]],
  ['conv2dTranspose', [float([1, 3, 3, 3]), float([3, 2, 2, 3])], ['$0', '$1', [1, 3, 6, 2], [1, 2], 'same']],
  ['conv3d', [float([1, 5, 4, 3, 2]), float([2, 2, 2, 2, 3])], ['$0', '$1', 1, 'valid', 'NDHWC', [3, 2, 1]]],
  ['conv3d', [float([1, 5, 4, 3, 2]), float([3, 2, 1, 2, 3])], ['$0', '$1', [1, 2, 1], 'same']],
  [
    'conv3dTranspose',
    [float([1, 3, 2, 2, 3]), float([3, 2, 2, 2, 3])],
    ['$0', '$1', [1, 3, 4, 2, 2], [1, 2, 1], 'same'],
  ],
  ['maxPool3d', [float([1, 5, 4, 3, 2])], ['$0', [3, 2, 2], [2, 2, 1], 'same']],
  ['avgPool3d', [float([1, 5, 4, 3, 2])], ['$0', [2, 1, 3], [2, 1, 3], 'valid']],
  ['mirrorPad', [float([3])], ['$0', [[0, 1]], 'symmetric']],
  ['mirrorPad', [float([3])], ['$0', [[1, 0]], 'reflect']],
  ['gatherND', [float([2, 3]), of([2], [1, 2])], ['$0', '$1']],
  ...[1, 'fro', 'euclidean', -Infinity].map((order) => [
    'norm',
    [float([3, 4])],
    ['$0', order, [0, 1], true],
  ]),
  ...[1, 2, Infinity, -Infinity].map((order) => ['norm', [float([3, 4])], ['$0', order, 1, true]]),
  ['stridedSlice', [float([5])], ['$0', [-10], [3], [1]]],
  ['stridedSlice', [float([5])], ['$0', [10], [-10], [-2]]],
  ['stridedSlice', [float([4, 5])], ['$0', [0, 1], [1, 3], [1, 1], 0, 0, 0, 0, 1]],
];

/**
 * Functions whose gradient is wrong in TensorFlow.js: that of mirrorPad forgets the mirror image, those of mean pools count
 * padding, that of maxPool forgets the rounding, that of resizeNearestNeighbor the pixels' centers.
 */
const isWrong = (name, args) =>
  ['mirrorPad', 'avgPool', 'avgPool3d'].includes(name) ||
  (name === 'maxPool' && args.includes('ceil')) ||
  (name === 'image.resizeNearestNeighbor' && args[3] === true);

const coefficient = (i) => Math.cos(1 + i);
const listed = (made) =>
  made instanceof tf.Tensor ? [made] : Array.isArray(made) ? made : Object.values(made);

function filled(argument, tensors) {
  if (Array.isArray(argument)) return argument.map((each) => filled(each, tensors));
  return typeof argument === 'string' && argument[0] === '$' ? tensors[Number(argument[1])] : argument;
}

function weightedSum(results) {
  const terms = results
    .filter(({ dtype }) => dtype === 'float32')
    .map((result) => {
      const weights = tf.tensor(
        Array.from({ length: result.size }, (_, i) => coefficient(i)),
        result.shape,
      );
      return result.mul(weights).sum();
    });
  return terms.reduce((a, b) => a.add(b));
}

/** Gradients of the tensors of floats together, so that it is known which TensorFlow.js has. */
function gradientsOf(call, tensors) {
  return tensors.map((tensor, i) => {
    if (tensor.dtype !== 'float32') return null;
    try {
      const derive = tf.grad((x) => weightedSum(call(tensors.map((other, j) => (i === j ? x : other)))));
      return rounded(derive(tensor).dataSync());
    } catch {
      return null;
    }
  });
}

const rounded = (values) => Array.from(values, (x) => Number(x.toPrecision(7)));
/** JSON has no infinite numbers. */
const written = (argument) =>
  Array.isArray(argument)
    ? argument.map(written)
    : Number.isFinite(argument) || typeof argument !== 'number'
      ? argument
      : String(argument);

writeBeside(
  import.meta.url,
  cases.map(([name, inputs, args], i) => {
    const given = inputs.map(({ shape, dtype, values, map }, j) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return { shape, dtype, values: values ?? numbers(size, i + 7 * j).map(map) };
    });
    const tensors = given.map(({ shape, dtype, values }) => tf.tensor(values, shape, dtype));
    const made = name.split('.').reduce((object, key) => object[key], tf);
    const call = (all) => listed(made(...filled(args, all)));
    const results = call(tensors).map((result) => ({
      shape: result.shape,
      dtype: result.dtype,
      values: rounded(result.dataSync()),
    }));
    const gradients = isWrong(name, args) ? tensors.map(() => null) : gradientsOf(call, tensors);
    return { name, inputs: given, args: written(args), results, gradients };
  }),
);
