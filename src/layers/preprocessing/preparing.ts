// Layers that make whole numbers of words and identifiers, before anything is computed: see docs/architecture.md.

import { LanegradError, shown } from '../../errors.ts';
import type { DType } from '../../graph/graph.ts';
import { isList } from '../../options/kinds.ts';
import { maxDepth } from '../../tensor/nested-array.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { ApplyOptions } from '../base/call-context.ts';
import { Layer, type LayerSettings } from '../base/layer.ts';
import type { FromOutside } from '../base/outside.ts';
import type { SymbolicTensor } from '../base/symbolic.ts';

/** What such layers look up: a word, or a whole number. */
export type Token = string | number;

/** Tokens in one row, and the shape that they had. */
export interface Tokens {
  readonly values: readonly Token[];
  readonly shape: readonly number[];
}

/**
 * Words or numbers of tensors, typed arrays and nested arrays.
 * @throws LanegradError for anything else, and where rows differ in length.
 */
export function tokensOf(where: string, given: FromOutside): Tokens {
  if (given instanceof Tensor) return { values: Array.from(given.computed()), shape: given.shape };
  const values: Token[] = [];
  const shape = collect(where, given, values, 0);
  return { values, shape };
}

/** Appends what is in an array, or an array of arrays. @returns its shape */
function collect(where: string, given: unknown, values: Token[], depth: number): readonly number[] {
  if (typeof given === 'string' || typeof given === 'number') {
    values.push(given);
    return [];
  }
  if (typeof given === 'bigint' || typeof given === 'boolean') {
    values.push(Number(given));
    return [];
  }
  if (!isList(given) || depth > maxDepth) {
    throw new LanegradError(
      `${where}: takes words or whole numbers, in arrays or tensors; got ${shown(given)}.`,
    );
  }
  const rows = Array.from(given, (each) => collect(where, each, values, depth + 1));
  const other = rows.find((row) => formatShape(row) !== formatShape(rows[0]));
  if (other) {
    throw new LanegradError(
      `${where}: rows must be of one length; got ${formatShape(rows[0])} and ${formatShape(other)}. Fill them up first.`,
    );
  }
  return [rows.length, ...(rows[0] ?? [])];
}

/** A layer with a table or a rule, in JavaScript, from tokens to whole numbers. */
export abstract class Preparing<Settings extends LayerSettings, Given extends object> extends Layer<
  Settings,
  Given
> {
  override get prepares(): boolean {
    return true;
  }

  override get inputDType(): DType {
    return 'int32';
  }

  /** The number of a token. @throws LanegradError for one that it does not take. */
  protected abstract numberOf(token: Token): number;

  override prepare(given: FromOutside): Tensor {
    const { values, shape } = tokensOf(this.name, given);
    return new Tensor(
      Int32Array.from(values, (token) => this.numberOf(token)),
      shape,
      'int32',
    );
  }

  override apply(inputs: SymbolicTensor, options?: ApplyOptions): SymbolicTensor;
  override apply(inputs: readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  /** Makes numbers of words, whole numbers or tensors at once. */
  override apply(inputs: FromOutside, options?: ApplyOptions): Tensor;
  override apply(inputs: Tensor | readonly Tensor[], options?: ApplyOptions): Tensor;
  override apply(inputs: never, options?: ApplyOptions): never {
    return super.apply(inputs, options) as never;
  }
}

/** A token as a whole number. @throws LanegradError for words and fractions. */
export function wholeNumber(where: string, token: Token): number {
  if (typeof token === 'number' && Number.isSafeInteger(token)) return token;
  throw new LanegradError(`${where}: takes whole numbers; got ${shown(token)}.`);
}
