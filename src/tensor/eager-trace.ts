// Layers that are called on tensors at once: they read the weights of now, and draw random numbers where they stand.

import type { Graph, Storage, Value } from '../graph/graph.ts';
import { stopGradient } from '../graph/ops/sources.ts';
import type { Shape } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import { uniformLater } from './random-tensors.ts';
import { assignedInStep, assignInStep } from './recorded-step.ts';
import { recorder, type Tensor } from './tensor.ts';
import { versionOfWeights } from './weights.ts';

/** Keeps them apart from all else that one seed fixes: the letters 'eage'. */
const eagerStream = 0x65616765;

export class EagerTrace extends Trace {
  readonly graph: Graph = recorder;
  /** Programs of what is computed at once are found by what nodes are made of, which a loop hides. */
  override readonly hasLoops = false;
  /** What layers add to the loss. */
  readonly penalties: Value[] = [];

  override read(storage: Storage): Value {
    return assignedInStep(storage) ?? versionOfWeights(storage as Weights);
  }

  /** State changes at once or, in a step of `minimize`, in the program of the step. */
  override assign(storage: Storage, value: Value): void {
    // What layers read of it is the state, where gradients end.
    const tensor = stopGradient(value) as Tensor;
    if (!assignInStep(storage, tensor)) (storage as Weights).writeNumbers(tensor.computed());
  }

  override randomUniform(shape: Shape, seed?: number | string): Value {
    return uniformLater(seed, shape, eagerStream);
  }

  override penalize(penalty: Value): void {
    this.penalties.push(penalty);
  }
}

Trace.outside = new EagerTrace(false);
