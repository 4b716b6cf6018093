// Reductions of what was moved read the array that it was moved from, along one run of its memory after the other.

import { floatBytes } from '../../bytes.ts';
import type { KernelOp, Value, View } from '../../graph/graph.ts';
import { broadcastingOps } from '../../graph/ops/broadcasting.ts';
import { type AxisRun, withoutRun } from '../../graph/ops/lines.ts';
import { transpose } from '../../graph/ops/movement.ts';
import { reductionOps } from '../../graph/ops/reductions.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { type Shape, sizeOf, stridesOf } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';
import { inOrigin, runsOf } from './views.ts';

/** An axis of what is reduced, as it lies in memory. */
interface MemoryAxis {
  /** Its number among the axes of what is reduced. */
  readonly axis: number;
  readonly isReduced: boolean;
  readonly size: number;
  /** Elements from one index to the next. */
  readonly stride: number;
}

/** What a pass over an array reduces, and the axes that it leaves. */
interface Pass {
  readonly run: AxisRun;
  readonly left: readonly MemoryAxis[];
}

/**
 * The reduction of a value from the array that it was moved from; undefined where no kernel goes through that.
 * @param reduce what reduces an array
 * @param isInOnePass whether it must all be done at once
 */
export function reduceInOrigin(
  x: Value,
  run: AxisRun,
  reduce: (source: Value, run: AxisRun) => Value,
  isInOnePass: boolean,
): Value | undefined {
  if (run.moved) return undefined;
  return inOrigin(x, (source, view) => {
    let pass = passOver(memoryAxes(x.shape, run, view), view.address);
    if (!pass || (isInOnePass && isReducedFurther(pass))) return undefined;
    let value = reduce(source, pass.run);
    while (isReducedFurther(pass)) {
      pass = passOver(pass.left, 0)!;
      value = reduce(value, pass.run);
    }
    return reshape(inOrder(value, pass), withoutRun([x], run));
  });
}

const isReducedFurther = ({ left }: Pass): boolean => left.some(({ isReduced }) => isReduced);

/** The axes along which a value has more than one element, those of the longest strides first. */
const memoryAxes = (shape: Shape, { first, end }: AxisRun, { strides }: View): MemoryAxis[] =>
  shape
    .map((size, axis) => ({ axis, isReduced: axis >= first && axis < end, size, stride: strides[axis] }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => b.stride - a.stride);

/**
 * The pass that reduces the last run of axes that are to be reduced.
 * @param offset bytes before the first element
 */
function passOver(axes: readonly MemoryAxis[], offset: number): Pass | undefined {
  const end = axes.findLastIndex(({ isReduced }) => isReduced) + 1;
  let first = end - 1;
  while (axes[first - 1]?.isReduced && isOneRun(axes.slice(first - 1, end))) first--;
  const [before, along, behind] = [axes.slice(0, first), axes.slice(first, end), axes.slice(end)];
  const isSteady = end > 0 && axes.at(-1)!.stride === 1 && isOneRun(before) && isOneRun(behind);
  if (!isSteady) return undefined;
  const left = [...before, ...behind];
  const shape = left.map(({ size }) => size);
  const lines = {
    outer: countOf(before),
    length: countOf(along),
    inner: countOf(behind),
    offset,
    group: strideOf(before) * floatBytes,
    row: strideOf(along) * floatBytes,
  };
  const strides = stridesOf(shape);
  return {
    run: { first: 0, end: 0, moved: { lines, shape } },
    left: left.map((each, i) => ({ ...each, stride: strides[i] })),
  };
}

const isOneRun = (axes: readonly MemoryAxis[]): boolean =>
  runsOf(axes.map(({ size, stride }) => [size, stride])).length <= 1;

const countOf = (axes: readonly MemoryAxis[]): number => sizeOf(axes.map(({ size }) => size));

/** Of a run, from one element to the next. */
const strideOf = (axes: readonly MemoryAxis[]): number => axes.at(-1)?.stride ?? 0;

/** What a pass has left, its axes in the order of what is reduced. */
function inOrder(value: Value, { left }: Pass): Value {
  const order = left.map((_, i) => i).sort((a, b) => left[a].axis - left[b].axis);
  return transpose(value, order);
}

const { sum, sumInt32 } = broadcastingOps;
const { mean, argMax, argMin, reduceMax, reduceMin, prod, reduceMaxInt32, reduceMinInt32, prodInt32 } =
  reductionOps;

/** What may be reduced a part after the other. */
const inParts = [sum, sumInt32, mean, reduceMax, reduceMin, prod, reduceMaxInt32, reduceMinInt32, prodInt32];

const ruleOf = (ops: readonly KernelOp<AxisRun>[], isInOnePass: boolean) =>
  rule(ops, ({ op, graph, inputs: [x], attrs }) =>
    reduceInOrigin(x, attrs, (source, run) => graph.add(op, [source], run) as Value, isInOnePass),
  );

export const movedReductionRules: readonly Rule[] = [ruleOf(inParts, false), ruleOf([argMax, argMin], true)];
