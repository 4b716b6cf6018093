// What samples count for, or the steps of each: by themselves, and by their classes.

import { isPlain, LanegradError, shown } from '../errors.ts';
import { formatShape, type Shape, sameShape, sizeOf } from '../graph/shape.ts';
import type { ModelShape } from '../layers/base/symbolic.ts';
import { anything, finite, listOf, recordOf } from '../options/kinds.ts';
import { type Kind, type OptionsOf, optional } from '../options/option.ts';
import type { TypedArray } from '../tensor/data-type.ts';
import { requireOutputs } from './compiled.ts';
import { type Data, type DataList, Feed, listData, readTarget } from './feed.ts';

/** Weights by class number. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Weights by class number, by the name of an output; null where all classes of an output count the same. */
export type ClassWeightMap = Readonly<Record<string, ClassWeight | null>>;

type ClassWeights = ClassWeight | readonly (ClassWeight | null)[] | ClassWeightMap;

const classesByName = /* @__PURE__ */ recordOf(finite, 'numbers');
const classesInOrder = /* @__PURE__ */ listOf(finite, 'numbers');
const byClass: Kind<ClassWeight | null, ClassWeight> = {
  expected: 'numbers',
  read: (given) => (given === null ? {} : (classesByName.read(given) ?? classesInOrder.read(given))),
};
const byOutput = /* @__PURE__ */ recordOf(byClass, 'numbers');
const inOrder = /* @__PURE__ */ listOf(byClass, 'numbers');
const classWeights: Kind<ClassWeights> = {
  expected: 'an object with a number for each class; or such objects, in a list or by the names of outputs',
  read(given) {
    if (!isPlain(given) && !Array.isArray(given)) return undefined;
    return (byClass.read(given) ?? byOutput.read(given) ?? inOrder.read(given)) && (given as ClassWeights);
  },
};

/** Options of what samples count for. */
export const weightOptions = {
  /** What a sample of each class counts for, or a step where each has a class; classes that are not named count 1. */
  classWeight: optional(classWeights),
  /** What each sample counts for, [samples], or each of its steps, [samples, time]. */
  sampleWeight: optional(anything<DataList>('a number for each sample')),
};

export interface SampleWeightOptions extends OptionsOf<typeof weightOptions> {}

/** The outputs that samples are weighted for: names, shapes with the batch, and targets, in one order. */
interface Weighted {
  readonly names: readonly string[];
  readonly shapes: readonly ModelShape[];
  readonly targets: readonly Feed[];
}

/**
 * What samples count for at each output; undefined where all count the same.
 * @param where the method, for errors
 * @throws LanegradError for weights that do not fit the samples, or are for no output.
 */
export function sampleWeights(
  where: string,
  { sampleWeight, classWeight }: SampleWeightOptions,
  { names, shapes, targets }: Weighted,
): (Feed | undefined)[] {
  const bySample = sampleWeight ? listData(`${where}: sampleWeight`, sampleWeight, names) : undefined;
  return targets.map((target, i) => {
    const steps = target.sampleShape.slice(0, Math.max(0, shapes[i].length - 2));
    const own = bySample && readSampleWeight(`${where}: sampleWeight`, bySample[i], target.samples, steps);
    const classes = classWeight && classWeightOf(classWeight, names, i);
    return classes ? weightClasses(target, steps, classes, own) : own;
  });
}

function classWeightOf(
  given: NonNullable<SampleWeightOptions['classWeight']>,
  names: readonly string[],
  index: number,
): ClassWeight | undefined {
  const isByClass = typeof Object.values(given)[0] !== 'object';
  if (isByClass && names.length === 1) return given as ClassWeight;
  if (isByClass || (Array.isArray(given) && given.length !== names.length)) {
    throw new LanegradError(
      `classWeight must be objects for ${names.length} outputs, in a list or by the names ${names.join(', ')}; got ${shown(given)}.`,
    );
  }
  if (Array.isArray(given)) return given[index] ?? undefined;
  requireOutputs('classWeight', given, names);
  return (given as ClassWeightMap)[names[index]] ?? undefined;
}

/**
 * What samples count for, or their steps.
 * @throws LanegradError unless there is a finite number for each.
 */
function readSampleWeight(where: string, data: Data, count: number, steps: Shape): Feed {
  const given = readTarget(where, data, count, [null]);
  const isBySample = given.sampleSize === 1;
  if (given.samples !== count || !(isBySample || sameShape(given.sampleShape, steps))) {
    const orSteps = steps.length > 0 ? ', or for each of their steps' : '';
    throw new LanegradError(
      `${where} must hold a number for each of ${count} samples${orSteps}; got ${formatShape([given.samples, ...given.sampleShape])}.`,
    );
  }
  given.checkFinite(where);
  return new Feed(Float32Array.from(given.data), isBySample ? [] : steps, 'float32', count);
}

const placeOfLargest = (row: TypedArray): number =>
  (row as Float32Array).reduce((place, value, i) => (value > row[place] ? i : place), 0);

/**
 * The weight of each label's class: a label is a number, or the place of the largest of a one-hot row.
 * @param steps how many labels a sample has along each axis; none where it has one
 * @param own what samples, or steps, count for beside
 */
function weightClasses(target: Feed, steps: Shape, classes: ClassWeight, own: Feed | undefined): Feed {
  const { data, samples, sampleSize } = target;
  const labels = sizeOf(steps);
  const width = sampleSize / labels;
  const values = Float32Array.from({ length: samples * labels }, (_, i) => {
    const row = data.subarray(i * width, (i + 1) * width);
    const label = width > 1 ? placeOfLargest(row) : row[0];
    const factor = own ? own.data[own.sampleSize === 1 ? Math.floor(i / labels) : i] : 1;
    return factor * (classes[label] ?? 1);
  });
  return new Feed(values, steps, 'float32', samples);
}
