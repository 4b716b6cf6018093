// Models whose layers follow one another.

import { got } from '../errors.ts';
import { Layer } from '../layers/base/layer.ts';
import { layerOptions, unsaved } from '../layers/base/layer-options.ts';
import type { SymbolicTensor } from '../layers/base/symbolic.ts';
import { InputLayer, input } from '../layers/input-layer.ts';
import { anything, listOf } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Model } from './model.ts';

/** What is no layer is told by `add`. */
const layerList = /* @__PURE__ */ listOf(/* @__PURE__ */ anything<Layer>('a layer'), 'a list of layers');

const sequentialOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The layers, in order. */
  layers: optional(unsaved(layerList)),
});

/** Options of `sequential`. */
export interface SequentialOptions extends OptionsOf<typeof sequentialOptions> {}

/** Layers one after the other. The first must know its input: `inputShape`. */
export class Sequential extends Model {
  static override readonly className: string = 'Sequential';
  static override readonly options = sequentialOptions;
  readonly #added: Layer[] = [];
  #input: SymbolicTensor | undefined;
  #output: SymbolicTensor | undefined;

  constructor(options: SequentialOptions = {}) {
    super(options);
    const { layers = [] } = this.options as SettingsOf<typeof sequentialOptions>;
    // A list is connected once; classes of one's own may add in their way.
    const add = this.add === Sequential.prototype.add ? this.#append : this.add;
    for (const layer of layers) add.call(this, layer);
    this.#connect();
  }

  /** @throws LanegradError when the layer does not fit what the model computes so far. */
  add(layer: Layer): void {
    this.#append(layer);
    this.#connect();
  }

  #append(layer: Layer): void {
    if (!(layer instanceof Layer)) throw this.error(`add takes a layer; ${got(layer)}`);
    if (layer instanceof Model && layer.built) {
      this.#requireOne(layer, 'output', layer.outputs.length);
      this.#requireOne(layer, 'input', layer.inputs.length);
    }
    // Later layers have the shape of what is before them, whatever they say.
    if (this.#added.length === 0) this.#input = firstInput(layer);
    if (this.#input) {
      const output: SymbolicTensor | SymbolicTensor[] =
        layer instanceof InputLayer && this.#added.length === 0
          ? layer.tensor
          : layer.apply(this.#output ?? this.#input);
      if (Array.isArray(output)) this.#requireOne(layer, 'output', output.length);
      this.#output = output as SymbolicTensor;
    }
    this.#added.push(layer);
  }

  #connect(): void {
    if (this.#output) this.setWiring([this.#input!], [this.#output]);
  }

  /** @throws LanegradError unless a layer has one input, or output. */
  #requireOne(layer: Layer, what: 'input' | 'output', count: number): void {
    if (count === 1) return;
    throw this.error(
      `${layer.name} has ${count} ${what}s; each layer of a sequential model should have a single ${what} tensor. Use tf.model.`,
    );
  }

  /**
   * Takes the last layer away.
   * @throws LanegradError where there is none.
   */
  pop(): void {
    if (!this.#added.pop()) throw this.error('There are no layers in the model.');
    const last = this.#added.at(-1);
    if (!last) {
      this.#input = undefined;
      this.#output = undefined;
      this.clearWiring();
    } else if (this.#output) {
      [this.#output] = this.#output.inputs;
      this.#connect();
    }
  }

  override get layers(): Layer[] {
    return this.#added;
  }
}

/** The input that a model with this first layer has; undefined where the layer does not say. */
function firstInput(layer: Layer): SymbolicTensor | undefined {
  if (layer instanceof InputLayer) return layer.tensor;
  const { batchInputShape, inputDType } = layer;
  if (batchInputShape) {
    return input({ batchShape: batchInputShape, dtype: inputDType, name: `${layer.name}_input` });
  }
  if (layer instanceof Model && layer.built) {
    const [{ shape, dtype, name }] = layer.inputs;
    return input({ batchShape: shape, dtype, name });
  }
  return undefined;
}

/** A model of layers one after the other. */
export function sequential(options: SequentialOptions = {}): Sequential {
  return new Sequential(options);
}
