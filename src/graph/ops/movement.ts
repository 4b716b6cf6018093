// Ops that move elements and compute nothing: one strided copy, seen in different ways.

import { CopyAxisWord, CopyWord, FillWord, Opcode } from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { DType, Emitter, KernelOp, Op, Value, View } from '../graph.ts';
import { formatShape, normalizeAxis, placeAt, type Shape, sameShape, sizeOf, stridesOf } from '../shape.ts';
import { elementWord, wordsOf } from '../words.ts';
import { alike, asWords } from './conversion.ts';

export interface Permutation {
  readonly permutation: readonly number[];
}

interface Box {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

export interface Padding {
  readonly before: readonly number[];
  readonly shape: Shape;
  /** What surrounds the values. */
  readonly value: number;
}

interface Axis {
  readonly axis: number;
}

/** What a part of an array is, whether it is copied or read where it is. */
const part = {
  shape: (_, { size }) => size,
  dtype: keepsType,
  view: ({ attrs: { begin } }, x) => from(x, begin),
  gradient: (dy, { inputs: [x], attrs: { begin } }) => [
    pad(
      dy,
      begin.map((before, axis) => [before, x.shape[axis] - before - dy.shape[axis]] as const),
    ),
  ],
} satisfies Partial<Op<Box>>;

/** Moved elements keep their type. */
export function keepsType([x]: readonly Value[]): DType {
  return x.dtype;
}

/** Copies what lies as one view says to where another does. */
export function copyView(emitter: Emitter, shape: Shape, source: View, target: View): void {
  const last = shape.length - 1;
  const axes = shape.slice(0, Math.max(last, 0)).flatMap((size, axis) => {
    const [sourceStep, targetStep] = [source, target].map(({ strides }) => strides[axis] * floatBytes);
    return wordsOf<CopyAxisWord>({
      [CopyAxisWord.size]: size,
      [CopyAxisWord.sourceStep]: sourceStep,
      [CopyAxisWord.targetStep]: targetStep,
    });
  });
  emitter.command(Opcode.copy, {
    [CopyWord.source]: source.address,
    [CopyWord.target]: target.address,
    [CopyWord.axes]: emitter.table(axes),
    [CopyWord.axisCount]: Math.max(last, 0),
    [CopyWord.rows]: sizeOf(shape.slice(0, Math.max(last, 0))),
    [CopyWord.size]: shape[last] ?? 1,
    [CopyWord.sourceStep]: (source.strides[last] ?? 1) * floatBytes,
    [CopyWord.targetStep]: (target.strides[last] ?? 1) * floatBytes,
  });
}

export const whole = (emitter: Emitter, value: Value): View => ({
  address: emitter.address(value),
  strides: stridesOf(value.shape),
});

/** The part of a view that begins at index `begin`; of every axis each `steps`-th element, all by default. */
export const from = (view: View, begin: readonly number[], steps?: readonly number[]): View => ({
  address: view.address + floatBytes * placeAt(begin, view.strides),
  strides: view.strides.map((stride, axis) => stride * (steps?.[axis] ?? 1)),
});

/** The commands of kernels that copy their input as they view it. */
export function emitView<A extends object>(node: Value<A>, emitter: Emitter): void {
  const { view } = node.op as Required<KernelOp<A>>;
  copyView(emitter, node.shape, view(node, whole(emitter, node.inputs[0])), whole(emitter, node));
}

/** Fills a value's array with a number of its type. */
export function fill(emitter: Emitter, value: Value, number: number): void {
  emitter.command(Opcode.fill, {
    [FillWord.target]: emitter.address(value),
    [FillWord.words]: value.size,
    [FillWord.value]: elementWord(value, number),
  });
}

/** @internal */
export const movementOps = {
  transpose: {
    name: 'transpose',
    kind: 'kernel',
    shape: ([x], { permutation }) => permutation.map((axis) => x.shape[axis]),
    dtype: keepsType,
    gradient: (dy, { attrs: { permutation } }) => [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ],
    view: ({ attrs: { permutation } }, { address, strides }) => ({
      address,
      strides: permutation.map((axis) => strides[axis]),
    }),
    emit: (node, emitter) => emitView(node, emitter),
  } satisfies Op<Permutation>,

  slice: {
    ...part,
    name: 'slice',
    kind: 'kernel',
    emit: (node, emitter) => emitView(node, emitter),
  } satisfies Op<Box>,

  /** A slice whose elements are neighbours: it is no copy. */
  view: {
    ...part,
    name: 'view',
    kind: 'alias',
    offset: ({ inputs: [x], attrs: { begin } }) => placeAt(begin, stridesOf(x.shape)),
  } satisfies Op<Box>,

  pad: {
    name: 'pad',
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    dtype: keepsType,
    gradient: (dy, { inputs: [x], attrs: { before } }) => [slice(dy, before, x.shape)],
    emit: (node, emitter) => {
      const [x] = node.inputs;
      fill(emitter, node, node.attrs.value);
      const target = from(whole(emitter, node), node.attrs.before);
      copyView(emitter, x.shape, whole(emitter, x), target);
    },
  } satisfies Op<Padding>,

  concat: {
    name: 'concat',
    kind: 'kernel',
    dtype: keepsType,
    shape: (inputs, { axis }) => {
      const shape = [...inputs[0].shape];
      for (const { graph, shape: other } of inputs.slice(1)) {
        if (other.length !== shape.length || other.some((size, i) => i !== axis && size !== shape[i])) {
          throw graph.error(
            `concat: shapes ${inputs.map((x) => formatShape(x.shape)).join(', ')} differ outside axis ${axis}.`,
          );
        }
        shape[axis] += other[axis];
      }
      return shape;
    },
    gradient: (dy, { inputs, attrs: { axis } }) =>
      partOffsets(inputs, axis).map((begin, i) => slice(dy, begin, inputs[i].shape)),
    emit: (node, emitter) => {
      const offsets = partOffsets(node.inputs, node.attrs.axis);
      for (const [i, part] of node.inputs.entries()) {
        const target = from(whole(emitter, node), offsets[i]);
        copyView(emitter, part.shape, whole(emitter, part), target);
      }
    },
  } satisfies Op<Axis>,
};

/** Where each part of a concatenation begins. */
function partOffsets(parts: readonly Value[], axis: number): number[][] {
  let offset = 0;
  return parts.map((part) => {
    const begin = part.shape.map((_, i) => (i === axis ? offset : 0));
    offset += part.shape[axis];
    return begin;
  });
}

/** Reorders axes: axis i of the result is axis `permutation[i]` of x. Reversed by default. */
export function transpose(x: Value, permutation?: readonly number[]): Value {
  const axes = (permutation ?? x.shape.map((_, i) => x.rank - 1 - i)).map((a) =>
    normalizeAxis('transpose', a, x.rank),
  );
  if (axes.length !== x.rank || new Set(axes).size !== x.rank) {
    throw x.graph.error(
      `transpose: ${formatShape(axes)} is no permutation of the ${x.rank} axes of ${formatShape(x.shape)}.`,
    );
  }
  if (axes.every((axis, i) => axis === i)) return asWords(x);
  return x.graph.add(movementOps.transpose, [asWords(x)], { permutation: axes });
}

/** The box of `size` that begins at `begin`; a size of −1 goes to the end. */
export function slice(x: Value, begin: readonly number[], size: readonly number[]): Value {
  const sizes = x.shape.map((all, axis) =>
    (size[axis] ?? -1) === -1 ? all - (begin[axis] ?? 0) : size[axis],
  );
  const begins = x.shape.map((_, axis) => begin[axis] ?? 0);
  const isBox = begins.every(
    (b, axis) => isCount(b) && isCount(sizes[axis]) && b + sizes[axis] <= x.shape[axis],
  );
  if (!isBox) {
    throw x.graph.error(
      `slice: from ${formatShape(begins)} with size ${formatShape(sizes)} leaves ${formatShape(x.shape)}.`,
    );
  }
  if (sameShape(sizes, x.shape)) return x;
  const attrs = { begin: begins, size: sizes };
  if (areNeighbours(sizes, x.shape)) return x.graph.add(movementOps.view, [x], attrs);
  return x.graph.add(movementOps.slice, [asWords(x)], attrs);
}

const isCount = (count: number) => Number.isInteger(count) && count >= 0;

/** Whether the elements of a box lie side by side: below its first axis of several it spans all. */
function areNeighbours(size: Shape, whole: Shape): boolean {
  const first = size.findIndex((count) => count > 1);
  return first < 0 || sameShape(size.slice(first + 1), whole.slice(first + 1));
}

/** Surrounds x with a number, 0 by default: `[before, after]` for each axis. */
export function pad(x: Value, paddings: readonly (readonly [number, number])[], value = 0): Value {
  if (paddings.length !== x.rank || !paddings.every((pair) => pair.length === 2 && pair.every(isCount))) {
    throw x.graph.error(
      `pad: takes two non-negative integers for each axis of ${formatShape(x.shape)}; got ${JSON.stringify(paddings)}.`,
    );
  }
  const before = paddings.map(([count]) => count);
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  if (sameShape(shape, x.shape)) return x;
  return x.graph.add(movementOps.pad, [asWords(x)], { before, shape, value });
}

/** Joins values along an axis, −1 by default. */
export function concat(values: readonly Value[], axis = -1): Value {
  const [first] = values;
  if (values.length === 1) return first;
  return first.graph.add(movementOps.concat, alike(values), {
    axis: normalizeAxis('concat', axis, first.rank),
  });
}
