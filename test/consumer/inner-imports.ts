// Types that scripts import from files within TensorFlow.js's packages, as editors complete them. They are compiled, not
// run.

import { layers, type Tensor } from 'lanegrad';
import type { Kwargs, LayerArgs } from 'lanegrad/dist/engine/topology';
import type { ActivationIdentifier } from 'lanegrad/dist/keras_format/activation_config';
import type { ConvLayerArgs } from 'lanegrad/dist/layers/convolutional';
import type { DenseLayerArgs, DropoutLayerArgs } from 'lanegrad/dist/layers/core';
import type { Logs, UnresolvedLogs } from 'lanegrad/dist/logs';
import type { NamedTensorMap } from 'lanegrad/dist/tensor_types';

/** A layer of one's own, with the types of its constructor and its call said. */
export class Scaled extends layers.Layer {
  static className = 'Scaled';
  readonly factor: number;

  constructor(args: LayerArgs & { factor?: number } = {}) {
    super(args);
    this.factor = args.factor ?? 2;
  }

  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return kwargs.training ? input : input.mul(this.factor);
  }
}

const dense: DenseLayerArgs = { units: 2, activation: 'relu' satisfies ActivationIdentifier };
const conv: ConvLayerArgs = { filters: 2, kernelSize: 3, padding: 'same', inputShape: [8, 8, 1] };
const dropout: DropoutLayerArgs = { rate: 0.5 };
export const made = [layers.conv2d(conv), layers.dropout(dropout), layers.dense(dense), new Scaled()];

export const lossOf = (logs?: Logs): number | undefined => logs?.loss;
export const keysOf = (logs: UnresolvedLogs, tensors: NamedTensorMap): string[] => [
  ...Object.keys(logs),
  ...Object.keys(tensors),
];
