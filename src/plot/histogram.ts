// How values are distributed.

import { bin } from 'd3-array';
import { chart, extent } from './chart.ts';
import { colorOf } from './colors.ts';
import { list, type Numbers } from './numbers.ts';
import { element, hint, type PlotOptions, picture } from './svg.ts';

export interface HistogramOptions extends PlotOptions {
  /** About how many bars; their ends are round numbers. Default: 30 */
  readonly bins?: number;
  /** What the values are. */
  readonly label?: string;
}

/** A bar for each interval of values, as high as it holds values: weights, gradients, residuals. Default: 400 × 260 */
export function histogram(values: Numbers, options: HistogramOptions = {}): string {
  const { width = 400, height = 260, bins = 30, label } = options;
  const finite = list('plot.histogram', values).filter(Number.isFinite);
  const bars = finite.length > 0 ? bin().thresholds(bins)(finite) : [];
  const domain =
    bars.length > 0 ? ([bars[0].x0!, bars[bars.length - 1].x1!] as [number, number]) : extent(finite);
  const most = Math.max(1, ...bars.map(({ length }) => length));
  const area = chart(
    width,
    height,
    { domain, label },
    { domain: [0, most], nice: true, label: 'number of values' },
  );
  const drawn = bars.map(({ x0, x1, length }) => {
    const [left, right, top] = [area.x(x0!), area.x(x1!), area.y(length)];
    const box = { x: left, y: top, width: Math.max(0.5, right - left - 1), height: area.bottom - top };
    return element('rect', { ...box, fill: colorOf(0) }, hint(`${x0} to ${x1}: ${length}`));
  });
  const said = `Histogram of ${finite.length} values`;
  return picture(width, height, options, said, area.frame, element('g', {}, ...drawn));
}
