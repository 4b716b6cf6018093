// A layer as far as it was applied to symbolic tensors: where it stands in models.

import { shown } from '../../errors.ts';
import type { Shape } from '../../tensor/types.ts';
import {
  type Foreseen,
  type KeptArguments,
  LayerNode,
  type SourceLayer,
  SymbolicTensor,
} from './symbolic.ts';
import { WeightHolder } from './weight-holder.ts';

/** What users get of a list: of one its only member. */
export const oneOrAll = <T>(list: readonly T[]): T | T[] => (list.length === 1 ? list[0] : [...list]);

/** Whether it is a list, which TypeScript does not see of readonly ones. */
export const isList = <T>(given: T | readonly T[]): given is readonly T[] => Array.isArray(given);

export abstract class Applied extends WeightHolder {
  readonly #nodes: LayerNode[] = [];
  /** Applications of layers to what this one made. */
  readonly outboundNodes: LayerNode[] = [];

  /** Itself: all that is applied are layers. */
  get #layer(): SourceLayer {
    return this as unknown as SourceLayer;
  }

  /** Notes an application to symbolic tensors. */
  protected makes(inputs: SymbolicTensor[], outputs: SymbolicTensor[], callArgs?: KeptArguments): void {
    this.use();
    const node = new LayerNode(this.#layer, inputs, outputs, callArgs);
    this.#nodes.push(node);
    for (const source of new Set(inputs.map(({ sourceLayer }) => sourceLayer)))
      source?.outboundNodes.push(node);
  }

  /** Notes an application to symbolic tensors. Returns what it makes. */
  protected madeOf(
    inputs: SymbolicTensor[],
    outputs: readonly Foreseen[],
    callArgs: KeptArguments,
  ): SymbolicTensor[] {
    const name = `${this.name}/${this.name}`;
    const made = outputs.map(
      ({ shape, dtype, maskRank }, i) =>
        new SymbolicTensor(dtype, shape, this.#layer, inputs, {}, name, i, maskRank),
    );
    this.makes(inputs, made, callArgs);
    return made;
  }

  /** Its applications to symbolic tensors, the earliest first. */
  get inboundNodes(): readonly LayerNode[] {
    return this.#nodes;
  }

  /**
   * What the layer was applied to; of a model's input, itself.
   * @throws LanegradError where it was not applied, or several times.
   */
  get input(): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.#onlyNode('input').taken);
  }

  /**
   * What the layer's application made, to end another model with: `tf.model({ inputs, outputs: layer.output })`.
   * @throws LanegradError where the layer was not applied, or several times.
   */
  get output(): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.#onlyNode('output').outputTensors);
  }

  /**
   * Shape of what the layer was applied to; of each, where there are several.
   * @throws LanegradError where it was not applied, or to other shapes each time.
   */
  get inputShape(): Shape | Shape[] {
    return this.#shapeOf('input');
  }

  /**
   * Shape of what the layer's application made; of each, where there are several.
   * @throws LanegradError where it was not applied, or made other shapes each time.
   */
  get outputShape(): Shape | Shape[] {
    return this.#shapeOf('output');
  }

  #shapeOf(what: 'input' | 'output'): Shape | Shape[] {
    const place = what === 'input' ? 'taken' : 'outputTensors';
    const shapes = this.#nodes.map((node) => node[place].map(({ shape }) => shape));
    const isOne = shapes.length > 1 && new Set(shapes.map((each) => JSON.stringify(each))).size === 1;
    return oneOrAll(isOne ? shapes[0] : [this[what]].flat().map(({ shape }) => shape));
  }

  #onlyNode(what: string): LayerNode {
    if (this.#nodes.length === 1) return this.#nodes[0];
    throw this.error(
      `was applied ${this.#nodes.length} times; only what one application made is its ${what}.`,
    );
  }

  /** What its n-th application, from 0, was to. @throws LanegradError where there are fewer */
  getInputAt(nodeIndex: number): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.#nodeAt(nodeIndex, 'input').taken);
  }

  /** What its n-th application, from 0, made. @throws LanegradError where there are fewer */
  getOutputAt(nodeIndex: number): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.#nodeAt(nodeIndex, 'output').outputTensors);
  }

  #nodeAt(index: number, what: string): LayerNode {
    if (Number.isInteger(index) && this.#nodes[index]) return this.#nodes[index];
    throw this.error(
      `Asked to get ${what} at node ${shown(index)}, but the layer has only ${this.#nodes.length} inbound nodes: it was applied so often.`,
    );
  }
}
