// Curves of a training: its logs by epoch.

import { LanegradError } from '../errors.ts';
import { type Line, lineChart } from './lines.ts';
import { element, type PlotOptions, picture } from './svg.ts';

/** What `fit` resolves to. */
export interface HistoryLike {
  readonly epoch?: readonly number[];
  readonly history: Readonly<Record<string, readonly number[]>>;
}

export interface CurvesOptions extends PlotOptions {
  /** Which logs to draw, as 'loss': the validation's is drawn with it. All by default. */
  readonly logs?: readonly string[];
  /** 'linear' by default; 'log' shows losses that fall for long. */
  readonly scale?: 'linear' | 'log';
}

const ofValidation = 'val_';

/** The logs of one chart: of the training and of the validation. */
function panelLines(name: string, { epoch, history }: HistoryLike): Line[] {
  const parts = [
    { name: 'training', values: history[name] },
    { name: 'validation', values: history[ofValidation + name], dash: '5 3' },
  ];
  return parts.flatMap(({ values, ...part }) =>
    values ? [{ ...part, x: values.map((_, i) => (epoch?.[i] ?? i) + 1), y: values }] : [],
  );
}

/**
 * A chart for each log, side by side: the loss, each metric, the learning rate where it is logged.
 * @param options.width of one chart. Default: 400 × 260
 * @throws LanegradError for a log that the history lacks.
 */
export function curves(history: HistoryLike, options: CurvesOptions = {}): string {
  const { width = 400, height = 260, scale } = options;
  const known = [...new Set(Object.keys(history.history).map((name) => name.replace(/^val_/, '')))];
  const names = options.logs ?? known;
  for (const name of names) {
    if (!known.includes(name)) {
      throw new LanegradError(`plot.curves: the history has no ${name}. It has ${known.join(', ')}.`);
    }
  }
  const panels = names.map((name, i) =>
    element(
      'g',
      { transform: `translate(${i * width} 0)` },
      lineChart(width, height, panelLines(name, history), { x: { label: 'epoch' }, y: { scale } }, name),
    ),
  );
  const said = `Training curves: ${names.join(', ')}`;
  return picture(Math.max(1, names.length) * width, height, options, said, ...panels);
}
