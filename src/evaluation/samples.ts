// Labels, predictions and weights of samples, as evaluations read them.

import { LanegradError } from '../errors.ts';
import { formatShape } from '../graph/shape.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';

/** Numbers in rows: one for each sample, and so many to a row. */
export interface Rows {
  readonly data: ArrayLike<number>;
  readonly samples: number;
  readonly width: number;
}

/**
 * Numbers [samples], or rows of them [samples, width].
 * @throws LanegradError for other shapes, for NaN, and where there are none.
 */
export function rowsOf(where: string, argument: string, given: TensorArgument): Rows {
  const tensor = toTensor(where, argument, given);
  const [samples = 0, width = 1] = tensor.shape;
  if (tensor.rank === 0 || tensor.rank > 2) {
    throw new LanegradError(
      `${where}: ${argument} must have shape [samples] or [samples,n]; got ${formatShape(tensor.shape)}.`,
    );
  }
  const data = tensor.computed();
  if (data.length === 0) throw new LanegradError(`${where}: ${argument} holds no samples.`);
  const unknown = data.findIndex(Number.isNaN);
  if (unknown >= 0) {
    throw new LanegradError(`${where}: ${argument} is NaN for sample ${Math.floor(unknown / width)}.`);
  }
  return { data, samples, width };
}

/** Labels and predictions. @throws LanegradError unless they are of as many samples. */
export function pairOf(
  where: string,
  yTrue: TensorArgument,
  yPred: TensorArgument,
): { readonly labels: Rows; readonly predictions: Rows } {
  const labels = rowsOf(where, 'yTrue', yTrue);
  const predictions = rowsOf(where, 'yPred', yPred);
  if (labels.samples === predictions.samples) return { labels, predictions };
  throw new LanegradError(`${where}: ${labels.samples} labels for ${predictions.samples} predictions.`);
}

/** What each sample counts for: 1 where nobody says. @throws LanegradError unless there is one for each, 0 or more. */
export function weightsOf(
  where: string,
  given: TensorArgument | undefined,
  samples: number,
): ArrayLike<number> {
  if (given === undefined) return new Float64Array(samples).fill(1);
  const { data } = rowsOf(where, 'sampleWeight', given);
  const least = Array.from(data).reduce((a, b) => Math.min(a, b));
  if (data.length === samples && least >= 0) return data;
  const got = least < 0 ? `one of ${least}` : String(data.length);
  throw new LanegradError(`${where}: sampleWeight must be ${samples} numbers, 0 or more; got ${got}.`);
}

/** Whether each sample is positive, and the score that says so. */
interface Scored {
  readonly isPositive: readonly boolean[];
  readonly scores: readonly number[];
}

/**
 * Labels and scores of one question: that of a single output, or whether a sample is of one class of several.
 * @param positiveClass of several; of a single output the label that is positive, by default those above ½
 * @throws LanegradError where there are several classes and nobody says which is meant.
 */
export function scoredOf(
  where: string,
  yTrue: TensorArgument,
  yPred: TensorArgument,
  positiveClass: number | undefined,
): Scored {
  const { labels, predictions } = pairOf(where, yTrue, yPred);
  const { samples, width } = predictions;
  if (width > 1 && !(positiveClass !== undefined && positiveClass < width)) {
    throw new LanegradError(
      `${where}: yPred has a score for each of ${width} classes. Say which is meant: { positiveClass: 0 } to { positiveClass: ${width - 1} }.`,
    );
  }
  const column = width > 1 ? positiveClass! : 0;
  const classes = classNumbers(labels);
  return {
    isPositive: classes.map((label) => (positiveClass === undefined ? label > 0.5 : label === positiveClass)),
    scores: Array.from({ length: samples }, (_, i) => predictions.data[i * width + column]),
  };
}

/** Classes as numbers: of rows the place of the largest, the first of equals. */
export function classNumbers({ data, samples, width }: Rows): number[] {
  return Array.from({ length: samples }, (_, i) => {
    if (width === 1) return data[i];
    let largest = 0;
    for (let j = 1; j < width; j++) if (data[i * width + j] > data[i * width + largest]) largest = j;
    return largest;
  });
}
