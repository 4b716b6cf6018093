import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

type Open = (number | null)[];

/** What a layer makes of two inputs of these shapes: as foreseen, and as predicted of inputs of ones. */
function made(layer: tf.layers.Layer, shapes: [Open, Open], given: [number[], number[]]) {
  const inputs = shapes.map((batchShape) => tf.input({ batchShape }));
  const output = layer.apply(inputs) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs: output });
  const predicted = model.predict(given.map((shape) => tf.ones(shape))) as tf.Tensor;
  return { foreseen: output.shape, predicted: predicted.shape };
}

class OwnSum extends tf.layers.Layer {
  static className = 'OwnSumOfOpenAxes';
  override call([a, b]: tf.Tensor[]): tf.Tensor {
    return tf.add(a, b);
  }
}

describe('an axis that one input leaves open is as long as that of another', () => {
  test.each<[string, () => tf.layers.Layer]>([
    ['add', () => tf.layers.add()],
    ['multiply', () => tf.layers.multiply()],
    ['average', () => tf.layers.average()],
    ['maximum', () => tf.layers.maximum()],
    ['minimum', () => tf.layers.minimum()],
    ["a script's own", () => new OwnSum({})],
  ])('%s', (_, layer) => {
    const shapes: [Open, Open] = [
      [null, null, 2],
      [null, 3, 2],
    ];
    const expected = { foreseen: [null, 3, 2], predicted: [5, 3, 2] };
    const given: [number[], number[]] = [
      [5, 3, 2],
      [5, 3, 2],
    ];
    expect(made(layer(), shapes, given)).toEqual(expected);
    expect(made(layer(), [shapes[1], shapes[0]], given)).toEqual(expected);
    expect(layer().computeOutputShape(shapes)).toEqual([null, 3, 2]);
  });

  test('counted from the end, where one has fewer axes', () => {
    const shapes: [Open, Open] = [
      [null, 6, null],
      [null, 2],
    ];
    const given: [number[], number[]] = [
      [4, 6, 2],
      [4, 2],
    ];
    expect(made(tf.layers.add(), shapes, given)).toEqual({ foreseen: [null, 6, 2], predicted: [4, 6, 2] });
  });

  test('the batch, which a stateful layer must know', () => {
    const shapes: [Open, Open] = [
      [4, 2],
      [null, 2],
    ];
    const given: [number[], number[]] = [
      [4, 2],
      [4, 2],
    ];
    expect(made(tf.layers.add(), shapes, given)).toEqual({ foreseen: [4, 2], predicted: [4, 2] });
  });
});

test('an axis stays open beside one of 1, and where inputs need not agree', () => {
  const open: Open = [null, null, 2];
  expect(tf.layers.add().computeOutputShape([open, [null, 1, 2]])).toEqual([null, null, 2]);
  expect(tf.layers.dot({ axes: 2 }).computeOutputShape([open, [null, 3, 2]])).toEqual([null, null, 3]);
  expect(tf.layers.concatenate({ axis: 1 }).computeOutputShape([open, [null, 3, 2]])).toEqual([
    null,
    null,
    2,
  ]);
});

test('masks of inputs agree as the inputs do', () => {
  const inputs = [tf.input({ shape: [null] }), tf.input({ shape: [3] })];
  const embedded = inputs.map((input) =>
    tf.layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true }).apply(input),
  ) as tf.SymbolicTensor[];
  const sum = tf.layers.add().apply(embedded) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs: tf.layers.lstm({ units: 2 }).apply(sum) as tf.SymbolicTensor });
  const numbers = tf.tensor2d([[1, 2, 0]], [1, 3], 'int32');
  expect((model.predict([numbers, numbers]) as tf.Tensor).shape).toEqual([1, 2]);
});

test('known axes that differ are said so', () => {
  const shapes: [Open, Open] = [
    [null, 5, null],
    [null, 3, 2],
  ];
  expect(() => tf.layers.add().computeOutputShape(shapes)).toThrow(
    'Operands could not be broadcast together',
  );
});

describe('layers without weights need not know how many channels there are', () => {
  test.each<[string, tf.layers.Layer, number[], number[]]>([
    ['pools of rows', tf.layers.maxPooling1d({ poolSize: 2 }), [1, 4, 3], [1, 2, 3]],
    ['pools of images', tf.layers.averagePooling2d({ poolSize: 2 }), [1, 4, 6, 3], [1, 2, 3, 3]],
    ['pools of volumes', tf.layers.maxPooling3d({ poolSize: 2 }), [1, 4, 6, 2, 3], [1, 2, 3, 1, 3]],
    ['larger images', tf.layers.upSampling2d({ size: 2 }), [1, 4, 6, 3], [1, 8, 12, 3]],
    ['padded images', tf.layers.zeroPadding2d({ padding: 1 }), [1, 4, 6, 3], [1, 6, 8, 3]],
    ['cropped images', tf.layers.cropping2D({ cropping: 1 }), [1, 4, 6, 3], [1, 2, 4, 3]],
    ['images of one size', tf.layers.resizing({ height: 2, width: 3 }), [1, 4, 6, 3], [1, 2, 3, 3]],
    ['centres of images', tf.layers.centerCrop({ height: 2, width: 3 }), [1, 4, 6, 3], [1, 2, 3, 3]],
    ['turned images', tf.layers.randomRotation({ factor: 0.1 }), [1, 4, 6, 3], [1, 4, 6, 3]],
    [
      'images with channels first',
      tf.layers.upSampling2d({ size: 2, dataFormat: 'channelsFirst' }),
      [1, 3, 4, 6],
      [1, 3, 8, 12],
    ],
  ])('%s', (_, layer, given, expected) => {
    const inputs = tf.input({ shape: given.slice(1).map(() => null) });
    const outputs = layer.apply(inputs) as tf.SymbolicTensor;
    expect(outputs.shape.map((size, i) => size ?? expected[i])).toEqual(expected);
    const model = tf.model({ inputs, outputs });
    expect((model.predict(tf.ones(given)) as tf.Tensor).shape).toEqual(expected);
  });
});

describe('samples of which a size is open', () => {
  test.each<[(number | null)[], number[], Open]>([
    [
      [null, 4],
      [2, 6],
      [null, 2, 6],
    ],
    [[null, null], [12], [null, 12]],
    [
      [null, 4],
      [-1, 6],
      [null, null, 6],
    ],
  ])('%j is reshaped to %j', (shape, targetShape, expected) => {
    const inputs = tf.input({ shape, dtype: 'int32' });
    const outputs = tf.layers.reshape({ targetShape }).apply(inputs) as tf.SymbolicTensor;
    expect([outputs.shape, outputs.dtype]).toEqual([expected, 'int32']);
    const model = tf.model({ inputs, outputs });
    expect((model.predict(tf.ones([5, 3, 4], 'int32')) as tf.Tensor).size).toBe(60);
    expect(() => model.predict(tf.ones([5, 1, 4], 'int32'))).toThrow('cannot become');
  });

  test('in a model, too', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [2, 6], inputShape: [null, 4] }),
        tf.layers.dense({ units: 3 }),
      ],
    });
    expect(model.computeOutputShape([null, null, 4])).toEqual([null, 2, 3]);
    expect(model.computeOutputShape([5, 3, 4])).toEqual([5, 2, 3]);
    const applied = model.apply(tf.input({ shape: [null, 4] })) as tf.SymbolicTensor;
    expect(applied.shape).toEqual([null, 2, 3]);
  });

  test("embedding's inputLength says it", () => {
    const layer = tf.layers.embedding({ inputDim: 5, outputDim: 2, inputLength: 3 });
    expect(layer.computeOutputShape([null, null])).toEqual([null, 3, 2]);
  });
});
