// Pictures are well-formed SVG, and show the numbers that they were given.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import * as plot from '../../src/plot/index.ts';
import { pixelsOf } from './pixels.ts';
import { elementsOf, hintsOf, named, textsOf } from './svg.ts';

/** Pixels of a PNG in a data: address. */
const pixelsAt = (address: string) =>
  pixelsOf(Buffer.from(address.replace('data:image/png;base64,', ''), 'base64'));

describe('curves', () => {
  const history = { epoch: [4, 5, 6], history: { loss: [3, 2, 1], acc: [0, 0.5, 1], val_loss: [4, 3, 2] } };

  test('has a chart for each log, and a line for the training and for the validation', () => {
    const svg = plot.curves(history, { title: 'a <training>' });
    expect(named(svg, 'svg')[0].attributes).toMatchObject({
      role: 'img',
      'aria-label': 'a <training>',
    });
    const lines = named(svg, 'path').filter(({ attributes }) => attributes['stroke-width'] === '2');
    expect(lines.map(({ attributes }) => attributes['stroke-dasharray'])).toEqual([
      undefined,
      '5 3',
      undefined,
    ]);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['loss', 'acc', 'training', 'validation', 'epoch']));
  });

  test('draws what is larger higher, epoch by epoch from the left', () => {
    const [line] = named(plot.curves(history, { logs: ['acc'] }), 'path').filter(
      ({ attributes }) => attributes['stroke-width'] === '2',
    );
    const points = [...line.attributes.d.matchAll(/([\d.]+),([\d.]+)/g)].map((match) =>
      match.slice(1).map(Number),
    );
    const [xs, ys] = [0, 1].map((i) => points.map((point) => point[i]));
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(ys[0] - ys[1]).toBeCloseTo(ys[1] - ys[2]);
    expect(ys[0]).toBeGreaterThan(ys[2]);
  });

  test('leaves a gap where a loss is not finite, and takes what fit resolves to', async () => {
    const svg = plot.curves({ history: { loss: [1, Number.NaN, 2, 3] } });
    const [line] = named(svg, 'path').filter(({ attributes }) => attributes['stroke-width'] === '2');
    expect(line.attributes.d.match(/M/g)).toHaveLength(2);
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const fitted = await model.fit(tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [2]]), {
      epochs: 2,
      verbose: 0,
    });
    expect(textsOf(plot.curves(fitted, { scale: 'log' }))).toContain('loss');
  });

  test('names the logs that there are', () => {
    expect(() => plot.curves(history, { logs: ['f1'] })).toThrow(
      'plot.curves: the history has no f1. It has loss, acc.',
    );
  });
});

describe('confusionMatrix', () => {
  test('says each count and its share of the class', () => {
    const matrix = tf.math.confusionMatrix(tf.tensor1d([0, 0, 0, 1]), tf.tensor1d([0, 0, 1, 1]), 2);
    const svg = plot.confusionMatrix(matrix, { labels: ['cat', 'dog'] });
    expect(hintsOf(svg)).toEqual([
      'cat taken for cat: 2, 66.7 %',
      'cat taken for dog: 1, 33.3 %',
      'dog taken for cat: 0, 0.0 %',
      'dog taken for dog: 1, 100.0 %',
    ]);
    expect(named(svg, 'svg')[0].attributes['aria-label']).toBe('Confusion matrix of 2 classes: 3 of 4 right');
  });

  test('has a row of fields for each class, from the top, with their numbers in the middle', () => {
    const svg = plot.confusionMatrix([
      [5, 6],
      [7, 8],
    ]);
    const fields = named(svg, 'rect').map(({ attributes: { x, y, width, height } }) =>
      [x, y, width, height].map(Number),
    );
    const [[left, top, width, height]] = fields;
    const [right, below] = [left + width + 1, top + height + 1];
    const places = [
      [left, top],
      [right, top],
      [left, below],
      [right, below],
    ];
    expect(fields).toEqual(places.map((place) => [...place, width, height]));
    const texts = named(svg, 'text');
    const placeOf = (word: string, number = 0) => {
      const { x, y } = texts.filter(({ text }) => text === word)[number].attributes;
      return [Number(x), Number(y)];
    };
    for (const [i, count] of ['5', '6', '7', '8'].entries()) {
      const [x, y] = placeOf(count);
      expect(x).toBeCloseTo(places[i][0] + (width + 1) / 2);
      expect(Math.abs(y - places[i][1] - height / 2)).toBeLessThan(6);
    }
    // Each class is named to the left of its row, then above its column.
    expect(placeOf('1')[0]).toBeLessThan(left);
    expect(placeOf('1')[1]).toBeGreaterThan(below);
    expect(placeOf('1', 1)[0]).toBeGreaterThan(right);
    expect(placeOf('1', 1)[1]).toBeLessThan(top);
  });

  test('says which side is predicted, and writes on dark fields in white', () => {
    const svg = plot.confusionMatrix([
      [9, 3],
      [4, 6],
    ]);
    const texts = named(svg, 'text');
    const find = (word: string) => texts.find(({ text }) => text === word)!.attributes;
    expect(['9', '3', '4', '6'].map((count) => find(count).fill)).toEqual([
      '#ffffff',
      '#000000',
      '#000000',
      '#ffffff',
    ]);
    expect(Number(find('predicted').x)).toBeGreaterThan(Number(find('true').x));
    expect(find('true').transform).toContain('rotate(-90');
  });

  test('of shares has fields without numbers where a class has no samples, whose shares are NaN', () => {
    const svg = plot.confusionMatrix([
      [NaN, NaN],
      [0.25, 0.75],
    ]);
    const written = named(svg, 'text').map(({ text }) => text);
    expect(written.filter((text) => /NaN|[.]/.test(text))).toEqual(['0.25', '0.75']);
    expect(hintsOf(svg)[0]).toBe('0 taken for 0: NaN, 0.0 %');
  });

  test('wants a square', () => {
    expect(() => plot.confusionMatrix([[1, 2]])).toThrow(
      'plot.confusionMatrix: expected [classes, classes], got [1,2].',
    );
  });
});

test('a title has room above its picture', () => {
  const sizes = [{}, { title: 'errors' }].map((options) => {
    const { height, viewBox } = named(plot.histogram([1, 2], options), 'svg')[0].attributes;
    expect(viewBox.split(' ')[3]).toBe(height);
    return Number(height);
  });
  expect(sizes[1] - sizes[0]).toBeGreaterThan(20);
  const [picture] = named(plot.histogram([1, 2], { title: 'errors' }), 'g');
  expect(picture.attributes.transform).toBe(`translate(0 ${sizes[1] - sizes[0]})`);
});

test('a histogram counts every finite value once', () => {
  const svg = plot.histogram([1, 2, 2.5, 3, Number.NaN, 10], { bins: 5 });
  const counts = hintsOf(svg).map((said) => Number(said.split(': ')[1]));
  expect(counts.reduce((sum, count) => sum + count)).toBe(5);
  expect(named(plot.histogram([]), 'rect')).toEqual([]);
});

describe('decisionBoundary', () => {
  /** Class 1 where the first number is positive. */
  const model = {
    predict: (points: number[][]) => tf.tensor2d(points.map(([x]) => [x > 0 ? 1 : 0])),
  };

  test.each<[string, plot.DecisionBoundaryOptions, number[], number[]]>([
    ['from −1 to 1 without samples', {}, [-0.5, 0.5], [0.5, -0.5]],
    [
      'with a tenth of room around samples',
      {
        x: [
          [0, 10],
          [10, 30],
        ],
      },
      [2, 8],
      [26, 14],
    ],
  ])('asks %s', (_, options, xs, ys) => {
    const asked: number[][] = [];
    const predict = (points: number[][]) => {
      asked.push(...points);
      return model.predict(points);
    };
    plot.decisionBoundary({ predict }, { ...options, resolution: 2 });
    const expected = ys.flatMap((y) => xs.map((x) => [x, y]));
    for (const [i, point] of expected.entries())
      for (const axis of [0, 1]) expect(asked[i][axis]).toBeCloseTo(point[axis]);
  });

  test('colours the plane by what the model says, the first number from the left, the second from below', () => {
    const asked: number[][] = [];
    const svg = plot.decisionBoundary(
      {
        predict(points) {
          asked.push(...points);
          return model.predict(points);
        },
      },
      { resolution: 4, xRange: [-1, 1], yRange: [0, 8] },
    );
    expect(asked.slice(0, 2)).toEqual([
      [-0.75, 7],
      [-0.25, 7],
    ]);
    const { rows } = pixelsAt(named(svg, 'image')[0].attributes.href);
    for (const row of rows) {
      const [first, second, third] = [0, 1, 2].map((i) => row.slice(3 * i, 3 * i + 3));
      expect(first).toEqual(second);
      expect(second).not.toEqual(third);
    }
  });

  test('draws samples in the colours of their classes, one-hot rows too', () => {
    const x = [
      [0, 0],
      [1, 1],
    ];
    const fills = (y: plot.Numbers) =>
      named(plot.decisionBoundary(model, { x, y }), 'circle').map(({ attributes }) => attributes.fill);
    const [zero, one] = fills([0, 1]);
    expect(zero).not.toBe(one);
    expect(
      fills(
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toEqual([zero, one]);
  });

  test('takes a model of this library', () => {
    const network = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: 'softmax' })],
    });
    expect(named(plot.decisionBoundary(network, { resolution: 8 }), 'image')).toHaveLength(1);
  });
});

describe('images', () => {
  test('shows pixels from the least to the largest, black to white', () => {
    const [image] = named(plot.images([[[0, 1, 2]]]), 'image');
    expect(pixelsAt(image.attributes.href)).toEqual({
      width: 3,
      height: 1,
      rows: [[0, 0, 0, 128, 128, 128, 255, 255, 255]],
    });
  });

  test('shows colours, and words below', () => {
    const svg = plot.images(tf.tensor4d([[[[1, 0, 0.5]]]]), { range: [0, 1], labels: ['seven'] });
    expect(pixelsAt(named(svg, 'image')[0].attributes.href).rows).toEqual([[255, 0, 128]]);
    expect(textsOf(svg)).toEqual(['seven']);
  });

  test('shows zero white where negative and positive diverge', () => {
    const [image] = named(plot.images([[[-1, 0, 1]]], { colors: 'diverging' }), 'image');
    const [row] = pixelsAt(image.attributes.href).rows;
    expect(row.slice(3, 6)).toEqual([255, 255, 255]);
    expect(row.slice(0, 3)).not.toEqual(row.slice(6, 9));
  });

  test('shows rows from the top, and pictures side by side, each as large as it is said', () => {
    const svg = plot.images(
      [
        [
          [0, 1],
          [1, 0],
          [1, 1],
        ],
        [
          [1, 1],
          [0, 0],
          [0, 1],
        ],
      ],
      { scale: 4 },
    );
    const [first, second] = named(svg, 'image').map(({ attributes }) => attributes);
    const redsOf = (href: string) => pixelsAt(href).rows.map((row) => row.filter((_, i) => i % 3 === 0));
    expect(redsOf(first.href)).toEqual([
      [0, 255],
      [255, 0],
      [255, 255],
    ]);
    expect(redsOf(second.href)).toEqual([
      [255, 255],
      [0, 0],
      [0, 255],
    ]);
    expect([first.width, first.height]).toEqual(['8', '12']);
    expect(Number(second.x)).toBeGreaterThanOrEqual(Number(first.x) + 8);
    expect(second.y).toBe(first.y);
  });

  test('wants pictures', () => {
    expect(() => plot.images([1, 2])).toThrow(
      'plot.images: expected [count, height, width] or that with 1 or 3 channels, got [2].',
    );
  });
});

test('a graph has a box for each layer and a line for each tensor that flows', () => {
  const input = tf.input({ shape: [4], name: 'features' });
  const first = tf.layers.dense({ units: 4, name: 'first' }).apply(input) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'sum' }).apply([input, first]) as tf.SymbolicTensor;
  const svg = plot.modelGraph(tf.model({ inputs: input, outputs: sum }));
  expect(named(svg, 'rect')).toHaveLength(3);
  expect(named(svg, 'path').filter(({ attributes }) => attributes['marker-end'])).toHaveLength(3);
  expect(hintsOf(svg)).toContain('first (Dense): ? × 4, 20 parameters');
});

test('predictions stand against what is true', () => {
  expect(named(plot.predictedAgainstTrue([1, 2], tf.tensor1d([1, 3])), 'circle')).toHaveLength(2);
  expect(() => plot.predictedAgainstTrue([1], [1, 2])).toThrow(
    'plot.predictedAgainstTrue: 1 targets, but 2 predictions.',
  );
});

test('ROC and calibration have their diagonals', () => {
  const roc = { falsePositiveRate: [0, 0, 1], truePositiveRate: [0, 1, 1], areaUnderCurve: 1 };
  expect(textsOf(plot.roc(roc))).toEqual(expect.arrayContaining(['ROC, area 1.000', 'by chance']));
  expect(textsOf(plot.calibration({ predicted: [0, 1], observed: [0, 1] }))).toContain('calibrated');
});

test('numbers along an axis stand outside of it', () => {
  const svg = plot.predictedAgainstTrue([0, 10], [0, 10]);
  const frame = named(svg, 'path').find(({ attributes }) => attributes.d.includes('V'))!;
  const [left, top, bottom, right] = frame.attributes.d.match(/[\d.]+/g)!.map(Number);
  const ticks = named(svg, 'text').filter(({ text }) => /^\d+$/.test(text));
  const places = ticks.map(({ attributes: { x, y } }) => [Number(x), Number(y)]);
  const below = places.filter(([, y]) => y > bottom + 4);
  expect(below.length).toBeGreaterThan(2);
  for (const [x] of below) expect(x >= left && x <= right).toBe(true);
  const beside = places.filter(([, y]) => y <= bottom + 4);
  expect(beside.length).toBeGreaterThan(2);
  for (const [x, y] of beside) expect(x < left && y > top).toBe(true);
  expect(below.length + beside.length).toBe(ticks.length);
});

const noNumbers = { history: { loss: [Number.NaN] } };
const every: readonly (readonly [string, string])[] = [
  ['curves', plot.curves({ history: { loss: [3, 1], val_loss: [4, 2], acc: [0, 1] } }, { title: 'all' })],
  ['curves without a number', plot.curves(noNumbers)],
  ['curves without a number, logarithmic', plot.curves(noNumbers, { scale: 'log' })],
  ['confusionMatrix', plot.confusionMatrix([[1]], { title: 'one' })],
  ['histogram', plot.histogram([1, 2, 2.5, 3, 10])],
  ['predictedAgainstTrue', plot.predictedAgainstTrue([1, 2], [1, 3])],
  ['roc', plot.roc({ falsePositiveRate: [0, 0, 1], truePositiveRate: [0, 1, 1], areaUnderCurve: 1 })],
  ['calibration', plot.calibration({ predicted: [0, 1], observed: [0, 1] })],
  ['images', plot.images([[[0, 1]], [[1, 0]]], { labels: ['a', 'b'] })],
];

test.each(every)('all of a picture is inside of it: %s', (_, svg) => {
  const elements = elementsOf(svg);
  const [{ attributes: of }] = elements;
  const [, , width, height] = of.viewBox.split(' ').map(Number);
  for (const { attributes } of elements.slice(1)) {
    const [x1, x2, y1, y2] = ['x', 'width', 'y', 'height'].map((name) => Number(attributes[name] ?? 0));
    const xs = [x1, x1 + x2, ...['x1', 'x2', 'cx'].map((name) => Number(attributes[name] ?? 0))];
    const ys = [y1, y1 + y2, ...['y1', 'y2', 'cy'].map((name) => Number(attributes[name] ?? 0))];
    for (const x of xs) expect(x >= 0 && x <= width).toBe(true);
    for (const y of ys) expect(y >= 0 && y <= height).toBe(true);
  }
});

test('a sparkline rises with its values, averages what is too long, and leaves gaps', () => {
  expect(plot.sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
  expect(plot.sparkline([0, 2, 10, 12], 2)).toBe('▁█');
  expect(plot.sparkline([1, Number.NaN, 1])).toBe('▁ ▁');
  expect(plot.sparkline([])).toBe('');
  expect(plot.sparkline(new Float32Array(50))).toBe('▁'.repeat(40));
});

test('rows that differ in length, and what is no number, are said', () => {
  expect(() => plot.histogram([[1], [1, 2]])).toThrow('plot.histogram: rows differ in length: [1] and [2].');
  expect(() => plot.histogram(['a'] as unknown as number[])).toThrow(
    'plot.histogram: expected numbers, got a.',
  );
  expect(() => plot.histogram(7)).toThrow('plot.histogram: expected a tensor or an array of numbers, got 7.');
});
