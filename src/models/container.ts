// A network of layers: how they are connected, what it computes, and what it says of itself.

import { isObject, isPlain, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { isJson, type JsonObject } from '../io/json.ts';
import { oneOrAll } from '../layers/base/applied.ts';
import { type CallContext, Layer, type Masks } from '../layers/base/layer.ts';
import { unmasked, withMask } from '../layers/base/mask.ts';
import type { FromOutside } from '../layers/base/outside.ts';
import {
  asTaken,
  type Foreseen,
  type LayerNode,
  type ModelShape,
  type SymbolicTensor,
  withoutMask,
} from '../layers/base/symbolic.ts';
import { numbered } from '../names.ts';
import type { ConfigDict } from '../options/kinds.ts';
import { Trace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import type { LayerVariable } from '../tensor/layer-variable.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { LookAtLayer } from '../training/trainable.ts';
import { modelConfig, topologyOf, writtenBy } from './save.ts';
import { printSummary, type SummaryOptions } from './summary.ts';
import { applicationsBetween, layersByDepth, type Network, type Wiring } from './wiring.ts';

const readersOf = (input: SymbolicTensor, applications: readonly LayerNode[]): readonly LayerNode[] =>
  applications.filter(({ inputTensors }) => inputTensors.includes(input));

/** Layers between inputs and outputs. */
export class Container extends Layer implements Network {
  #wiring: Wiring | undefined;
  #metadata: JsonObject | undefined;

  /** @internal Whether it has layers and knows its input's shape. */
  protected get isConnected(): boolean {
    return this.#wiring !== undefined;
  }

  /** @internal Takes other inputs and outputs. */
  protected setWiring(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): void {
    const applications = applicationsBetween(inputs, outputs);
    const layers = layersByDepth(inputs, outputs, applications);
    for (const input of inputs) this.#requireOneMeaning(input, applications);
    this.#wire({ inputs, outputs, applications, layers });
    this.built = true;
    if (!this.trainable) this.freezeWeights(true);
  }

  /** Layers count the models that have them. @param wiring undefined where it has no layers any more */
  #wire(wiring: Wiring | undefined): void {
    const [before, now] = [new Set(this.#wiring?.layers), new Set(wiring?.layers)];
    for (const layer of now) if (!before.has(layer)) layer.joinModel();
    for (const layer of before) if (!now.has(layer)) layer.leaveModel();
    this.#wiring = wiring;
  }

  /** @internal Has no layers any more. */
  protected clearWiring(): void {
    this.#wire(undefined);
    this.built = false;
  }

  /**
   * A model is built as its layers are connected; scripts may ask for it all the same.
   * @param inputShape as the model has it, by default
   * @throws LanegradError while the model has no layers or does not know its input's shape.
   */
  override build(inputShape?: ModelShape | readonly ModelShape[] | null): void {
    super.build(inputShape ?? this.inputs.map(({ shape }) => shape));
  }

  /** @internal */
  protected override get isNetwork(): boolean {
    return true;
  }

  /** @internal */
  protected override get innerLayers(): readonly Layer[] {
    return this.isConnected ? this.layers : [];
  }

  /** @throws LanegradError where a layer makes numbers of an input, which means something else to another. */
  #requireOneMeaning(input: SymbolicTensor, applications: readonly LayerNode[]): void {
    const readers = [...new Set(readersOf(input, applications).map(({ outboundLayer }) => outboundLayer))];
    if (readers.length < 2 || !readers.some(({ prepares }) => prepares)) return;
    const names = readers.map(({ name }) => name).join(' and ');
    throw this.error(`its input ${input.name} goes to ${names}; give each an input of its own.`);
  }

  /** @internal @throws LanegradError while the model has no layers or does not know its input's shape. */
  get wiring(): Wiring {
    if (this.#wiring) return this.#wiring;
    throw this.error('has no input shape yet. Give its first layer inputShape, as in inputShape: [784].');
  }

  get inputs(): SymbolicTensor[] {
    return this.wiring.inputs as SymbolicTensor[];
  }

  get outputs(): SymbolicTensor[] {
    return this.wiring.outputs as SymbolicTensor[];
  }

  /** Names of the layers that make the outputs; numbered where a layer makes several. */
  get outputNames(): string[] {
    return numbered(this.outputs.map(({ sourceLayer, name }) => sourceLayer?.name ?? name));
  }

  /** The layers that make the inputs. */
  get inputLayers(): Layer[] {
    return this.inputs.flatMap(({ sourceLayer }) => sourceLayer ?? []);
  }

  /** The layers that make the outputs. */
  get outputLayers(): Layer[] {
    return this.outputs.flatMap(({ sourceLayer }) => sourceLayer ?? []);
  }

  /** Names of the inputs. */
  get inputNames(): string[] {
    return this.inputs.map(({ name }) => name);
  }

  override get input(): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.inputs);
  }

  override get output(): SymbolicTensor | SymbolicTensor[] {
    return oneOrAll(this.outputs);
  }

  /** Its layers, each once; in the order of TensorFlow.js, those furthest from the outputs first. */
  get layers(): Layer[] {
    return this.wiring.layers as Layer[];
  }

  /**
   * @param nameOrIndex its name, or its place among `layers`; null with the place as second argument
   * @throws LanegradError when there is no layer of that name or at that place.
   */
  getLayer(nameOrIndex?: string | number | null, index?: number): Layer {
    const wanted = index ?? nameOrIndex;
    const { layers } = this;
    const found = typeof wanted === 'number' ? layers[wanted] : layers.find(({ name }) => name === wanted);
    if (found) return found;
    if (wanted === undefined || wanted === null) {
      throw this.error('getLayer: Provide either a layer name or layer index.');
    }
    const names = layers.map(({ name }) => name).join(', ');
    throw this.error(
      typeof wanted === 'number'
        ? `Was asked to retrieve layer at index ${wanted}, but model only has ${layers.length} layer(s): it has ${names}.`
        : `No such layer: ${shown(wanted)}. It has ${names}.`,
    );
  }

  override get variables(): readonly LayerVariable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.variables))];
  }

  override get stateful(): boolean {
    return this.layers.some((layer) => layer.stateful);
  }

  override get stateVariables(): readonly Weights[] {
    return [...new Set(this.layers.flatMap((layer) => layer.stateVariables))];
  }

  /** @internal Samples of a batch where the inputs say, else 32. */
  get defaultBatchSize(): number {
    return this.inputs[0].shape[0] ?? 32;
  }

  override get prepares(): boolean {
    return this.inputs.some((input) =>
      this.#readers(input).some(({ outboundLayer }) => outboundLayer.prepares),
    );
  }

  /** What came from outside for an input, as the layer that reads it makes numbers of it. */
  override prepare(given: FromOutside, index: number): FromOutside {
    const input = this.inputs[index];
    const reader = this.#readers(input).find(({ outboundLayer }) => outboundLayer.prepares);
    return reader ? reader.outboundLayer.prepare(given, reader.inputTensors.indexOf(input)) : given;
  }

  #readers(input: SymbolicTensor): readonly LayerNode[] {
    return readersOf(input, this.wiring.applications);
  }

  /** @internal @throws LanegradError where a layer that reads an input cannot take these numbers. */
  checkInput(index: number, data: ArrayLike<number>): void {
    for (const { outboundLayer } of this.#readers(this.inputs[index])) outboundLayer.checkData(data);
  }

  override get trainableVariables(): readonly LayerVariable[] {
    return this.trainable ? this.#trainedByLayers : [];
  }

  get #trainedByLayers(): readonly LayerVariable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.trainableVariables))];
  }

  /** @internal Whether training this itself moves what its layers train. */
  protected get isTrained(): boolean {
    return this.trainable;
  }

  /** @internal The weights that training this itself moves. */
  get movedVariables(): readonly LayerVariable[] {
    return this.isTrained ? this.#trainedByLayers : [];
  }

  /** @internal Names of the layers and weights that training this itself moves. */
  get movedNames(): readonly string[] {
    return this.isTrained ? this.layers.flatMap((layer) => layer.trainableNames) : [];
  }

  override get weights(): LayerVariable[] {
    // Of a model that is not trained, too, those come first that its layers would train.
    return [...new Set([...this.#trainedByLayers, ...this.layers.flatMap((layer) => layer.weights)])];
  }

  /** @internal */
  override get trainableNames(): readonly string[] {
    return this.trainable ? [this.name, ...this.layers.flatMap((layer) => layer.trainableNames)] : [];
  }

  override compute(inputs: Value | readonly Value[], { masks }: CallContext): Value | readonly Value[] {
    const values = ([inputs].flat() as Value[]).map((value, i) => withMask(value, masks[i]));
    return this.#traceLayers(Trace.current, values);
  }

  /** Its inputs say what it takes. */
  protected override checkShapes(): void {}

  /** None but those that its layers gave the outputs. */
  protected override outputMasks(): Masks {
    return [];
  }

  /** @internal What its layers say, one after the other. */
  protected override foresee(list: readonly Foreseen[]): readonly Foreseen[] {
    const { applications } = this.wiring;
    const found = new Map(this.inputs.map((tensor, i) => [tensor, list[i]] as const));
    for (const { outboundLayer, inputTensors, outputTensors, callArgs } of applications) {
      const needed = inputTensors.map((tensor) => found.get(tensor)!);
      const made = outboundLayer.outputsOf(asTaken(needed, callArgs, withoutMask));
      for (const [i, output] of outputTensors.entries()) found.set(output, made[i]);
    }
    return this.outputs.map((tensor) => found.get(tensor)!);
  }

  /** @internal Traces the layers on values of one batch, for what is done with this itself. @param look is shown what each makes */
  traceOutputs(trace: Trace, inputs: readonly Value[], look?: LookAtLayer): readonly Value[] {
    return trace.frozenIf(!this.isTrained, () => this.#traceLayers(trace, inputs, look));
  }

  #traceLayers(trace: Trace, inputs: readonly Value[], look?: LookAtLayer): readonly Value[] {
    const { applications } = this.wiring;
    const values = new Map(this.inputs.map((tensor, i) => [tensor, inputs[i]] as const));
    for (const { outboundLayer, inputTensors, outputTensors, callArgs } of applications) {
      const needed = inputTensors.map((tensor) => values.get(tensor)!);
      const taken = asTaken(needed, callArgs, unmasked);
      const results = trace.trainingAs(callArgs.training, () => outboundLayer.trace(trace, taken));
      look?.(outboundLayer, results);
      for (const [i, output] of outputTensors.entries()) values.set(output, results[i]);
    }
    return this.outputs.map((tensor) => values.get(tensor)!);
  }

  /**
   * Prints the layers, their output shapes and their numbers of parameters.
   * @param layout letters in a line, or options, of which `branches` draws how layers are connected
   * @param positions where the columns end, in letters or as shares of a line
   * @param print `console.log` by default
   */
  summary(
    layout?: number | null | SummaryOptions,
    positions?: readonly number[] | null,
    print?: (line: string) => void,
  ): void {
    const isOptions = isObject(layout);
    printSummary(this, isOptions ? layout : ({ lineLength: layout, positions, print } as SummaryOptions));
  }

  /**
   * What layers inside of it compute.
   * @param inputs a tensor for each input, in order or by name
   * @param outputs names of layers, or of what they make
   * @throws LanegradError for names that it does not have, and where inputs are missing.
   */
  execute(
    inputs: Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>,
    outputs: string | readonly string[],
  ): Tensor | Tensor[] {
    const names = [outputs].flat() as string[];
    if (names.length === 0) throw this.error('execute: outputs is an empty Array, which is not allowed.');
    const inner = new Container();
    inner.setWiring(
      this.inputs,
      names.map((name) => this.#made(name)),
    );
    // Nobody has it afterwards: it keeps no layer's weights.
    for (const layer of inner.layers) layer.leaveModel();
    const results = [inner.apply(this.#given(inputs))].flat();
    return Array.isArray(outputs) ? results : results[0];
  }

  #made(wanted: string): SymbolicTensor {
    const made = this.wiring.applications.flatMap(({ outputTensors }) => outputTensors);
    const found = [...this.inputs, ...made].find(
      ({ name, sourceLayer }) => name === wanted || sourceLayer?.name === wanted,
    );
    if (found) return found;
    throw this.error(
      `execute: Cannot find SymbolicTensors for output name ${typeof wanted === 'string' ? JSON.stringify(wanted) : shown(wanted)}.`,
    );
  }

  #given(inputs: Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>): Tensor[] {
    const list =
      inputs instanceof Tensor || Array.isArray(inputs)
        ? ([inputs].flat() as Tensor[])
        : this.inputNames.map((name) => (inputs as Readonly<Record<string, Tensor>>)[name]);
    const missing = this.inputNames.find((_, i) => i < list.length && !list[i]);
    if (missing) throw this.error(`execute: No value is provided for the model's input ${missing}.`);
    if (list.length === this.inputs.length) return list;
    throw this.error(
      `execute: The number of inputs provided (${list.length}) does not match the number of inputs of the model (${this.inputs.length}).`,
    );
  }

  /** Its layers and how they are connected, from which `modelFromJSON` makes another one. @param asText false for an object */
  toJSON(_unused?: unknown, asText = true): string | JsonObject {
    const described = { ...topologyOf(this), ...writtenBy };
    return asText ? JSON.stringify(described) : described;
  }

  /** Its layers and how they are connected. */
  override getConfig(): ConfigDict {
    return modelConfig(this);
  }

  /** What the user said of the model: it is saved with it, and comes back. */
  get userDefinedMetadata(): JsonObject | undefined {
    return this.#metadata;
  }

  /** @param metadata plain JSON, to be saved with the model. @throws LanegradError for what is none */
  setUserDefinedMetadata(metadata: JsonObject): void {
    if (!isPlain(metadata) || !isJson(metadata)) {
      throw this.error('setUserDefinedMetadata: the metadata is expected to be a JSON object, but is not.');
    }
    this.#metadata = metadata;
  }

  /** What the user said of the model. */
  getUserDefinedMetadata(): JsonObject | undefined {
    return this.#metadata;
  }

  /** @internal Disposes of its layers, of those that no other model has. */
  protected override disposeWeights(): number {
    return this.innerLayers.reduce((sum, layer) => sum + layer.disposeWithModel(), 0);
  }

  /** @internal @throws LanegradError where it was disposed of, or a layer that it has. */
  override throwIfDisposed(): void {
    super.throwIfDisposed();
    for (const layer of this.#wiring?.layers ?? []) layer.throwIfDisposed();
  }

  /** @internal */
  protected override get kindOfHolder(): string {
    return 'Container';
  }
}
