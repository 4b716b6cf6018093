// What an op is: one record that says what a node's shape and type are, what its gradient is, and how it
// becomes commands.

import type { Emitter } from './emitter.ts';
import type { Value } from './graph.ts';
import type { Shape } from './shape.ts';

/**
 * Element types. In linear memory float32 and int32 are words of 4 bytes and a bool is a float32, 0 or 1, so that
 * arithmetic reads it as it is. Only inputs are uint8: bytes.
 */
export type DType = 'float32' | 'int32' | 'bool' | 'uint8';

/** A method's type, so that an op of certain attributes is an op. */
type GradientRule<A extends object> = {
  rule(dy: Value, node: Value<A>): readonly (Value | undefined)[];
}['rule'];

/**
 * Gradients of the inputs given that of the result, undefined where none flows. 'none': it is zero everywhere.
 * 'missing': there is one, but nobody has written it.
 */
type Gradient<A extends object> = GradientRule<A> | 'none' | 'missing';

interface Rules<A extends object> {
  readonly name: string;
  /** Shape of the result. @throws LanegradError where the inputs do not fit. */
  shape(inputs: readonly Value[], attrs: A): Shape;
  /** Element type of the result: by default that of the input for an alias, else float32. */
  dtype?(inputs: readonly Value[], attrs: A): DType;
}

/** Data that is there before the program runs. */
export interface SourceOp<A extends object = object> extends Rules<A> {
  readonly kind: 'input' | 'parameter' | 'constant';
}

/** The input's memory, or a part of it, under another shape or type. */
export interface AliasOp<A extends object = object> extends Rules<A> {
  readonly kind: 'alias';
  readonly gradient: Gradient<A>;
  /** Floats of the input that come before its first. */
  offset?(node: Value<A>): number;
}

interface ComputingRules<A extends object> extends Rules<A> {
  readonly gradient: Gradient<A>;
  /** It changes memory that outlives the step, so it runs although nobody reads its value. */
  readonly effect?: boolean;
}

/** Element-wise: one instruction of a map. */
export interface LaneOp<A extends object = object> extends ComputingRules<A> {
  readonly kind: 'lane';
  /** The instruction. */
  readonly lane: number;
  /** The op that does the same to integers, exactly. */
  integer?(): LaneOp;
}

/** What is meant, without commands: lowering puts nodes in its place that kernels compute. */
export interface MeantOp<A extends object = object> extends ComputingRules<A> {
  readonly kind: 'meant';
}

/** Commands of its own. */
export interface KernelOp<A extends object = object> extends ComputingRules<A> {
  readonly kind: 'kernel';
  /** Appends the commands. */
  emit(node: Value<A>, emitter: Emitter): void;
  /** Whether its kernel runs a map on what it has finished: `emit` passes it `epilogue`. */
  readonly hasEpilogue?: boolean;
  /**
   * Whether its kernel, where that of another node with the same first input would run, can compute both: `emit`
   * passes it `companion`.
   */
  takes?(node: Value<A>, other: Value): boolean;
  /** Multiply-adds, where they are more than a few per element. */
  work?(node: Value<A>): number;
}

/** An op, told apart by what it is to the compiler. `A` is the type of its attributes. */
export type Op<A extends object = object> = SourceOp<A> | AliasOp<A> | LaneOp<A> | KernelOp<A> | MeantOp<A>;

export type LaneValue = Value & { readonly op: LaneOp };
export type KernelValue = Value & { readonly op: KernelOp };

export const isLane = (value: Value): value is LaneValue => value.op.kind === 'lane';
export const isKernel = (value: Value): value is KernelValue => value.op.kind === 'kernel';

/** Whether a value is an array that the program computes, not one that is there, or an effect. */
export const isComputed = (value: Value): boolean =>
  (value.op.kind === 'meant' || isKernel(value) || isLane(value)) && !hasEffect(value);

/** Whether a value is made by `op`: the one question by which ops are told apart. */
export const isMadeBy = <A extends object, O extends Op<A>>(
  value: Value,
  op: O & Op<A>,
): value is Value<A> & { readonly op: O } => value.op === (op as Op);

/** Whether a value changes memory that outlives the step. */
export const hasEffect = ({ op }: Pick<Value, 'op'>): boolean => 'effect' in op && op.effect === true;

/** Element type of what an op makes of inputs. */
export const dtypeOf = <A extends object>(op: Op<A>, inputs: readonly Value[], attrs: A): DType =>
  op.dtype?.(inputs, attrs) ?? (op.kind === 'alias' ? inputs[0].dtype : 'float32');
