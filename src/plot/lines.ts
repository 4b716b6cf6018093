// Lines in a chart, and the curves that are lines: ROC, calibration.

import { line } from 'd3-shape';
import { type Axis, chart, extent, type LegendEntry, legend } from './chart.ts';
import { colorOf } from './colors.ts';
import { list, type Numbers } from './numbers.ts';
import { element, type PlotOptions, picture } from './svg.ts';

export interface Line {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Lengths of strokes and gaps, as SVG has them; a solid line by default. */
  readonly dash?: string;
  readonly color?: string;
}

/** Lines in a rectangle with axes. What is not finite is a gap, and a point between two gaps a dot. */
export function lineChart(
  width: number,
  height: number,
  lines: readonly Line[],
  axes: { readonly x: Partial<Axis>; readonly y: Partial<Axis> },
  heading?: string,
): string {
  const isLog = axes.y.scale === 'log';
  const isDrawn = (value: number) => Number.isFinite(value) && (!isLog || value > 0);
  const xs = lines.flatMap(({ x }) => Array.from(x));
  const ys = lines.flatMap(({ y }) => Array.from(y)).filter(isDrawn);
  const area = chart(
    width,
    height,
    { domain: extent(xs), ...axes.x },
    { domain: isLog && ys.length === 0 ? [0.1, 1] : extent(ys), nice: true, ...axes.y },
    heading,
  );
  const entries: LegendEntry[] = [];
  const drawn = lines.map(({ name, x, y, dash, color = colorOf(entries.length) }) => {
    entries.push({ name, color, dash });
    const points = Array.from({ length: x.length }, (_, i) => [x[i], y[i]] as const);
    const toPath = line<readonly [number, number]>()
      .defined(([, value]) => isDrawn(value))
      .x(([at]) => area.x(at))
      .y(([, value]) => area.y(value))
      .digits(2);
    const stroke = { fill: 'none', stroke: color, 'stroke-width': 2, 'stroke-linecap': 'round' };
    return element('path', { d: toPath(points) ?? '', ...stroke, 'stroke-dasharray': dash });
  });
  return area.frame + element('g', {}, ...drawn) + (lines.length > 1 ? legend(area, entries) : '');
}

/** What `tf.metrics.rocCurve` gives. */
export interface RocCurve {
  readonly falsePositiveRate: Numbers;
  readonly truePositiveRate: Numbers;
  readonly areaUnderCurve?: number;
}

const share: Axis = { domain: [0, 1] };
const diagonal: Line = { name: 'by chance', x: [0, 1], y: [0, 1], dash: '4 4', color: '#888888' };

/** How many of the positives are found, for each share of the negatives that are taken for positive. */
export function roc(curve: RocCurve, options: PlotOptions = {}): string {
  const { width = 360, height = 340 } = options;
  const area = curve.areaUnderCurve;
  const name = area === undefined ? 'ROC' : `ROC, area ${area.toFixed(3)}`;
  const found: Line = {
    name,
    x: list('plot.roc', curve.falsePositiveRate),
    y: list('plot.roc', curve.truePositiveRate),
  };
  const axes = {
    x: { ...share, label: 'false positive rate' },
    y: { ...share, label: 'true positive rate' },
  };
  return picture(width, height, options, name, lineChart(width, height, [found, diagonal], axes));
}

/** What `tf.metrics.calibrationCurve` gives. */
export interface CalibrationCurve {
  readonly predicted: Numbers;
  readonly observed: Numbers;
}

/** How often what is predicted with a probability is true. */
export function calibration(curve: CalibrationCurve, options: PlotOptions = {}): string {
  const { width = 360, height = 340 } = options;
  const found: Line = {
    name: 'model',
    x: list('plot.calibration', curve.predicted),
    y: list('plot.calibration', curve.observed),
  };
  const axes = {
    x: { ...share, label: 'predicted probability' },
    y: { ...share, label: 'share that is true' },
  };
  const lines = [found, { ...diagonal, name: 'calibrated' }];
  return picture(width, height, options, 'calibration', lineChart(width, height, lines, axes));
}
