// Recurrent layers, each defined by its cell. x is the input's projection x·W + b, h the last output, U the
// recurrent kernel; the columns of W and U and the bias come in blocks, one for each gate.

import type { Value } from '../graph/graph.ts';
import { add, mul, sub } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { slice } from '../graph/ops/movement.ts';
import type { Shape } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import { type ActivationIdentifier, getActivation } from './activations.ts';
import { Recurrent, type RecurrentOptions, type Step } from './recurrence.ts';

/** h ← activation(x + h·U). */
export class SimpleRNN extends Recurrent {
  static readonly className = 'SimpleRNN';
  protected override readonly gates = 1;
  protected override readonly stateCount = 1;

  protected override step(u: Value): Step {
    return (x, [h]) => [this.activation(add(x, matMul(h, u)))];
  }
}

export interface GatedOptions extends RecurrentOptions {
  /** Of the gates; 'hardSigmoid' by default, as in TensorFlow.js. PyTorch has 'sigmoid'. */
  readonly recurrentActivation?: ActivationIdentifier;
}

export interface GRUOptions extends GatedOptions {
  /** Whether the reset gate acts on h·U + c, with a bias c of its own, and not on h; false by default. */
  readonly resetAfter?: boolean;
}

/**
 * Gated recurrent unit (Cho et al., 2014), gates z, r and candidate n:
 * h ← z·h + (1 − z)·n, n = activation(xₙ + (r·h)·Uₙ), or activation(xₙ + r·(h·Uₙ + cₙ)) with `resetAfter`.
 */
export class GRU extends Recurrent<GRUOptions> {
  static readonly className = 'GRU';
  protected override readonly gates = 3;
  protected override readonly stateCount = 1;
  readonly #gate = getActivation(this.options.recurrentActivation ?? 'hardSigmoid');

  protected override biasShape(columns: number): Shape {
    return this.options.resetAfter ? [2, columns] : [columns];
  }

  protected override step(u: Value, bias: Value | undefined): Step {
    const { resetAfter } = this.options;
    const gates = (v: Value) => columns(v, 0, 2 * this.units);
    const candidate = (v: Value) => columns(v, 2 * this.units, this.units);
    return (x, [h]) => {
      const product = matMul(h, resetAfter ? u : gates(u));
      const inner = resetAfter && bias ? add(product, bias) : product;
      const [z, r] = blocks(this.#gate(add(gates(x), gates(inner))), this.units);
      const recalled = resetAfter ? mul(r, candidate(inner)) : matMul(mul(r, h), candidate(u));
      const n = this.activation(add(candidate(x), recalled));
      return [add(mul(z, h), mul(sub(1, z), n))];
    };
  }
}

export interface LSTMOptions extends GatedOptions {
  /** Whether the forget gate's bias begins with ones; true by default, as in Keras. */
  readonly unitForgetBias?: boolean;
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997), gates i, f, o and candidate g:
 * c ← f·c + i·activation(g), h ← o·activation(c). Blocks stand in the order i, f, g, o.
 */
export class LSTM extends Recurrent<LSTMOptions> {
  static readonly className = 'LSTM';
  protected override readonly gates = 4;
  protected override readonly stateCount = 2;
  readonly #gate = getActivation(this.options.recurrentActivation ?? 'hardSigmoid');

  protected override biasInitializer(): Initializer {
    const initializer = super.biasInitializer();
    if (this.options.unitForgetBias === false) return initializer;
    return {
      ...initializer,
      values: (shape, seed) => initializer.values(shape, seed).fill(1, this.units, 2 * this.units),
    };
  }

  protected override step(u: Value): Step {
    return (x, [h, c]) => {
      const [i, f, g, o] = blocks(add(x, matMul(h, u)), this.units);
      const carried = add(mul(this.#gate(f), c), mul(this.#gate(i), this.activation(g)));
      return [mul(this.#gate(o), this.activation(carried)), carried];
    };
  }
}

/** Some neighbouring columns of a matrix. */
const columns = (x: Value, first: number, count: number): Value => slice(x, [0, first], [x.shape[0], count]);

/** The columns of a matrix in blocks of `width`. */
const blocks = (x: Value, width: number): Value[] =>
  Array.from({ length: x.shape[1] / width }, (_, i) => columns(x, i * width, width));
