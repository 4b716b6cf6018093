// What a training step computes, without the step: what every layer makes, the loss, and how it changes with each.

import { differentiate } from '../compiler/differentiate.ts';
import { Program } from '../compiler/program.ts';
import type { ProgramArray } from '../compiler/program-array.ts';
import type { Value } from '../graph/graph.ts';
import { parameter } from '../graph/ops/sources.ts';
import type { Layer } from '../layers/base/layer.ts';
import { unmasked } from '../layers/base/mask.ts';
import { ProgramTrace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import type { DataType } from '../tensor/data-type.ts';
import { Tensor, TensorGraph } from '../tensor/tensor.ts';
import type { FeedBatch } from './batch.ts';
import { inputsOf, type Traced, traceBatch } from './trace-batch.ts';

/** What a layer made of a batch. */
interface ObservedOutput {
  readonly layer: Layer;
  readonly output: Tensor;
  /** ∂loss/∂output; undefined where the loss is not computed of it. */
  readonly gradient: Tensor | undefined;
}

export interface Observation {
  readonly loss: number;
  readonly outputs: readonly ObservedOutput[];
  /** ∂loss/∂weights, where the loss depends on them. */
  readonly gradients: ReadonlyMap<Weights, Tensor>;
}

/** A program's array, and the node that it is of. */
interface Watched {
  readonly value: Value;
  readonly array: ProgramArray;
}

/** Computes what a step on batches of one size computes, and changes nothing. */
export class StepObserver {
  readonly #program: Program;
  readonly #inputs: ReturnType<typeof inputsOf>;
  readonly #loss: Watched;
  readonly #outputs: readonly {
    readonly layer: Layer;
    readonly output: Watched;
    readonly gradient?: Watched;
  }[];
  readonly #gradients: ReadonlyMap<Weights, Watched>;
  readonly #traced: Traced;

  constructor(traced: Traced, { feeds, count }: FeedBatch) {
    const { model, randomState } = traced;
    this.#traced = traced;
    const made: { layer: Layer; value: Value }[] = [];
    const look = (layer: Layer, results: readonly Value[]) => {
      for (const result of results) made.push({ layer, value: unmasked(result) });
    };
    const trace = new ProgramTrace(new TensorGraph(), { training: true, randomState });
    const { graph } = trace;
    const batch = trace.run(() => traceBatch({ ...traced, look }, trace, count, feeds));
    const [loss] = batch.losses;
    const weights = model.variables.map((variable) => parameter(graph, variable));
    const found = trace.run(() => differentiate(loss, [...weights, ...made.map(({ value }) => value)]));
    const values = [loss, ...made.map(({ value }) => value), ...found.filter((each) => each !== undefined)];
    const given = batch.inputs.map(({ value }) => value);
    this.#program = new Program(values, [], { inputs: given, purpose: 'what a step computes' });
    const watch = (value: Value): Watched => ({ value, array: this.#program.array(value) });
    const watchIfFound = (value: Value | undefined) => value && watch(value);
    this.#inputs = inputsOf(batch, this.#program, (value) => value);
    this.#loss = watch(loss);
    this.#outputs = made.map(({ layer, value }, i) => ({
      layer,
      output: watch(value),
      gradient: watchIfFound(found[weights.length + i]),
    }));
    this.#gradients = new Map(
      model.variables.flatMap((variable, i) => {
        const gradient = found[i];
        return gradient ? [[variable, watch(gradient)] as const] : [];
      }),
    );
  }

  /** @param step whose random numbers are drawn */
  observe(batch: FeedBatch, step: number): Observation {
    this.#traced.randomState.beginStep(step);
    this.#program.ready();
    for (const { feed, array } of this.#inputs) feed(batch.feeds).write(array, batch);
    this.#program.run();
    return {
      loss: this.#loss.array.at(0),
      outputs: this.#outputs.map(({ layer, output, gradient }) => ({
        layer,
        output: tensorOf(output),
        gradient: gradient && tensorOf(gradient),
      })),
      gradients: new Map([...this.#gradients].map(([variable, each]) => [variable, tensorOf(each)])),
    };
  }

  dispose(): void {
    this.#program.dispose();
  }
}

const tensorOf = ({ value: { shape, dtype }, array }: Watched): Tensor =>
  new Tensor(array.copy() as Float32Array<ArrayBuffer>, shape, dtype as DataType);
