// What a step of training did, and its text: forwards, the loss, backwards, the weights.

import { formatShape, indexAt } from '../graph/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A weight before and after a step. */
export interface ExplainedWeight {
  readonly name: string;
  readonly before: Tensor;
  /** ∂loss/∂weight, before it is clipped; undefined where the loss does not depend on it. */
  readonly gradient: Tensor | undefined;
  readonly after: Tensor;
  /** Whether the step moves it. */
  readonly isTrained: boolean;
}

/** What a layer did in a step. */
export interface ExplainedLayer {
  readonly name: string;
  readonly className: string;
  /** What it made of the batch: once for each time that the model calls it. */
  readonly outputs: readonly Tensor[];
  /**
   * ∂loss/∂output of each: what comes back to the layer. Undefined where the loss is not computed of the output, as that
   * of a softmax is of what the softmax was applied to.
   */
  readonly outputGradients: readonly (Tensor | undefined)[];
  readonly weights: readonly ExplainedWeight[];
}

/** What happened in one step of training. `String(…)` tells it in words and numbers. */
export interface StepExplanation {
  /** Name of the loss; of each output, where there are several. */
  readonly lossName: string;
  /** Of the batch before the step. */
  readonly loss: number;
  /** Of the same batch after the step, with the same random numbers. */
  readonly lossAfter: number;
  /** The optimizer's class. */
  readonly optimizer: string;
  readonly learningRate: number;
  /** Steps that the optimizer has taken, this one included. */
  readonly step: number;
  readonly samples: number;
  /** In the order in which they run. */
  readonly layers: readonly ExplainedLayer[];
  /** The step in words and numbers, to be printed. */
  toString(): string;
}

/** Rows and columns of a tensor that are shown; of a weight, so many numbers. */
const maxRows = 4;
const maxColumns = 6;
const maxNumbers = 8;

export function textOf(step: Omit<StepExplanation, 'toString'>): string {
  const { samples, optimizer, learningRate, layers } = step;
  return [
    `Step ${step.step}: ${samples} ${samples === 1 ? 'sample' : 'samples'}, ${optimizer}, learning rate ${shown(learningRate)}`,
    '',
    'Forwards: what each layer makes of the batch.',
    ...layers.flatMap(forwards),
    '',
    `The loss, ${step.lossName}, is ${shown(step.loss)}.`,
    '',
    'Backwards: how the loss changes with each output, from the last layer to the first.',
    ...layers.toReversed().flatMap(backwards),
    '',
    'Weights: where the gradient is above 0, a larger weight makes the loss larger, so the weight is made smaller.',
    ...(isPlainDescent(step) ? ['Each becomes weight − learning rate · gradient.'] : []),
    ...layers.flatMap(({ weights }) => weights).flatMap(weightLines),
    '',
    `The loss of the same batch is now ${shown(step.lossAfter)}: ${change(step.loss, step.lossAfter)}.`,
  ].join('\n');
}

/** Whether weights were moved by learning rate · gradient and nothing else. */
const isPlainDescent = ({ layers, learningRate }: Omit<StepExplanation, 'toString'>): boolean =>
  layers
    .flatMap(({ weights }) => weights)
    .every(({ before, gradient, after, isTrained }) => {
      if (!isTrained || !gradient) return true;
      const [from, by, to] = [before, gradient, after].map((tensor) => tensor.dataSync());
      return from.every((weight, i) => {
        const step = learningRate * by[i];
        return Math.abs(weight - step - to[i]) <= 1e-6 * (Math.abs(weight) + Math.abs(step));
      });
    });

const titleOf = ({ name, className }: ExplainedLayer): string => `  ${name} (${className})`;

const forwards = (layer: ExplainedLayer): string[] =>
  layer.outputs.flatMap((output) => [`${titleOf(layer)} ${formatShape(output.shape)}`, ...rowsOf(output)]);

const backwards = (layer: ExplainedLayer): string[] =>
  layer.outputGradients.flatMap((gradient) =>
    gradient
      ? [`${titleOf(layer)} ${formatShape(gradient.shape)}`, ...rowsOf(gradient)]
      : [`${titleOf(layer)}: none; the loss is computed of what comes before it`],
  );

function weightLines({ name, before, gradient, after, isTrained }: ExplainedWeight): string[] {
  const title = `  ${name} ${formatShape(before.shape)}`;
  if (!isTrained) return [`${title}: is not trained`];
  if (!gradient) return [`${title}: stays, as the loss does not depend on it`];
  const [from, by, to] = [before, gradient, after].map((tensor) => tensor.dataSync());
  const lines = Array.from({ length: Math.min(maxNumbers, from.length) }, (_, i) => {
    const place = before.rank === 0 ? '' : ` ${formatShape(indexAt(i, before.shape))}`;
    return `   ${place} ${shown(from[i])} → ${shown(to[i])}, gradient ${shown(by[i])}`;
  });
  const more = from.length - lines.length;
  return more > 0 ? [title, ...lines, `    and ${more} more`] : [title, ...lines];
}

/** The first rows of a tensor, a line each. */
function rowsOf(tensor: Tensor): string[] {
  const numbers = tensor.dataSync();
  const [rows = 1] = tensor.shape;
  const width = numbers.length / Math.max(1, rows);
  const lines = Array.from({ length: Math.min(maxRows, rows) }, (_, row) => {
    const cells = Array.from({ length: Math.min(maxColumns, width) }, (_, i) =>
      shown(numbers[row * width + i]),
    );
    return `    ${cells.join('  ')}${width > maxColumns ? '  …' : ''}`;
  });
  return rows > maxRows ? [...lines, `    and ${rows - maxRows} more rows`] : lines;
}

/** Four digits that mean something. */
function shown(value: number): string {
  const isPlain = value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5);
  const text = isPlain ? String(Number(value.toPrecision(4))) : value.toExponential(3);
  return text.replace('-', '−');
}

function change(before: number, after: number): string {
  const share = (after - before) / Math.abs(before);
  const percent = `${Number((100 * Math.abs(share)).toPrecision(3))} %`;
  if (share < 0) return `${percent} less`;
  return share > 0 ? `${percent} more, as the step was too long` : 'as before';
}
