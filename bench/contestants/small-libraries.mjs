// brain.js, ConvNetJS and synaptic: one sample at a time, stochastic gradient descent, weights of their own.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const denseOnly = ({ kind }) =>
  ({
    gemm: 'has no matrix product of its own',
    convnet: 'not written for it here: one sample at a time, it would take minutes a step',
    customLoop: 'has no gradients of functions',
    expression: 'has no arrays of its own',
    epoch: 'takes arrays of numbers; a step of 784-128-10 at batch 128 tells the same',
  })[kind];

const oneHot = (label, classes) =>
  classes === 1 ? [label] : Array.from({ length: classes }, (_, i) => (i === label ? 1 : 0));

const samples = ({ sizes, batch }, { x, labels }) =>
  Array.from({ length: batch }, (_, s) => ({
    input: Array.from(x.subarray(s * sizes[0], (s + 1) * sizes[0])),
    label: labels[s],
    output: oneHot(labels[s], sizes[sizes.length - 1]),
  }));

/** Steps and the mean loss of a batch, from one function for a sample: `visit` returns that sample's loss. */
function overSamples(list, visit) {
  let last = Number.NaN;
  return {
    steps(n) {
      for (let i = 0; i < n; i++) last = list.reduce((sum, sample) => sum + visit(sample), 0) / list.length;
    },
    loss: () => last,
  };
}

const squared = (outputs, targets) =>
  targets.reduce((sum, target, i) => sum + (outputs[i] - target) ** 2, 0) / targets.length;

function brain(workload, data) {
  const { NeuralNetwork } = require('brain.js');
  const { sizes, kind } = workload;
  const network = new NeuralNetwork({ hiddenLayers: sizes.slice(1, -1), activation: 'sigmoid' });
  network.sizes = sizes;
  network.initialize();
  return overSamples(samples(workload, data), ({ input, output }) => {
    if (kind === 'inference') return squared(network.runInput(input), output);
    return network.trainPattern({ input, output }, true);
  });
}

function convNet(workload, data) {
  const { Net, Vol, Trainer } = require('convnetjs');
  const { sizes, batch, kind } = workload;
  const classes = Math.max(sizes[sizes.length - 1], 2);
  const hidden = sizes.slice(1, -1).map((units) => ({ type: 'fc', num_neurons: units, activation: 'relu' }));
  const network = new Net();
  const input = { type: 'input', out_sx: 1, out_sy: 1, out_depth: sizes[0] };
  network.makeLayers([input, ...hidden, { type: 'softmax', num_classes: classes }]);
  const options = { method: 'sgd', learning_rate: 0.01, momentum: 0.9, batch_size: batch, l2_decay: 0 };
  const trainer = new Trainer(network, options);
  const list = samples(workload, data).map((sample) => ({ ...sample, volume: new Vol(sample.input) }));
  return overSamples(list, ({ volume, label }) =>
    kind === 'inference'
      ? -Math.log(network.forward(volume).w[label])
      : trainer.train(volume, label).cost_loss,
  );
}

function synaptic(workload, data) {
  const { Architect } = require('synaptic');
  const network = new Architect.Perceptron(...workload.sizes);
  return overSamples(samples(workload, data), ({ input, output }) => {
    const outputs = network.activate(input);
    if (workload.kind !== 'inference') network.propagate(0.1, output);
    return squared(outputs, output);
  });
}

const own = 'one sample at a time, random weights of its own, SGD';
export const contestants = [
  {
    name: 'brain.js 1.6',
    differs: `${own} (sigmoid, squared error); 1.6 because 2.x depends on the native package gl`,
    cannot: denseOnly,
    create: brain,
  },
  {
    name: 'ConvNetJS 0.3',
    differs: `${own} with momentum, updated once a batch: its adam corrects the bias wrongly`,
    cannot: denseOnly,
    create: convNet,
  },
  {
    name: 'synaptic 1.1',
    differs: `${own} (logistic, squared error)`,
    cannot: denseOnly,
    create: synaptic,
  },
];
