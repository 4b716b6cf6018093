// Points: what was predicted against what is true.

import { LanegradError } from '../errors.ts';
import { chart, extent } from './chart.ts';
import { colorOf } from './colors.ts';
import { list, type Numbers } from './numbers.ts';
import { element, type PlotOptions, picture } from './svg.ts';

/** A point for each sample. The closer to the line, the better. Default: 360 × 340 */
export function predictedAgainstTrue(yTrue: Numbers, yPred: Numbers, options: PlotOptions = {}): string {
  const { width = 360, height = 340 } = options;
  const [known, predicted] = [yTrue, yPred].map((given) => list('plot.predictedAgainstTrue', given));
  if (known.length !== predicted.length) {
    throw new LanegradError(
      `plot.predictedAgainstTrue: ${known.length} targets, but ${predicted.length} predictions.`,
    );
  }
  const domain = extent([...known, ...predicted]);
  const area = chart(
    width,
    height,
    { domain, nice: true, label: 'true' },
    { domain, nice: true, label: 'predicted' },
  );
  const [from, to] = domain;
  const ideal = element('line', {
    ...{ x1: area.x(from), y1: area.y(from), x2: area.x(to), y2: area.y(to) },
    ...{ stroke: 'currentColor', 'stroke-opacity': 0.5, 'stroke-dasharray': '4 4' },
  });
  const points = known.flatMap((at, i) =>
    Number.isFinite(at) && Number.isFinite(predicted[i])
      ? [element('circle', { cx: area.x(at), cy: area.y(predicted[i]), r: 2.5 })]
      : [],
  );
  const style = { fill: colorOf(0), 'fill-opacity': 0.6 };
  const said = `Predicted against true values of ${known.length} samples`;
  return picture(width, height, options, said, area.frame, ideal, element('g', style, ...points));
}
