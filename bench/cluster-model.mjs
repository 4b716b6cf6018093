// A model of what a step takes on a cluster, fitted to what cluster.mjs measured (cluster.json), and drawn out to 1,024
// ranks: computed, not measured. Prints the tables that docs/cluster.md has; with --write puts them there.
//
//   node cluster-model.mjs --write

import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { duration } from './report.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const guide = fileURLToPath(new URL('../docs/cluster.md', import.meta.url));
const begin = '<!-- computed by bench/cluster-model.mjs -->';
const end = '<!-- to here -->';

/** Floats that a slice of the sum has at least: src/training/distributed/cluster-sum.ts. */
const minSlice = 4096;
const floatBytes = 4;

/** Weights, and floating point operations of a sample's forward and backward pass: 2 for each product. */
const networks = {
  'convnet 32-64': { floats: 34826, flops: 14.3e6 },
  '784-1024-1024-10': { floats: 1863690, flops: 9.6e6 },
  'ResNet-50, 224×224': { floats: 25.6e6, flops: 24.6e9 },
};

/** x so that rows·x is nearest to ones, by least squares: normal equations, eliminated. */
function leastSquares(rows) {
  const count = rows[0].length;
  const sum = (f) => rows.reduce((total, row) => total + f(row), 0);
  const system = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: count }, (_, j) => sum((row) => row[i] * row[j])),
    sum((row) => row[i]),
  ]);
  for (let i = 0; i < count; i++) {
    for (let other = 0; other < count; other++) {
      if (other === i) continue;
      const factor = system[other][i] / system[i][i];
      system[other] = system[other].map((value, j) => value - factor * system[i][j]);
    }
  }
  return system.map((row, i) => row[count] / row[i]);
}

/**
 * Seconds that an exchange takes by itself, for each message, and for each byte, from what was measured: t = λ + αk + βb,
 * with the least squares of errors in proportion. What would be less than nothing is left out.
 */
export function fitted(messages, known = [true, true, true]) {
  const rows = messages.map(({ messages: count, bytes, least }) =>
    [1, count, count * bytes].filter((_, i) => known[i]).map((value) => value / least),
  );
  const found = leastSquares(rows);
  const costs = known.map((isKnown) => (isKnown ? found.shift() : 0));
  const negative = costs.findIndex((cost) => cost < 0);
  return negative < 0
    ? { exchange: costs[0], message: costs[1], byte: costs[2] }
    : fitted(
        messages,
        known.map((isKnown, i) => isKnown && i !== negative),
      );
}

/** What ranks say to each other in a step: slices collected and spread, and two words that the first passes on. */
function exchangeSeconds({ exchange, message, byte }, floats, ranks) {
  if (ranks === 1) return 0;
  const slices = Math.min(ranks, Math.ceil(floats / minSlice));
  // Who has a slice hears from all others, and answers them.
  const sum = exchange + (ranks - 1) * (message + (byte * floatBytes * floats) / slices);
  return 2 * sum + 2 * Math.ceil(Math.log2(ranks)) * (exchange + message);
}

/** Of a rank: its samples, and the update of all weights. */
const stepSeconds = (machine, { floats, flops }, ranks, samples) =>
  (samples * flops) / machine.flops + floats * machine.update + exchangeSeconds(machine.costs, floats, ranks);

/** A machine's numbers, from the step that was measured. */
function machineOf({ batch, steps, messages }, way) {
  const { least, update, floats } = steps['one process, one thread'];
  const seconds = least.processor;
  const { flops } = networks['convnet 32-64'];
  return {
    flops: (batch * flops) / (seconds * (1 - update)),
    update: (seconds * update) / floats,
    costs: fitted(messages[way]),
  };
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The tables, as text. */
export function computed(measured) {
  const machine = machineOf(measured, 'tcp');
  const memory = machineOf(measured, 'memory');
  const costs = [memory, machine].map(({ costs: { exchange, message, byte } }, i) => [
    ['in memory', 'over TCP, one machine'][i],
    `${(1e6 * exchange).toFixed(0)} µs`,
    `${(1e6 * message).toFixed(1)} µs`,
    `${(1e-9 / byte).toFixed(2)} GB/s`,
  ]);
  const ranks = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
  const own = 64;
  const lines = Object.entries(networks).map(([name, network]) => {
    const alone = stepSeconds(machine, network, 1, own);
    return [
      `${name}, ${network.floats.toLocaleString('en')} weights`,
      ...ranks.map((count) => {
        const seconds = stepSeconds(machine, network, count, own);
        return `${duration(seconds)}, ${((100 * alone) / seconds).toFixed(0)} %`;
      }),
    ];
  });
  const { batch, steps } = measured;
  const halved = stepSeconds(memory, networks['convnet 32-64'], 2, batch / 2);
  const seen = steps['two processes of one thread'].least.processor;
  return [
    `A thread computes ${(machine.flops / 1e9).toFixed(0)} GFLOPS of the convnet's passes and updates a weight in ` +
      `${(1e9 * machine.update).toFixed(2)} ns. Messages between two processes, fitted:`,
    table(['way', 'an exchange', 'a message', 'bytes'], costs),
    `For the convnet at batch ${batch} on two ranks that makes ${duration(halved)} a step; measured were ${duration(seen)} of ` +
      'processor time.',
    `A step of ${own} samples for each rank of one thread, over TCP, and the share of it in which the rank does its own ` +
      'work. **Computed, not measured:**',
    table(
      ['ranks', ...lines.map(([name]) => name)],
      ranks.map((count, i) => [count.toLocaleString('en'), ...lines.map((line) => line[i + 1])]),
    ),
  ].join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = computed(JSON.parse(read('cluster.json')));
  if (process.argv.includes('--write')) {
    const [before, rest] = readFileSync(guide, 'utf8').split(begin);
    writeFileSync(guide, `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1]}`);
  } else {
    console.log(text);
  }
}
