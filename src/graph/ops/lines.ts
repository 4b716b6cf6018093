// The lines that a reduction goes along, and how its kernel is told.

import { ChunkStep, type Reduction } from '../../../assembly/opcodes.ts';
import { Opcode, ReduceWord } from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { Emitter, Value } from '../graph.ts';
import { type Shape, sizeOf } from '../shape.ts';

/** The axes that a reduction removes: one run of neighbours, `first` to before `end`. */
export interface AxisRun {
  readonly first: number;
  readonly end: number;
  /** Where the lines lie, and what is left of them, of an input that what is meant was moved from. */
  readonly moved?: { readonly lines: Lines; readonly shape: Shape };
}

/** Lines of numbers in an array, each of which becomes one: `inner` of them side by side, `outer` times. */
export interface Lines {
  readonly outer: number;
  /** Numbers of a line. */
  readonly length: number;
  readonly inner: number;
  /** Bytes of the array before the first number. */
  readonly offset: number;
  /** Bytes from the lines that are side by side to the next such lines. */
  readonly group: number;
  /** Bytes from one number of a line to the next: those of one, where no lines are side by side. */
  readonly row: number;
}

/** The lines along the axes that go. */
export function linesOf({ shape }: Value, { first, end, moved }: AxisRun): Lines {
  return moved?.lines ?? denseLines(shape.slice(0, first), shape.slice(first, end), shape.slice(end));
}

/** Lines that fill an array: axes before, along and behind them. */
export function denseLines(...axes: readonly [before: Shape, along: Shape, behind: Shape]): Lines {
  const [outer, length, inner] = axes.map(sizeOf);
  const row = inner * floatBytes;
  return { outer, length, inner, offset: 0, group: length * row, row };
}

/** Where the first of an input's lines begins. */
export const addressOf = (emitter: Emitter, x: Value, { offset }: Lines): number =>
  emitter.address(x) + offset;

/** The shape without the axes that go. */
export const withoutRun = ([{ shape }]: readonly Value[], { first, end, moved }: AxisRun): Shape =>
  moved?.shape ?? [...shape.slice(0, first), ...shape.slice(end)];

interface ReductionForm {
  /** A map to run on the result, where the first axis has one element and the last more, and the sum is not long. */
  readonly epilogue?: number;
  /** Which of the two steps of a long sum, and the numbers of chunks between them. */
  readonly step?: ChunkStep;
  readonly table?: number;
}

/** Appends the command that reduces lines, the first of which begins at `x`. */
export function emitReduction(
  emitter: Emitter,
  reduction: Reduction,
  x: number,
  y: number,
  { outer, length, inner, group, row }: Lines,
  { epilogue = 0, step = ChunkStep.all, table = 0 }: ReductionForm = {},
): void {
  emitter.command(Opcode.reduce, {
    [ReduceWord.step]: step,
    [ReduceWord.table]: table,
    [ReduceWord.reduction]: reduction,
    [ReduceWord.x]: x,
    [ReduceWord.y]: y,
    [ReduceWord.outer]: outer,
    [ReduceWord.length]: length,
    [ReduceWord.inner]: inner,
    [ReduceWord.group]: group,
    [ReduceWord.row]: row,
    [ReduceWord.epilogue]: epilogue,
  });
}
