// What a network says of each point of the plane.

import { LanegradError } from '../errors.ts';
import { chart, extent } from './chart.ts';
import { colorOf, mixed, type Rgb, rgbOf } from './colors.ts';
import { classesOf, type Numbers, read, type Tensorlike } from './numbers.ts';
import { dataAddress, png } from './png.ts';
import { element, type PlotOptions, picture } from './svg.ts';

/** A model of two inputs: [samples, 2] to [samples, 1], a probability, or [samples, classes]. */
export interface Classifier {
  predict(points: number[][]): Tensorlike | readonly Tensorlike[];
}

export interface DecisionBoundaryOptions extends PlotOptions {
  /** Samples to draw, [samples, 2]; they say which part of the plane is shown. */
  readonly x?: Numbers;
  /** Their classes: numbers, or one-hot rows. */
  readonly y?: Numbers;
  /** The part of the plane that is shown. Default: where `x` lies, with a tenth around it; −1 to 1 without. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** Points in a row and in a column at which the model is asked. Default: 80 */
  readonly resolution?: number;
}

const withRoom = ([from, to]: readonly [number, number]): [number, number] => {
  const room = (to - from) / 10 || 1;
  return [from - room, to + room];
};

/** The samples as columns; none where none are given. */
function columns(given: Numbers | undefined): [number[], number[]] {
  if (given === undefined) return [[], []];
  const { shape, values } = read('plot.decisionBoundary: x', given);
  if (shape.length !== 2 || shape[1] !== 2) {
    throw new LanegradError(`plot.decisionBoundary: expected x [samples, 2], got [${shape}].`);
  }
  const column = (j: number) => Array.from({ length: shape[0] }, (_, i) => values[2 * i + j]);
  return [column(0), column(1)];
}

/** The colour of one row of predictions: the colour of the likeliest class, the paler the less sure. */
function colorsOf(predicted: Tensorlike): (row: number) => Rgb {
  const values = predicted.dataSync();
  const width = predicted.shape[predicted.shape.length - 1];
  if (width === 1) {
    return (row) => {
      const p = Math.min(1, Math.max(0, values[row]));
      return p < 0.5 ? mixed(rgbOf(0), 0.6 * (1 - 2 * p)) : mixed(rgbOf(1), 0.6 * (2 * p - 1));
    };
  }
  return (row) => {
    let [best, second] = [0, Number.NEGATIVE_INFINITY];
    for (let j = 1; j < width; j++) {
      const value = values[row * width + j];
      if (value > values[row * width + best]) [best, second] = [j, values[row * width + best]];
      else second = Math.max(second, value);
    }
    const lead = values[row * width + best] - second;
    return mixed(rgbOf(best), 0.1 + 0.5 * Math.min(1, Math.max(0, lead)));
  };
}

/**
 * The plane in the colours of the classes that a model takes its points for, and samples on it in those of their own.
 * Default: 360 × 340
 * @throws LanegradError for a model that does not take two numbers.
 */
export function decisionBoundary(model: Classifier, options: DecisionBoundaryOptions = {}): string {
  const { width = 360, height = 340, resolution = 80 } = options;
  const [first, second] = columns(options.x);
  const around = (values: number[]): [number, number] =>
    values.length > 0 ? withRoom(extent(values)) : [-1, 1];
  const { xRange = around(first), yRange = around(second) } = options;
  const area = chart(width, height, { domain: xRange }, { domain: yRange });

  const at = ([from, to]: readonly [number, number], i: number) =>
    from + ((to - from) * (i + 0.5)) / resolution;
  // Rows from the top, as pictures have them.
  const points = Array.from({ length: resolution ** 2 }, (_, i) => [
    at(xRange, i % resolution),
    at(yRange, resolution - 1 - Math.floor(i / resolution)),
  ]);
  const predicted = [model.predict(points)].flat() as Tensorlike[];
  const colorAt = colorsOf(predicted[0]);
  const file = png(resolution, resolution, (column, row) => colorAt(row * resolution + column));
  const plane = element('image', {
    href: dataAddress('image/png', file),
    ...{ x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top },
    preserveAspectRatio: 'none',
  });
  const classes = options.y === undefined ? [] : classesOf('plot.decisionBoundary: y', options.y);
  const samples = first.map((x, i) =>
    element('circle', {
      ...{ cx: area.x(x), cy: area.y(second[i]), r: 3, stroke: '#ffffff', 'stroke-width': 0.8 },
      fill: classes.length > 0 ? colorOf(classes[i]) : '#555555',
    }),
  );
  const said = `Decision boundary, with ${first.length} samples`;
  return picture(width, height, options, said, plane, area.frame, element('g', {}, ...samples));
}
