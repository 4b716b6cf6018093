// Every so many elements of an array, forwards or backwards: stridedSlice, reverse, and `spread`, which puts elements
// back at such places among zeros.

import type { KernelOp, Value } from '../graph.ts';
import { formatShape, fromFront, normalizeAxes, type Shape, sameShape } from '../shape.ts';
import type { Axes } from './broadcasting.ts';
import { asWords } from './conversion.ts';
import { copyView, emitView, fill, from, keepsType, slice, whole } from './movement.ts';
import { reshape } from './sources.ts';

/** Elements begin + i·step of each axis. */
interface Places {
  readonly begin: readonly number[];
  readonly steps: readonly number[];
  /** Shape of the result. */
  readonly shape: Shape;
}

/** @internal */
export const strideOps = {
  strided: {
    name: 'strided',
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    dtype: keepsType,
    gradient: (dy, { inputs: [x], attrs: { begin, steps } }) => [spread(dy, begin, steps, x.shape)],
    view: ({ attrs: { begin, steps } }, x) => from(x, begin, steps),
    emit: (node, emitter) => emitView(node, emitter),
  } satisfies KernelOp<Places>,

  spread: {
    name: 'spread',
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    dtype: keepsType,
    gradient: (dy, { inputs: [x], attrs: { begin, steps } }) => [strided(dy, begin, steps, x.shape)],
    emit: (node, emitter) => {
      const { begin, steps } = node.attrs;
      const [x] = node.inputs;
      fill(emitter, node, 0);
      copyView(emitter, x.shape, whole(emitter, x), from(whole(emitter, node), begin, steps));
    },
  } satisfies KernelOp<Places>,
};

/** Element i of the result, an array of `shape`, is x[begin + i·steps]. */
export const strided = (x: Value, begin: readonly number[], steps: readonly number[], shape: Shape): Value =>
  steps.every((step, axis) => step === 1 || shape[axis] <= 1)
    ? slice(x, begin, shape)
    : x.graph.add(strideOps.strided, [asWords(x)], { begin, steps, shape });

/** Zeros of `shape`, in which element begin + i·steps is x[i]. */
export function spread(x: Value, begin: readonly number[], steps: readonly number[], shape: Shape): Value {
  // Where no place is left for zeros, axes are at most turned: that undoes itself.
  if (sameShape(x.shape, shape)) return strided(x, begin, steps, shape);
  return x.graph.add(strideOps.spread, [asWords(x)], { begin, steps, shape });
}

/** x with the elements along axes, all by default, from last to first. */
export function reverse(x: Value, axes?: Axes): Value {
  const turned = new Set(normalizeAxes('reverse', axes, x.rank));
  if (x.size === 0) return x;
  const begin = x.shape.map((size, axis) => (turned.has(axis) ? size - 1 : 0));
  return strided(
    x,
    begin,
    x.shape.map((_, axis) => (turned.has(axis) ? -1 : 1)),
    x.shape,
  );
}

/** Bit masks as TensorFlow has them: bit i is about entry i of begin, end and strides. */
interface StridedSliceMasks {
  /** Entries whose beginning is the axis's own. */
  readonly beginMask?: number;
  /** Entries whose end is the axis's own. */
  readonly endMask?: number;
  /** The one entry that stands for as many whole axes as are left. */
  readonly ellipsisMask?: number;
  /** Entries that are new axes of size 1. */
  readonly newAxisMask?: number;
  /** Entries that take one element and whose axis goes. */
  readonly shrinkAxisMask?: number;
}

/**
 * Elements from `begin` to before `end` of each axis, every `strides`-th, 1 by default; negative places count from the
 * end, negative strides go backwards.
 * @throws LanegradError for a stride of 0, for a beginning without an end where no mask gives one, or more entries than
 * there are axes.
 */
export function stridedSlice(
  x: Value,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[] = [],
  masks: StridedSliceMasks = {},
): Value {
  const { newAxisMask = 0, ellipsisMask = 0, endMask = 0, shrinkAxisMask = 0 } = masks;
  const steps = begin.map((_, i) => strides[i] ?? 1);
  const taking = begin.filter((_, i) => !has(newAxisMask | ellipsisMask, i)).length;
  const endless = newAxisMask | ellipsisMask | endMask | shrinkAxisMask;
  const lacksEnd = begin.some((_, i) => end[i] === undefined && !has(endless, i));
  if (taking > x.rank || lacksEnd || strides.includes(0)) {
    throw x.graph.error(
      `stridedSlice: ${formatShape(begin)} to ${formatShape(end)} by ${formatShape(steps)} does not fit ` +
        `${formatShape(x.shape)}; expected at most ${x.rank} entries, an end for each, and strides other than 0.`,
    );
  }
  const axes = [...slicedAxes(x, begin, end, steps, masks, x.rank - taking)];
  const ranges = axes.flatMap(({ range }) => range ?? []);
  const part = strided(
    x,
    ranges.map(({ first }) => first),
    ranges.map(({ step }) => step),
    ranges.map(({ size }) => size),
  );
  return reshape(
    part,
    axes.flatMap(({ size }) => size ?? []),
  );
}

const has = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

/** What is taken of an axis of the array, and what is its size in the result. */
interface SlicedAxis {
  /** Undefined for a new axis. */
  readonly range?: Range;
  /** Undefined for an axis that goes. */
  readonly size?: number;
}

interface Range {
  readonly first: number;
  readonly step: number;
  readonly size: number;
}

/** @param left how many axes an ellipsis stands for */
function* slicedAxes(
  { graph, shape }: Value,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  { beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkAxisMask = 0 }: StridedSliceMasks,
  left: number,
): Generator<SlicedAxis> {
  const sizes = [...shape];
  const whole = (size: number): SlicedAxis => ({ range: { first: 0, step: 1, size }, size });
  for (const i of begin.keys()) {
    if (has(ellipsisMask, i)) yield* sizes.splice(0, left).map(whole);
    else if (has(newAxisMask, i)) yield { size: 1 };
    else if (has(shrinkAxisMask, i)) {
      const size = sizes.shift()!;
      const first = begin[i] < 0 ? begin[i] + size : begin[i];
      if (first < 0 || first >= size)
        throw graph.error(`stridedSlice: there is no element ${begin[i]} of an axis of ${size}.`);
      yield { range: { first, step: 1, size: 1 } };
    } else {
      const [from, to] = [has(beginMask, i) ? undefined : begin[i], has(endMask, i) ? undefined : end[i]];
      const range = rangeOf(sizes.shift()!, from, to, strides[i]);
      yield { range, size: range.size };
    }
  }
  yield* sizes.map(whole);
}

/** What is taken of an axis of `size`; an undefined place is the axis's own. */
function rangeOf(size: number, begin: number | undefined, end: number | undefined, step: number): Range {
  const isForwards = step > 0;
  const [min, max] = isForwards ? [0, size] : [-1, size - 1];
  const place = (index: number | undefined, own: number) => {
    if (index === undefined) return own;
    return Math.min(Math.max(fromFront(index, size), min), max);
  };
  const first = place(begin, isForwards ? min : max);
  const past = place(end, isForwards ? max : min);
  const taken = Math.ceil((past - first) / step);
  // What takes nothing may begin before the first element.
  return taken > 0 ? { first, step, size: taken } : { first: 0, step: 1, size: 0 };
}
