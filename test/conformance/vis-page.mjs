// A page on which @tensorflow/tfjs-vis draws what lanegrad has: histories, models, layers, tensors.

import * as tf from '@tensorflow/tfjs';
import * as tfvis from '@tensorflow/tfjs-vis';

const surface = (name) => ({ name, tab: 'all' });

const logs = ['loss', 'val_loss', 'acc', 'val_acc'];

/** What each drawing gives, by its name, and what the page says then. */
async function drawAll() {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'relu', inputShape: [2] }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const x = tf.randomNormal([40, 2]);
  const labels = x.slice([0, 0], [40, 1]).squeeze([1]).greater(0).toInt();
  const y = tf.oneHot(labels, 2);
  const options = { epochs: 3, validationSplit: 0.2, verbose: 0 };
  const callbacks = tfvis.show.fitCallbacks(surface('as it goes'), logs, {
    callbacks: ['onBatchEnd', 'onEpochEnd'],
  });
  const history = await model.fit(x, y, { ...options, callbacks });
  await tfvis.show.history(surface('history'), history, logs);
  await tfvis.show.modelSummary(surface('model'), model);
  await tfvis.show.layer(surface('layer'), model.getLayer(undefined, 0));
  await tfvis.show.valuesDistribution(surface('values'), x);
  const predicted = model.predict(x).argMax(-1);
  const confusion = await tfvis.metrics.confusionMatrix(labels, predicted);
  await tfvis.render.confusionMatrix(surface('confusion'), { values: confusion });
  const perClass = await tfvis.metrics.perClassAccuracy(labels, predicted);
  await tfvis.show.perClassAccuracy(surface('classes'), perClass, ['left', 'right']);
  await tfvis.render.heatmap(surface('heat'), { values: x.slice([0, 0], [4, 2]) });
  await tfvis.render.histogram(surface('numbers'), x.dataSync());
  const accuracy = await tfvis.metrics.accuracy(labels, predicted);
  return {
    confusion,
    counts: perClass.map(({ count }) => count),
    accuracy,
    ownAccuracy: labels.equal(predicted).mean().dataSync()[0],
    drawings: document.querySelectorAll('canvas, svg').length,
    text: document.body.innerText,
  };
}

window.drawAll = drawAll;
