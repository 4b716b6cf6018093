// The cells of recurrent layers. x is the input's projection x·W + b, h the last output, U the recurrent kernel; the
// columns of W and U and the bias come in blocks, one for each gate.

import { constraint } from '../../constraints/constraints.ts';
import type { Value } from '../../graph/graph.ts';
import { add, mul, sub } from '../../graph/ops/elementwise.ts';
import { matMul } from '../../graph/ops/matmul.ts';
import { slice } from '../../graph/ops/movement.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { formatShape, type Shape } from '../../graph/shape.ts';
import { type Initializer, initializer } from '../../initializers/initializers.ts';
import { flag, fraction, integer, positiveInteger } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../../options/option.ts';
import { regularizer } from '../../regularizers/regularizers.ts';
import type { Weights } from '../../state/weights.ts';
import { activation, activationOrNone } from '../activations.ts';
import type { CallContext } from '../base/layer.ts';
import { unsaved } from '../base/layer-options.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { optionsOfWeight } from '../base/weight-options.ts';
import { weightedOptions } from '../base/weighted.ts';
import { dropoutMask } from '../dropout.ts';
import { type CellRun, RNNCell } from './rnn-cell.ts';

const kernelCellOptions = /* @__PURE__ */ describe(weightedOptions, {
  /** Size of the output and of each state. */
  units: required(positiveInteger),
  /** What the output is held by: a name, or a function of a value; 'tanh' by default. */
  activation: optional(activation, 'tanh'),
  /** How the kernel that the last output meets starts; 'orthogonal' by default. */
  recurrentInitializer: optional(initializer, 'orthogonal'),
  /** What the kernel that the last output meets costs. */
  recurrentRegularizer: optional(regularizer),
  /** Where the kernel that the last output meets may go. */
  recurrentConstraint: optional(constraint),
  /** Share of the inputs set to zero while training, the same at all times of a sample; 0 by default. */
  dropout: optional(fraction, 0),
  /** The same of what the cell reads of its last output; 0 by default. */
  recurrentDropout: optional(fraction, 0),
});

export const simpleRNNCellOptions = /* @__PURE__ */ describe(kernelCellOptions, {
  /** Accepted for scripts that give it: there is one implementation. */
  implementation: optional(/* @__PURE__ */ unsaved(integer)),
});

const gatedCellOptions = /* @__PURE__ */ describe(kernelCellOptions, {
  /** What the output is held by: a name, or a function of a value; 'tanh' by default, null for none. */
  activation: optional(activationOrNone, 'tanh'),
  /** Of the gates; 'hardSigmoid' by default, as in TensorFlow.js, null for none. PyTorch has 'sigmoid'. */
  recurrentActivation: optional(activationOrNone, 'hardSigmoid'),
  /** Accepted for scripts that give it: there is one implementation. */
  implementation: optional(integer),
});

export const gruCellOptions = /* @__PURE__ */ describe(gatedCellOptions, {
  /** Whether the reset gate acts on h·U + c, with a bias c of its own, and not on h; false by default. */
  resetAfter: optional(flag, false),
});

export const lstmCellOptions = /* @__PURE__ */ describe(gatedCellOptions, {
  /** Whether the forget gate's bias begins with ones; true by default, as in Keras. */
  unitForgetBias: optional(flag, true),
});

/** Options of the cell of a simple recurrent layer. */
export interface SimpleRNNCellOptions extends OptionsOf<typeof simpleRNNCellOptions> {}
/** Options of a cell of gated recurrent units. */
export interface GRUCellOptions extends OptionsOf<typeof gruCellOptions> {}
/** Options of a cell of long short-term memory. */
export interface LSTMCellOptions extends OptionsOf<typeof lstmCellOptions> {}

/** What a cell does at one time: its input's projection and its states → its new states, the output first. */
type Step = (projected: Value, states: readonly Value[]) => readonly Value[];

/** A cell with a kernel for its input and one for its last output. */
abstract class KernelCell<
  Options extends SettingsOf<typeof kernelCellOptions>,
  Given extends object,
> extends RNNCell<Options, Given> {
  /** How many blocks of `units` columns the kernels have. */
  protected abstract readonly gates: number;
  #kernel!: Weights;
  #recurrentKernel!: Weights;
  #bias: Weights | undefined;

  get stateSize(): number | number[] {
    return this.options.units;
  }

  override get isRepeated(): boolean {
    return true;
  }

  /**
   * The cell's step.
   * @param bias what is added where the last output meets its kernel, if the cell has it
   */
  protected abstract step(recurrentKernel: Value, bias: Value | undefined): Step;

  /** Shape of the bias: one for the projection alone, or below it another one for the last output's product. */
  protected biasShape(columns: number): Shape {
    return [columns];
  }

  protected biasInitializer(): Initializer {
    return this.options.biasInitializer;
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const o = this.options;
    const features = inputShape[inputShape.length - 1];
    if (features === null) {
      throw this.error(`takes input with a known last size; got ${formatShape(inputShape)}.`);
    }
    const columns = this.gates * o.units;
    this.#kernel = this.makeWeight('kernel', [features, columns], optionsOfWeight(o, 'kernel'));
    this.#recurrentKernel = this.makeWeight(
      'recurrent_kernel',
      [o.units, columns],
      optionsOfWeight(o, 'recurrent'),
    );
    if (!o.useBias) return;
    this.#bias = this.makeWeight('bias', this.biasShape(columns), {
      ...optionsOfWeight(o, 'bias'),
      initializer: this.biasInitializer(),
    });
  }

  override begin({ training }: CallContext, [batch, features]: Shape): CellRun {
    const { units, dropout, recurrentDropout } = this.options;
    const [bias, recurrentBias] = this.#biases();
    const seen = training && dropout > 0 ? dropoutMask([batch, features], dropout) : undefined;
    const kept = training && recurrentDropout > 0 ? dropoutMask([batch, units], recurrentDropout) : undefined;
    const step = this.step(this.#recurrentKernel.read(), recurrentBias);
    return {
      project: (x) => {
        const steps = reshape(seen ? mul(x, seen) : x, [x.shape[0] * batch, features]);
        const product = matMul(steps, this.#kernel.read());
        return bias ? add(product, bias) : product;
      },
      step: (x, [h, ...others]) => {
        const states = step(x, [kept ? mul(h, kept) : h, ...others]);
        return [states[0], ...states];
      },
    };
  }

  /** What is added to the input's projection, and what to the last output's. */
  #biases(): (Value | undefined)[] {
    const bias = this.#bias?.read();
    if (bias?.rank !== 2) return [bias];
    return [0, 1].map((row) => slice(bias, [row, 0], [1, -1]));
  }
}

/** h ← activation(x + h·U). */
export class SimpleRNNCell extends KernelCell<SettingsOf<typeof simpleRNNCellOptions>, SimpleRNNCellOptions> {
  static readonly className = 'SimpleRNNCell';
  static override readonly options = simpleRNNCellOptions;
  protected override readonly gates = 1;

  protected override step(u: Value): Step {
    return (x, [h]) => [this.options.activation(add(x, matMul(h, u)))];
  }
}

/**
 * Gated recurrent unit (Cho et al., 2014), gates z, r and candidate n:
 * h ← z·h + (1 − z)·n, n = activation(xₙ + (r·h)·Uₙ), or activation(xₙ + r·(h·Uₙ + cₙ)) with `resetAfter`.
 */
export class GRUCell extends KernelCell<SettingsOf<typeof gruCellOptions>, GRUCellOptions> {
  static readonly className = 'GRUCell';
  static override readonly options = gruCellOptions;
  protected override readonly gates = 3;

  protected override biasShape(columns: number): Shape {
    return this.options.resetAfter ? [2, columns] : [columns];
  }

  protected override step(u: Value, bias: Value | undefined): Step {
    const { resetAfter, units, activation, recurrentActivation } = this.options;
    const gates = (v: Value) => columns(v, 0, 2 * units);
    const candidate = (v: Value) => columns(v, 2 * units, units);
    return (x, [h]) => {
      const product = matMul(h, resetAfter ? u : gates(u));
      const inner = resetAfter && bias ? add(product, bias) : product;
      const [z, r] = blocks(recurrentActivation(add(gates(x), gates(inner))), units);
      const recalled = resetAfter ? mul(r, candidate(inner)) : matMul(mul(r, h), candidate(u));
      const n = activation(add(candidate(x), recalled));
      return [add(mul(z, h), mul(sub(1, z), n))];
    };
  }
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997), gates i, f, o and candidate g:
 * c ← f·c + i·activation(g), h ← o·activation(c). Blocks stand in the order i, f, g, o.
 */
export class LSTMCell extends KernelCell<SettingsOf<typeof lstmCellOptions>, LSTMCellOptions> {
  static readonly className = 'LSTMCell';
  static override readonly options = lstmCellOptions;
  protected override readonly gates = 4;

  override get stateSize(): number[] {
    return [this.options.units, this.options.units];
  }

  protected override biasInitializer(): Initializer {
    const { biasInitializer, unitForgetBias, units } = this.options;
    return unitForgetBias ? withForgetBias(biasInitializer, units) : biasInitializer;
  }

  protected override step(u: Value): Step {
    const { units, activation, recurrentActivation: gate } = this.options;
    return (x, [h, c]) => {
      const [i, f, g, o] = blocks(add(x, matMul(h, u)), units);
      const carried = add(mul(gate(f), c), mul(gate(i), activation(g)));
      return [mul(gate(o), activation(carried)), carried];
    };
  }
}

/** Starts a bias whose second block, the forget gate's, begins with ones. */
export const withForgetBias = (initializer: Initializer, units: number): Initializer => ({
  ...initializer,
  values: (shape, seed) => initializer.values(shape, seed).fill(1, units, 2 * units),
});

/** Some neighbouring columns of a matrix. */
const columns = (x: Value, first: number, count: number): Value => slice(x, [0, first], [x.shape[0], count]);

/** The columns of a matrix in blocks of `width`. */
const blocks = (x: Value, width: number): Value[] =>
  Array.from({ length: x.shape[1] / width }, (_, i) => columns(x, i * width, width));
