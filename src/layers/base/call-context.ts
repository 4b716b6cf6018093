// What layers are called and applied with.

import type { Value } from '../../graph/graph.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { SymbolicTensor } from './symbolic.ts';

/** What a built-in layer knows when it computes. */
export interface CallContext {
  /** Whether the layer is called for training. */
  readonly training: boolean;
  /** Whether the layer, or a layer or model that it is inside of, is not trainable. */
  readonly isFrozen: boolean;
  /** The mask of each input that has one: [batch, time], 1 where a time step counts and 0 elsewhere. */
  readonly masks: Masks;
  /** What `apply` was given beside what it knows. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** What is known of an application before the layer is called. */
export interface GivenContext extends Partial<CallContext> {
  /** Whether `apply` was given a tensor, and no list of them. */
  readonly isAlone?: boolean;
}

/** What a layer's `call` is given beside its inputs. */
export interface CallArguments extends CallContext {
  /** The mask of the input, as TensorFlow.js has it; a list where there are several inputs. */
  readonly mask: Value | undefined | Masks;
  /** What `apply` was given beside, where the layer was applied to tensors. */
  readonly [name: string]: unknown;
}

export type Masks = readonly (Value | undefined)[];

export interface ApplyOptions {
  /** States that a recurrent layer begins with. They may also stand behind its input, in one list. */
  readonly initialState?: SymbolicTensor | Tensor | readonly (SymbolicTensor | Tensor)[];
  /** Whether a layer that is applied to tensors trains: dropout drops, moving averages move. False by default. */
  readonly training?: boolean;
  /** The mask of tensors that the layer is applied to; a list where there are several. */
  readonly mask?: Tensor | null | readonly (Tensor | null)[];
  /** What else a class of one's own is to find in the second argument of its `call`. */
  readonly [name: string]: unknown;
}
