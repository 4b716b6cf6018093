// Every layer: what it computes, the shape it says, and what it says to wrong options.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import compared from '../reference/torch-layers.json' with { type: 'json' };
import windows from '../reference/torch-windows.json' with { type: 'json' };

interface LayerCase {
  readonly name: keyof typeof tf.layers;
  readonly layer: () => tf.Layer;
  readonly inputs: readonly tf.Tensor[];
  readonly expected: unknown;
}

const matrix = tf.tensor2d([
  [-2, -0.5, 0, 3],
  [1, 7, -1, 2],
]);
const cube = tf.tensor3d([
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
]);

const cases: readonly LayerCase[] = [
  {
    name: 'dense',
    layer: () =>
      tf.layers.dense({
        units: 1,
        weights: [tf.tensor2d([[1], [10]]), tf.tensor1d([0.5])],
        activation: 'relu',
      }),
    inputs: [cube],
    expected: [[[21.5], [43.5], [65.5]]],
  },
  {
    name: 'activation',
    layer: () => tf.layers.activation({ activation: 'step' }),
    inputs: [matrix],
    expected: [
      [0, 0, 0, 1],
      [1, 1, 0, 1],
    ],
  },
  {
    name: 'dropout',
    layer: () => tf.layers.dropout({ rate: 0.5 }),
    inputs: [matrix],
    expected: matrix.arraySync(),
  },
  { name: 'flatten', layer: () => tf.layers.flatten(), inputs: [cube], expected: [[1, 2, 3, 4, 5, 6]] },
  {
    name: 'reshape',
    layer: () => tf.layers.reshape({ targetShape: [2, -1] }),
    inputs: [cube],
    expected: [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  },
  {
    name: 'rescaling',
    layer: () => tf.layers.rescaling({ scale: 0.5, offset: 1 }),
    inputs: [matrix],
    expected: [
      [0, 0.75, 1, 2.5],
      [1.5, 4.5, 0.5, 2],
    ],
  },
  {
    name: 'reLU',
    layer: () => tf.layers.reLU({ maxValue: 2.5 }),
    inputs: [matrix],
    expected: [
      [0, 0, 0, 2.5],
      [1, 2.5, 0, 2],
    ],
  },
  {
    name: 'leakyReLU',
    layer: () => tf.layers.leakyReLU({ alpha: 0.5 }),
    inputs: [matrix],
    expected: [
      [-1, -0.25, 0, 3],
      [1, 7, -0.5, 2],
    ],
  },
  {
    name: 'prelu',
    layer: () => tf.layers.prelu({ weights: [tf.tensor1d([1, 2, 3, 4])] }),
    inputs: [matrix],
    expected: [
      [-2, -1, 0, 3],
      [1, 7, -3, 2],
    ],
  },
  {
    name: 'elu',
    layer: () => tf.layers.elu({ alpha: 2 }),
    inputs: [tf.tensor2d([[-1, 0, 2]])],
    expected: [[Math.fround(2 * Math.expm1(-1)), 0, 2]],
  },
  {
    name: 'thresholdedReLU',
    layer: () => tf.layers.thresholdedReLU(),
    inputs: [matrix],
    expected: [
      [0, 0, 0, 3],
      [0, 7, 0, 2],
    ],
  },
  {
    name: 'softmax',
    layer: () => tf.layers.softmax({ axis: 1 }),
    inputs: [
      tf.tensor3d([
        [
          [0, 1],
          [0, 1],
        ],
      ]),
    ],
    expected: [
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    ],
  },
  {
    name: 'maxout',
    layer: () => tf.layers.maxout({ pieces: 2 }),
    inputs: [matrix],
    expected: [
      [-0.5, 3],
      [7, 2],
    ],
  },
  {
    name: 'add',
    layer: () => tf.layers.add(),
    inputs: [matrix, matrix, matrix],
    expected: [
      [-6, -1.5, 0, 9],
      [3, 21, -3, 6],
    ],
  },
  {
    name: 'multiply',
    layer: () => tf.layers.multiply(),
    inputs: [matrix, matrix],
    expected: [
      [4, 0.25, 0, 9],
      [1, 49, 1, 4],
    ],
  },
  {
    name: 'repeatVector',
    layer: () => tf.layers.repeatVector({ n: 2 }),
    inputs: [matrix],
    expected: [
      [
        [-2, -0.5, 0, 3],
        [-2, -0.5, 0, 3],
      ],
      [
        [1, 7, -1, 2],
        [1, 7, -1, 2],
      ],
    ],
  },
  {
    name: 'masking',
    layer: () => tf.layers.masking({ maskValue: 3 }),
    inputs: [
      tf.tensor3d([
        [
          [1, 3],
          [3, 3],
        ],
      ]),
    ],
    expected: [
      [
        [1, 3],
        [0, 0],
      ],
    ],
  },
  {
    name: 'concatenate',
    layer: () => tf.layers.concatenate({ axis: 1 }),
    inputs: [cube, cube],
    expected: [
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
  },
];

/** Layers whose cases are in windows.test.ts, torch-layers.test.ts, embedding.test.ts, noise.test.ts, augmentation.test.ts. */
const elsewhere = [
  ...[...windows, ...compared].map(({ layer }) => layer),
  ...[
    'gaussianNoise',
    'gaussianDropout',
    'alphaDropout',
    'spatialDropout1d',
    'spatialDropout2d',
    'randomFlip',
    'randomTranslation',
    'randomRotation',
    'randomZoom',
    'randomWidth',
    'randomHeight',
    // Of tensors: in tfjs-layers.test.ts.
    'input',
  ],
  'normalization',
  'discretization',
  'stringLookup',
  'integerLookup',
  'hashing',
];

function applied({ layer, inputs }: LayerCase): tf.Model {
  const symbols = inputs.map(({ shape }) => tf.input({ shape: shape.slice(1) }));
  const made = layer();
  return tf.model({
    inputs: symbols,
    outputs: symbols.length === 1 ? made.apply(symbols[0]) : made.apply(symbols),
  });
}

/** Layers that are compared with PyTorch: test/layers/recurrent/recurrent.test.ts. */
const recurrent = ['simpleRNN', 'gru', 'lstm', 'bidirectional', 'timeDistributed'];

/** Cells and what repeats them: test/layers/recurrent/recurrent-cells.test.ts. */
const cells = ['rnn', 'simpleRNNCell', 'gruCell', 'lstmCell', 'stackedRNNCells'];

/** Layers of test/layers/tfjs-layers.test.ts. */
const asInTfjs = [
  'inputLayer',
  'conv3d',
  'conv3dTranspose',
  'maxPooling3d',
  'averagePooling3d',
  'convLstm2d',
  'convLstm2dCell',
  'categoryEncoding',
  'resizing',
  'centerCrop',
];

/** Classes to extend. */
const classes = ['Layer', 'RNN', 'RNNCell'];

test('every layer has a case', () => {
  const here = cases.map(({ name }) => name);
  const covered = new Set<string>([...classes, ...recurrent, ...cells, ...asInTfjs, ...elsewhere, ...here]);
  // A second name is the same factory.
  const known = new Set(
    Object.entries(tf.layers).flatMap(([name, made]) => (covered.has(name) ? [made] : [])),
  );
  const uncovered = Object.entries(tf.layers).filter(([, made]) => !(known as Set<unknown>).has(made));
  expect(uncovered.map(([name]) => name)).toEqual([]);
});

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, layerCase) => {
  const model = applied(layerCase);
  const result = model.predict([...layerCase.inputs]) as tf.Tensor;

  test('computes', () => expect(result.arraySync()).toEqual(layerCase.expected));

  test('says the shape it has, the batch open', () => {
    expect(model.outputs[0].shape).toEqual([null, ...result.shape.slice(1)]);
  });
});

describe('dropout', () => {
  const size = 20_000;
  const ones = tf.ones([1, size]);

  /** What a layer lets through in one step, seen as the gradient of a dense layer's weights behind it. */
  async function kept(options: Parameters<typeof tf.layers.dropout>[0], seed = 3): Promise<number[]> {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ ...options, inputShape: [size] }),
        tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss: (_, y) => tf.sum(y, -1) });
    await model.fit(ones, tf.zeros([1, 1]), { verbose: 0, seed });
    return Array.from(model.getWeights()[0].dataSync(), (value) => -value);
  }

  test('drops its share and scales the rest', async () => {
    const values = await kept({ rate: 0.2 });
    expect([...new Set(values.map(Math.abs))].sort()).toEqual([0, 1.25]);
    const share = values.filter((value) => value === 0).length / size;
    // Four standard deviations of a share of 0.2 among 20,000.
    expect(Math.abs(share - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / size));
  });

  test('a seed of its own gives the same mask whatever the seed of fit', async () => {
    expect(await kept({ rate: 0.5, seed: 8 }, 1)).toEqual(await kept({ rate: 0.5, seed: 8 }, 2));
    expect(await kept({ rate: 0.5 }, 1)).not.toEqual(await kept({ rate: 0.5 }, 2));
  });

  test('noiseShape shares the mask', async () => {
    const values = await kept({ rate: 0.5, noiseShape: [null, 1] });
    expect(new Set(values).size).toBe(1);
  });
});

test('what is no number stays none past a threshold', () => {
  const y = tf.layers
    .thresholdedReLU()
    .apply(tf.tensor2d([[Number.NaN, Number.NEGATIVE_INFINITY, 2]])) as tf.Tensor;
  expect(y.arraySync()).toEqual([[Number.NaN, 0, 2]]);
});

test('bytes are rescaled as floats are', () => {
  const bytes = tf.tensor2d(Uint8Array.of(0, 51, 204, 255), [2, 2]);
  const model = (dtype: 'uint8' | 'float32') =>
    tf.sequential({ layers: [tf.layers.rescaling({ scale: 1 / 255, inputShape: [2], inputDType: dtype })] });
  const fromBytes = model('uint8').predict(bytes) as tf.Tensor;
  const fromFloats = model('float32').predict(bytes.cast('float32')) as tf.Tensor;
  expect(fromBytes.arraySync()).toEqual(fromFloats.arraySync());
});

describe('wrong options', () => {
  test.each([
    [() => tf.layers.dense({ units: 0, name: 'd' }), 'd: units must be a positive integer; got 0.'],
    [() => tf.layers.dense({ units: -3, name: 'd' }), 'd: units must be a positive integer; got -3.'],
    [() => tf.layers.dropout({ rate: 1, name: 'd' }), 'd: rate must be at least 0 and less than 1; got 1.'],
    [
      () => tf.sequential({ layers: [tf.layers.maxout({ pieces: 3, inputShape: [4], name: 'm' })] }),
      'm: 4 features do not divide into groups of 3.',
    ],
    [
      () =>
        tf.layers
          .concatenate({ axis: 1, name: 'c' })
          .apply([tf.input({ shape: [2, 3] }), tf.input({ shape: [2, 4] })]),
      'c: inputs must agree outside axis 1; got shapes [null,2,3], [null,2,4].',
    ],
    [
      () => tf.layers.add({ name: 'a' }).apply(tf.input({ shape: [2] })),
      'a: takes a list of at least two inputs.',
    ],
    [
      () => tf.layers.add({ name: 'a' }).apply([tf.input({ shape: [2] }), tf.input({ shape: [3] })]),
      'a: Operands could not be broadcast together with shapes [null,2], [null,3].',
    ],
    [() => tf.layers.dense({ units: 1, inputShape: 0.5 }), 'inputShape must be a list of positive integers'],
    [() => tf.input({ shape: [0] }), 'inputShape must be a list of positive integers and null; got [0].'],
    [
      () => tf.input({}),
      'input: Please provide to Input either a `shape` (without the batch) or a `batchShape`.',
    ],
  ])('%#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});

describe('weights', () => {
  test('are given and taken in order; wrong ones are sentences', () => {
    const layer = tf.layers.dense({ units: 2, inputShape: [3], name: 'w' });
    tf.sequential({ layers: [layer] });
    expect(() => layer.setWeights([tf.zeros([3, 2])])).toThrow('w: setWeights takes 2 tensors; got 1.');
    expect(() => layer.setWeights([tf.zeros([2, 3]), tf.zeros([2])])).toThrow(
      'w/kernel: expected weights of shape [3,2]; got [2,3].',
    );
  });
});
