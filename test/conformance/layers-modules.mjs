// What the Layers tests import from modules of TensorFlow.js that no script can, and what a script says in its place:
// `new Dense(options)` is `tf.layers.dense(options)`, `getInitializer(name)` is a layer's option. Functions that a
// script reaches in no way are not here, and tests of them do not count.

import { constraints, getConstraint } from '../../src/constraints/constraints.ts';
import { getInitializer, initializers } from '../../src/initializers/initializers.ts';
import { snakeCased } from '../../src/io/json.ts';
import { registerBuiltInLayers } from '../../src/layers/base/classes.ts';
import { layerFromConfig } from '../../src/layers/base/registry.ts';
import * as layers from '../../src/layers/index.ts';
import { input } from '../../src/layers/input-layer.ts';
import { metrics } from '../../src/metrics/tensor-forms.ts';
import { model } from '../../src/models/functional.ts';
import { LayersModel } from '../../src/models/layers-model.ts';
import { modelFromJSON } from '../../src/models/model-from-json.ts';
import { rebuildModel } from '../../src/models/rebuild.ts';
import { optimizer } from '../../src/optimizers/optimizers.ts';
import { readAs } from '../../src/options/kinds.ts';
import { getRegularizer, regularizers } from '../../src/regularizers/regularizers.ts';
import { Callback, CallbackList } from '../../src/training/callbacks/callback.ts';
import { History } from '../../src/training/callbacks/history.ts';

/** A class by what makes its instances. */
function classOf(make) {
  function Class(options) {
    return make(options);
  }
  return Object.assign(Class, { className: make().className });
}

/** The class of what a factory made. */
const classOfLayer = (layer) => layer.constructor;

/** As saved models have it. */
const serialized = (given) => given && { className: given.className, config: given.config };

registerBuiltInLayers();

/** A layer or a model that a configuration describes. */
export const deserialize = (config) =>
  ['Model', 'Functional', 'Sequential'].includes(config.className)
    ? rebuildModel(snakeCased(config))
    : layerFromConfig(config);

export { Callback as BaseCallback, CallbackList, History, modelFromJSON };
export const { binaryAccuracy, categoricalAccuracy, r2Score } = metrics;

export const Input = input;
export const Container = LayersModel;

/** Values of inputs. */
export class FeedDict {
  constructor(feeds) {
    this.feeds = feeds;
  }
}

/** What a symbolic tensor is where inputs have values. */
export function execute(output, { feeds }) {
  return model({ inputs: feeds.map(({ key }) => key), outputs: output }).apply(
    feeds.map(({ value }) => value),
  );
}

const getOptimizer = (identifier) => readAs(optimizer, 'optimizer', identifier);

export { getConstraint, getInitializer, getOptimizer, getRegularizer };
export const deserializeConstraint = getConstraint;
export const deserializeRegularizer = getRegularizer;
export const serializeConstraint = serialized;
export const serializeInitializer = serialized;
export const serializeRegularizer = serialized;

export const Zeros = classOf(initializers.zeros);
export const Ones = classOf(initializers.ones);
export const VarianceScaling = classOf(initializers.varianceScaling);
export const GlorotUniform = classOf(initializers.glorotUniform);
export const HeUniform = classOf(initializers.heUniform);
export const NonNeg = classOf(constraints.nonNeg);
export const UnitNorm = classOf(constraints.unitNorm);
export const L1L2 = classOf(regularizers.l1l2);

export const Dense = classOfLayer(layers.dense({ units: 1 }));
export const Reshape = classOfLayer(layers.reshape({ targetShape: [1] }));
export const Add = classOfLayer(layers.add());
export const Average = classOfLayer(layers.average());
export const Concatenate = classOfLayer(layers.concatenate());
export const Maximum = classOfLayer(layers.maximum());
export const Minimum = classOfLayer(layers.minimum());
export const Multiply = classOfLayer(layers.multiply());
export const SimpleRNN = classOfLayer(layers.simpleRNN({ units: 1 }));
export const Bidirectional = classOfLayer(layers.bidirectional({ layer: layers.simpleRNN({ units: 1 }) }));
export const TimeDistributed = classOfLayer(layers.timeDistributed({ layer: layers.dense({ units: 1 }) }));
export const CategoryEncoding = classOfLayer(layers.categoryEncoding({ numTokens: 1 }));
export const CenterCrop = classOfLayer(layers.centerCrop({ height: 1, width: 1 }));
export const Rescaling = classOfLayer(layers.rescaling({ scale: 1 }));
export const Resizing = classOfLayer(layers.resizing({ height: 1, width: 1 }));
export const RandomWidth = classOfLayer(layers.randomWidth({ factor: 0.5 }));
export const RandomHeight = classOfLayer(layers.randomHeight({ factor: 0.5 }));
export const { RNN, RNNCell } = layers;
