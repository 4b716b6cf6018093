// In what order TensorFlow.js lists layers and weights, and writes them. Run in a folder that has @tensorflow/tfjs
// installed.

import { branchedModels } from './branched-models.mjs';
import { base64, save, tf, writeBeside } from './tfjs.mjs';

const models = {};
for (const [name, make] of Object.entries(branchedModels)) {
  const model = make(tf);
  const values = model.inputs.map(({ shape }, i) =>
    Array.from({ length: 3 * shape[1] }, (_, k) => Math.sin(k + i)),
  );
  const inputs = model.inputs.map(({ shape }, i) => tf.tensor(values[i], [3, shape[1]]));
  // Each weight is told from every other.
  model.setWeights(model.getWeights().map((weight, i) => tf.fill(weight.shape, (i + 1) / 20)));
  const predictions = [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  const { modelTopology, weightSpecs, weightData } = await save(model);
  models[name] = {
    layers: model.layers.map((layer) => layer.name),
    weights: model.weights.map((weight) => weight.originalName),
    shapes: model.getWeights().map((weight) => weight.shape),
    trainable: model.trainableWeights.map((weight) => weight.originalName),
    artifacts: { modelTopology, weightSpecs, weightData: base64(weightData) },
    values,
    predictions: predictions.map((prediction) => Array.from(prediction.dataSync())),
  };
}
writeBeside(import.meta.url, models);
