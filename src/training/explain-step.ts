// `explainStep`: one step of training, taken and told.

import type { Layer } from '../layers/base/layer.ts';
import { having, readAs } from '../options/kinds.ts';
import { readOptions } from '../options/read-options.ts';
import type { Weights } from '../state/weights.ts';
import { Tensor } from '../tensor/tensor.ts';
import { wholeBatch } from './batch.ts';
import { type ExplainedWeight, type StepExplanation, textOf } from './explanation.ts';
import type { DataList } from './feed.ts';
import { type Observation, StepObserver } from './observe-step.ts';
import { type SampleWeightOptions, weightOptions } from './sample-weights.ts';
import type { FittedModel } from './trainable.ts';
import type { Trainer } from './trainer.ts';

/** A model that is compiled. */
interface Explained extends FittedModel {
  readonly layers: readonly Layer[];
  /** @internal */
  trainerFor(method: string): Trainer;
}

const explained = /* @__PURE__ */ having<Explained>('a model', 'trainerFor');

/**
 * Takes one step on a batch, as `trainOnBatch` does, and tells what happened in it: what every layer made, the loss, its
 * gradient for every output and weight, and the weights before and after. `console.log(String(tf.explainStep(model, x, y)))`
 * reads as a walk through backpropagation.
 * @param model compiled
 * @param x inputs of one batch: [samples, …] for each input
 * @param y targets: [samples, …] for each output
 * @param options classWeight and sampleWeight
 * @throws LanegradError before `compile`, for data that do not fit, and where the loss is not finite.
 */
export function explainStep(
  model: Explained,
  x: DataList,
  y: DataList,
  options: SampleWeightOptions = {},
): StepExplanation {
  const where = 'explainStep';
  const trainer = readAs(explained, `${where}: model`, model).trainerFor(where);
  const batch = wholeBatch(trainer.feeds(where, x, y, readOptions(where, weightOptions, options)));
  const { optimizer } = trainer;
  const { iterations, learningRate } = optimizer;
  const moved = new Set(model.movedVariables);
  const before = new Map(model.variables.map((variable) => [variable, weightsOf(variable)]));
  const observer = new StepObserver(trainer.traced, batch);
  try {
    const seen = observer.observe(batch, iterations);
    trainer.step(batch, trainer.totals(), () => where);
    const { loss: lossAfter } = observer.observe(batch, iterations);
    const weightOf = (variable: Weights): ExplainedWeight => ({
      name: variable.name,
      before: before.get(variable)!,
      gradient: seen.gradients.get(variable),
      after: weightsOf(variable),
      isTrained: moved.has(variable),
    });
    const explanation = {
      lossName: trainer.compiled.outputs.map(({ loss }) => loss.name).join(', '),
      loss: seen.loss,
      lossAfter,
      optimizer: optimizer.className,
      learningRate,
      step: iterations + 1,
      samples: batch.count,
      layers: layersOf(seen).map(([layer, made]) => ({
        name: layer.name,
        className: layer.className,
        outputs: made.map(({ output }) => output),
        outputGradients: made.map(({ gradient }) => gradient),
        weights: layer.variables.map(weightOf),
      })),
    };
    return { ...explanation, toString: () => textOf(explanation) };
  } finally {
    observer.dispose();
  }
}

const weightsOf = (variable: Weights): Tensor => new Tensor(variable.values(), variable.shape, 'float32');

/** What each layer made, in the order of their first calls. */
function layersOf({ outputs }: Observation): [Layer, Observation['outputs'][number][]][] {
  const layers = new Map<Layer, Observation['outputs'][number][]>();
  for (const each of outputs) layers.set(each.layer, [...(layers.get(each.layer) ?? []), each]);
  return [...layers];
}
