// Networks larger than the benchmark's, lanegrad and PyTorch in turn on one thread each, by processor time: the machine
// may have other work. And how the time to a first step grows with the length of a sequence, and with depth.
//
//   node networks.mjs              --python=PATH: a Python that can import torch; --only=text; --rounds=9
//
// Needs none of the peers, but lanegrad: installed, or a bundle that LANEGRAD_BUILD names.

import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { tf } from './build.mjs';
import { findPython } from './contestants/pytorch.mjs';
import { duration } from './report.mjs';
import { median } from './statistics.mjs';

const option = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
const rounds = Number(option('rounds') ?? 9);
const only = option('only') ?? '';
const secondsPerRound = 0.15;
const { layers: l } = tf;

const classes = () => l.dense({ units: 10, activation: 'softmax' });
const dense = (first, ...units) => [
  ...units.map((count, i) =>
    l.dense({ units: count, activation: 'relu', ...(i === 0 && { inputShape: [first] }) }),
  ),
  classes(),
];
const lstm = (units, inputShape) => [
  l.lstm({ units, inputShape, recurrentActivation: 'sigmoid' }),
  classes(),
];
const convnet = () => [
  l.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
  l.maxPooling2d({ poolSize: 2 }),
  l.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  l.maxPooling2d({ poolSize: 2 }),
  l.flatten(),
  l.dropout({ rate: 0.5 }),
  classes(),
];
const normalised = () => {
  const block = (filters, first) => [
    l.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, ...first }),
    l.batchNormalization(),
    l.activation({ activation: 'relu' }),
  ];
  return [
    ...block(32, { inputShape: [32, 32, 3] }),
    ...block(32),
    l.maxPooling2d({ poolSize: 2 }),
    ...block(64),
    ...block(64),
    l.maxPooling2d({ poolSize: 2 }),
    l.flatten(),
    classes(),
  ];
};
const embedded = () => [
  l.embedding({ inputDim: 20000, outputDim: 64, inputLength: 100 }),
  l.globalAveragePooling1d({}),
  classes(),
];

/** By the names that networks.py knows them by: layers, and a batch. */
const networks = {
  '784-128-10, batch 128': [() => dense(784, 128), [128, 784]],
  '784-128-10, batch 32': [() => dense(784, 128), [32, 784]],
  '1024-2048-2048-10, batch 512': [() => dense(1024, 2048, 2048), [512, 1024]],
  'convnet 32-64, batch 128': [convnet, [128, 28, 28, 1]],
  'normalised 32-32-64-64, batch 64': [normalised, [64, 32, 32, 3]],
  'LSTM of 64, 50 times of 64, batch 32': [() => lstm(64, [50, 64]), [32, 50, 64]],
  'LSTM of 128, 100 times of 32, batch 64': [() => lstm(128, [100, 32]), [64, 100, 32]],
  'embedding of 20,000 × 64, 100 words, batch 32': [embedded, [32, 100], 20000],
};

function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function timed(work) {
  const began = processorSeconds();
  await work();
  return processorSeconds() - began;
}

/** A function that makes so many steps on one batch. @param words from which the batch is drawn, else numbers */
function stepper(makeLayers, shape, words) {
  const model = tf.sequential({ layers: makeLayers() });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = words ? tf.floor(tf.randomUniform(shape, 0, words)) : tf.randomUniform(shape, -1, 1);
  const y = tf.tensor1d(Array.from({ length: shape[0] }, (_, i) => i % 10));
  return (epochs) => model.fit(x, y, { epochs, batchSize: shape[0], shuffle: false, verbose: 0 });
}

/** PyTorch's seconds for so many steps of a network; undefined where no Python can import torch. */
async function startPyTorch() {
  const python = option('python') ?? findPython();
  if (!python) return undefined;
  const child = spawn(python, [new URL('networks.py', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const version = (await lines.next()).value;
  return {
    version,
    async seconds(name, steps) {
      child.stdin.write(`${name}\t${steps}\n`);
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

/** Seconds a step, the least and the median of the rounds, of each contestant, which take turns. */
async function compared(name, [makeLayers, shape, words], torch) {
  const step = stepper(makeLayers, shape, words);
  const runs = [(count) => timed(() => step(count))];
  if (torch) runs.push((count) => torch.seconds(name, count));
  const counts = [];
  for (const run of runs) {
    await run(5);
    counts.push(Math.max(1, Math.round((secondsPerRound * 3) / (await run(3)))));
  }
  const times = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of runs.entries()) times[i].push((await run(counts[i])) / counts[i]);
  }
  return times;
}

const shown = (times) => `${duration(Math.min(...times))} (${duration(median(times))})`;

/** The first step of a model, in processor seconds. */
const firstStep = (makeLayers, shape) => timed(() => stepper(makeLayers, shape)(1));

tf.init({ threads: 1 });
await tf.ready();
const torch = await startPyTorch();
console.log(
  `Node ${process.version}, PyTorch ${torch?.version ?? 'none'}; a step, least (median) of ${rounds} rounds\n`,
);
console.log('| network | lanegrad | PyTorch | ratio of the medians |\n|---|---|---|---|');
for (const [name, network] of Object.entries(networks)) {
  if (!name.includes(only)) continue;
  const [own, theirs] = await compared(name, network, torch);
  const ratio = theirs ? (median(theirs) / median(own)).toFixed(2) : '';
  console.log(`| ${name} | ${shown(own)} | ${theirs ? shown(theirs) : ''} | ${ratio} |`);
}
torch?.end();
if (!only) {
  console.log('\n| first step | processor time |\n|---|---|');
  for (const times of [100, 200, 400, 800, 1600]) {
    const seconds = await firstStep(() => lstm(64, [times, 16]), [8, times, 16]);
    console.log(`| LSTM of 64, ${times} times of 16, batch 8 | ${duration(seconds)} |`);
  }
  for (const depth of [10, 20, 40, 80]) {
    const seconds = await firstStep(() => dense(64, ...new Array(depth).fill(64)), [8, 64]);
    console.log(`| ${depth} dense layers of 64, batch 8 | ${duration(seconds)} |`);
  }
}
