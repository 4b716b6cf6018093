// What programs that are drawn are made of: how each operation is drawn, called, and computed in plain loops. All are smooth,
// so that differences tell their gradients.

import * as tf from '../../../src/index.ts';
import type { Dice } from '../../dice.ts';
import { at, broadcast, type Doubles, filled, lanes, lines, sizeOf, without } from './arrays.ts';

type Shape = readonly number[];
type Index = readonly number[];

/** One operation on arrays; `P` is what is drawn beside them. */
export interface Operation<P = unknown> {
  readonly arity: 1 | 2;
  /** Undefined where operands of these shapes do not fit. */
  draw(dice: Dice, shapes: readonly Shape[]): P | undefined;
  call(x: tf.Tensor, y: tf.Tensor, drawn: P): tf.Tensor;
  plain(arrays: readonly Doubles[], drawn: P): Doubles;
}

const operation = <P>(given: Operation<P>): Operation => given as Operation;

const lane = (call: (x: tf.Tensor) => tf.Tensor, apply: (x: number) => number): Operation =>
  operation({ arity: 1, draw: () => true, call, plain: lanes(apply) });

const pair = (
  call: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
  apply: (x: number, y: number) => number,
): Operation => operation({ arity: 2, draw: (_, [a, b]) => broadcast(a, b), call, plain: lanes(apply) });

const reduction = (
  call: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor,
  apply: (line: number[]) => number,
): Operation =>
  operation({
    arity: 1,
    draw: (dice, [shape]) => {
      const axes = [...shape.keys()].filter(() => dice.chance(0.5));
      return axes.length > 0 ? { axes, keepDims: dice.chance(0.5) } : undefined;
    },
    call: (x, _, { axes, keepDims }) => call(x, axes, keepDims),
    plain: ([x], { axes, keepDims }) => {
      const left = lines(x, axes, apply);
      return keepDims ? left : without(left, axes);
    },
  });

const total = (line: readonly number[]): number => line.reduce((a, b) => a + b, 0);
const mean = (line: readonly number[]): number => total(line) / line.length;
const largest = (line: readonly number[]): number => Math.max(...line);
const logTotal = (line: readonly number[]): number =>
  largest(line) + Math.log(total(line.map((x) => Math.exp(x - largest(line)))));

/** An operation that only moves elements: where each of the result comes from, undefined for a zero. */
const movement = <P extends { readonly shape: Shape }>(
  draw: (dice: Dice, shape: Shape) => P | undefined,
  call: (x: tf.Tensor, drawn: P) => tf.Tensor,
  source: (index: Index, drawn: P, shape: Shape) => Index | undefined,
): Operation =>
  operation<P>({
    arity: 1,
    draw: (dice, [shape]) => draw(dice, shape),
    call: (x, _, drawn) => call(x, drawn),
    plain: ([x], drawn) =>
      filled(drawn.shape, (index) => {
        const place = source(index, drawn, x.shape);
        return place ? at(x, place) : 0;
      }),
  });

const permutation = movement(
  (dice, shape) => {
    const order = dice.shuffled([...shape.keys()]);
    return shape.length > 1 ? { order, shape: order.map((axis) => shape[axis]) } : undefined;
  },
  (x, { order }) => x.transpose(order),
  (index, { order }) => order.map((_, axis) => index[order.indexOf(axis)]),
);

const part = movement(
  (dice, shape) => {
    const begin = shape.map((size) => dice.below(size));
    const left = shape.map((size, axis) => 1 + dice.below(size - begin[axis]));
    return shape.length > 0 ? { begin, shape: left } : undefined;
  },
  (x, { begin, shape }) => x.slice(begin, [...shape]),
  (index, { begin }) => index.map((i, axis) => i + begin[axis]),
);

const padding = movement(
  (dice, shape) => {
    const margins = shape.map((): [number, number] => [dice.below(3), dice.below(3)]);
    return { margins, shape: shape.map((size, axis) => size + margins[axis][0] + margins[axis][1]) };
  },
  (x, { margins }) => x.pad(margins),
  (index, { margins }, shape) => {
    const place = index.map((i, axis) => i - margins[axis][0]);
    return place.every((i, axis) => i >= 0 && i < shape[axis]) ? place : undefined;
  },
);

const reversal = movement(
  (dice, shape) => (shape.length > 0 ? { axis: dice.below(shape.length), shape } : undefined),
  (x, { axis }) => x.reverse(axis),
  (index, drawn) => index.map((i, axis) => (axis === drawn.axis ? drawn.shape[axis] - 1 - i : i)),
);

const repetition = movement(
  (dice, shape) => {
    const times = shape.map(() => 1 + dice.below(2));
    return { times, shape: shape.map((size, axis) => size * times[axis]) };
  },
  (x, { times }) => x.tile(times),
  (index, _, shape) => index.map((i, axis) => i % shape[axis]),
);

const gathering = movement(
  (dice, [rows, ...rest]) => {
    const indices = Array.from({ length: 1 + dice.below(5) }, () => dice.below(rows));
    return rows ? { indices, shape: [indices.length, ...rest] } : undefined;
  },
  (x, { indices }) => x.gather(tf.tensor1d(indices, 'int32')),
  ([first, ...rest], { indices }) => [indices[first], ...rest],
);

const otherShape = operation<number[]>({
  arity: 1,
  draw: (dice, [shape]) => {
    const size = sizeOf(shape);
    const rows = dice.among([1, 2, 3, 4, 6, 8].filter((each) => size % each === 0));
    return dice.chance(0.3) ? [size] : [rows, size / rows];
  },
  call: (x, _, shape) => x.reshape(shape),
  plain: ([{ data }], shape) => ({ shape, data }),
});

const joining = operation<{ axis: number }>({
  arity: 2,
  draw: (_, [a, b]) => {
    const differs = a.map((size, axis) => (size === b[axis] ? -1 : axis)).filter((axis) => axis >= 0);
    const fits = a.length === b.length && a.length > 0 && differs.length < 2;
    return fits ? { axis: differs[0] ?? 0 } : undefined;
  },
  call: (x, y, { axis }) => tf.concat([x, y], axis),
  plain: ([x, y], { axis }) =>
    filled(
      x.shape.map((size, a) => (a === axis ? size + y.shape[a] : size)),
      (index) => {
        const beyond = index[axis] - x.shape[axis];
        return beyond < 0
          ? at(x, index)
          : at(
              y,
              index.map((i, a) => (a === axis ? beyond : i)),
            );
      },
    ),
});

const product = operation<{ a: boolean; b: boolean }>({
  arity: 2,
  draw: (dice, [a, b]) => {
    const ways = [false, true].flatMap((first) => [false, true].map((second) => ({ a: first, b: second })));
    const fits = ways.filter((way) => a[way.a ? 0 : 1] === b[way.b ? 1 : 0]);
    return a.length === 2 && b.length === 2 && fits.length > 0 ? dice.among(fits) : undefined;
  },
  call: (x, y, { a, b }) => x.matMul(y, a, b),
  plain: ([x, y], { a, b }) => {
    const depth = x.shape[a ? 0 : 1];
    return filled([x.shape[a ? 1 : 0], y.shape[b ? 0 : 1]], ([i, j]) =>
      total(Array.from({ length: depth }, (_, k) => at(x, a ? [k, i] : [i, k]) * at(y, b ? [j, k] : [k, j]))),
    );
  },
});

const softmax = operation<true>({
  arity: 1,
  draw: (_, [shape]) => (shape.length > 0 ? true : undefined),
  call: (x) => x.softmax(),
  plain: ([x]) => lanes((a, b) => Math.exp(a - b))([x, lines(x, [x.shape.length - 1], logTotal)]),
});

const runningSum = operation<{ axis: number; exclusive: boolean; reverse: boolean }>({
  arity: 1,
  draw: (dice, [{ length }]) =>
    length > 0
      ? { axis: dice.below(length), exclusive: dice.chance(0.5), reverse: dice.chance(0.5) }
      : undefined,
  call: (x, _, { axis, exclusive, reverse }) => x.cumsum(axis, exclusive, reverse),
  plain: ([x], { axis, exclusive, reverse }) =>
    filled(x.shape, (index) => {
      const counts = (i: number) =>
        (reverse ? i > index[axis] : i < index[axis]) || (!exclusive && i === index[axis]);
      const along = [...Array(x.shape[axis]).keys()].filter(counts);
      return total(
        along.map((i) =>
          at(
            x,
            index.map((own, a) => (a === axis ? i : own)),
          ),
        ),
      );
    }),
});

/** Images of a height, rows and channels as rank 3, seen as one image of a batch of one. */
const convolution = operation<{ stride: number; size: number }>({
  arity: 2,
  draw: (dice, [image, filters]) => {
    const size = dice.below(2) + 1;
    const channels = image[2];
    const fits = image.length === 3 && image[0] >= size && image[1] >= size;
    const isFilter = filters.length === 2 && filters[0] === size * size * channels;
    return fits && isFilter ? { size, stride: 1 + dice.below(2) } : undefined;
  },
  call: (x, y, { size, stride }) =>
    tf
      .conv2d(
        x.expandDims(0) as tf.Tensor4D,
        y.reshape([size, size, x.shape[2], y.shape[1]]) as tf.Tensor4D,
        stride,
        'valid',
      )
      .squeeze([0]),
  plain: ([x, y], { size, stride }) => {
    const [height, width] = [0, 1].map((axis) => Math.floor((x.shape[axis] - size) / stride) + 1);
    const channels = x.shape[2];
    return filled([height, width, y.shape[1]], ([row, column, output]) =>
      total(
        Array.from({ length: y.shape[0] }, (_, k) => {
          const [tap, channel] = [Math.floor(k / channels), k % channels];
          const place = [row * stride + Math.floor(tap / size), column * stride + (tap % size), channel];
          return at(x, place) * at(y, [k, output]);
        }),
      ),
    );
  },
});

export const operations: readonly Operation[] = [
  lane(tf.neg, (x) => -x),
  lane(tf.tanh, Math.tanh),
  lane(tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  lane(tf.softplus, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  lane(tf.sin, Math.sin),
  lane(
    (x) => x.mul(0.75),
    (x) => 0.75 * x,
  ),
  lane(
    (x) => tf.scalar(0.5).sub(x),
    (x) => 0.5 - x,
  ),
  pair(tf.add, (x, y) => x + y),
  pair(tf.sub, (x, y) => x - y),
  pair(tf.mul, (x, y) => x * y),
  pair(tf.squaredDifference, (x, y) => (x - y) ** 2),
  reduction(tf.sum, total),
  reduction(tf.mean, mean),
  reduction(tf.logSumExp, logTotal),
  reduction(
    (x, axes, keepDims) => tf.moments(x, axes, keepDims).variance,
    (line) => mean(line.map((x) => (x - mean(line)) ** 2)),
  ),
  ...[permutation, part, padding, reversal, repetition, gathering, otherShape, joining],
  ...[product, product, softmax, runningSum, convolution, convolution],
];
