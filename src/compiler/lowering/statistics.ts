// Sums over an array that another sum is taken of anyway, in one pass over memory: mean and variance, what scales and
// offsets learn from.

import { ChunkStep, Layout, Reduction } from '../../../assembly/opcodes.ts';
import { MomentsWord, Opcode, PairSumsWord } from '../../../assembly/words.ts';
import type { KernelOp, Value } from '../../graph/graph.ts';
import { isLane, isMadeBy } from '../../graph/op.ts';
import { broadcastingOps } from '../../graph/ops/broadcasting.ts';
import { elementwiseOps } from '../../graph/ops/elementwise.ts';
import { type AxisRun, addressOf, emitReduction, linesOf, withoutRun } from '../../graph/ops/lines.ts';
import { reductionOps } from '../../graph/ops/reductions.ts';
import { result } from '../../graph/ops/result.ts';
import { broadcastAccess, sameShape } from '../../graph/shape.ts';
import { type Rule, rule, type Surroundings } from '../rewrite.ts';
import { type ColumnSum, chunkRule } from './column-sums.ts';
import { reduceInOrigin } from './reductions.ts';

/** A kernel over a run of axes, with two results for what is left of them, each of two numbers of a chunk. */
const twoOverRun = (name: string, emit: ColumnSum['emit']): ColumnSum => ({
  op: {
    name,
    kind: 'kernel',
    shape: withoutRun,
    gradient: 'none',
    results: ({ inputs, attrs }) => [withoutRun(inputs, attrs)],
    emit: (node, emitter) => {
      const lines = linesOf(node.inputs[0], node.attrs);
      const inputs = node.inputs.map((input) => addressOf(emitter, input, lines));
      const results = [emitter.address(node as Value), emitter.result(node as Value, 0)];
      emit(emitter, lines, { inputs, results, step: ChunkStep.all, table: 0 });
    },
  },
  numbers: 2,
  emit,
});

/** The variance over a run of axes; beside it the mean. */
const momentsSum = twoOverRun('moments', (emitter, { outer, length, inner, group, row }, places) =>
  emitter.command(Opcode.moments, {
    [MomentsWord.outer]: outer,
    [MomentsWord.length]: length,
    [MomentsWord.inner]: inner,
    [MomentsWord.group]: group,
    [MomentsWord.row]: row,
    [MomentsWord.step]: places.step,
    [MomentsWord.table]: places.table,
    [MomentsWord.x]: places.inputs[0],
    [MomentsWord.variance]: places.results[0],
    [MomentsWord.mean]: places.results[1],
  }),
);

/** Σ a·b over a run of axes, or Σ a·(b − c), where c is a number for each column; beside it Σ a. */
const pairSum = twoOverRun('pairSums', (emitter, { outer, length, inner, group, row }, places) =>
  emitter.command(Opcode.pairSums, {
    [PairSumsWord.outer]: outer,
    [PairSumsWord.length]: length,
    [PairSumsWord.inner]: inner,
    [PairSumsWord.group]: group,
    [PairSumsWord.row]: row,
    [PairSumsWord.step]: places.step,
    [PairSumsWord.table]: places.table,
    [PairSumsWord.a]: places.inputs[0],
    [PairSumsWord.b]: places.inputs[1],
    [PairSumsWord.center]: places.inputs[2] ?? 0,
    [PairSumsWord.products]: places.results[0],
    [PairSumsWord.sums]: places.results[1],
  }),
);

const momentsOp = momentsSum.op;
const pairSumsOp = pairSum.op;

/** A sum or a mean over a run of axes, as its op does it. */
const reduction = (op: KernelOp<AxisRun>, kind: Reduction): ColumnSum => ({
  op,
  numbers: 1,
  emit: (emitter, lines, { inputs: [x], results: [y], ...step }) =>
    emitReduction(emitter, kind, x, y, lines, step),
});

/** What threads share. */
export const columnSumSharingRules = [
  momentsSum,
  pairSum,
  reduction(broadcastingOps.sum, Reduction.sum),
  reduction(reductionOps.mean, Reduction.mean),
].map(chunkRule);

const isSameRun = (a: AxisRun, b: AxisRun): boolean => a.first === b.first && a.end === b.end;

/** What a variance's kernel computes of a value, read where it lies: the variance itself, or what is taken of the node. */
function ofMoments(x: Value, run: AxisRun, take = (moments: Value): Value => moments): Value {
  const reduce = (source: Value, lines: AxisRun) => take(x.graph.add(momentsOp, [source], lines) as Value);
  return reduceInOrigin(x, run, reduce, true) ?? reduce(x, run);
}

/** A variance has a kernel, which knows the mean of the same too. */
export const varianceRule: Rule = rule([reductionOps.variance], ({ inputs: [x], attrs }) =>
  ofMoments(x, attrs),
);

const meanRule = rule([reductionOps.mean], ({ inputs: [x], attrs }, { original, readersOf }) => {
  const isKnown = readersOf(original.inputs[0]).some(
    (reader) => isMadeBy(reader, reductionOps.variance) && isSameRun(reader.attrs, attrs),
  );
  return isKnown ? ofMoments(x, attrs, (moments) => result(moments, 0)) : undefined;
});

/** Whether a value is the sum of something over a run. */
const isSumOver = (value: Value, run: AxisRun): value is Value<AxisRun> =>
  isMadeBy(value, broadcastingOps.sum) && isSameRun(value.attrs, run);

/** Whether an array is there in any case, to be read. */
const isKept = (x: Value, { readersOf }: Surroundings): boolean => !isLane(x) || readersOf(x).length > 1;

/**
 * The two arrays whose products a long sum over columns is taken of, where they are there in any case: the one that is
 * summed by itself too comes first. As they were before.
 */
function pairOf(sum: Value<AxisRun>, surroundings: Surroundings): readonly [Value, Value] | undefined {
  const [product] = sum.inputs;
  const { readersOf } = surroundings;
  if (!isMadeBy(product, elementwiseOps.mul) || readersOf(product).length > 1) return undefined;
  const { length, inner } = linesOf(product, sum.attrs);
  const arrays = product.inputs;
  const isPair = arrays.every((x) => sameShape(x.shape, product.shape) && isKept(x, surroundings));
  if (!isPair || inner === 1 || length <= Layout.rowsOfSum) return undefined;
  const isSummed = (x: Value) => readersOf(x).some((reader) => isSumOver(reader, sum.attrs));
  return isSummed(arrays[1]) ? [arrays[1], arrays[0]] : [arrays[0], arrays[1]];
}

/** What is centered, and the numbers of its columns that it is centered about, where a kernel can do it again as it reads. */
function centeredColumns(
  x: Value,
  run: AxisRun,
  surroundings: Surroundings,
): readonly [Value, Value] | undefined {
  if (!isMadeBy(x, elementwiseOps.sub)) return undefined;
  const [array, center] = x.inputs;
  const { outer, inner } = linesOf(x, run);
  const access = broadcastAccess(center.shape, x.shape);
  const isOfColumns =
    outer === 1 && access?.kind === 'broadcast' && access.repeat === 1 && access.period === inner;
  const isThere = sameShape(array.shape, x.shape) && isKept(array, surroundings);
  return isOfColumns && isThere ? [array, center] : undefined;
}

const pairRule = rule([broadcastingOps.sum], ({ graph, attrs }, surroundings) => {
  const { original, readersOf, standInFor } = surroundings;
  const pairSums = (pair: readonly [Value, Value] | undefined): Value | undefined => {
    if (!pair) return undefined;
    const operands = [pair[0], ...(centeredColumns(pair[1], attrs, surroundings) ?? [pair[1]])];
    const standIns = operands.map(standInFor).filter((value) => value !== undefined);
    return standIns.length === operands.length ? graph.add(pairSumsOp, standIns, attrs) : undefined;
  };
  const products = pairSums(pairOf(original as Value<AxisRun>, surroundings));
  if (products) return products;
  // The sum of one of a pair.
  const [a] = original.inputs;
  for (const product of readersOf(a)) {
    for (const other of readersOf(product)) {
      if (!isSumOver(other, attrs)) continue;
      const pair = pairOf(other, surroundings);
      const both = pair?.[0] === a ? pairSums(pair) : undefined;
      if (both) return result(both, 0);
    }
  }
  return undefined;
});

/** What is computed beside something else. */
export const besideRules: readonly Rule[] = [meanRule, pairRule];
