// Networks larger than the benchmark's, lanegrad and PyTorch in turn. And how the time to a first step grows with the
// length of a sequence, and with depth.
//
//   node networks.mjs              --python=PATH: a Python that can import torch; --only=text; --rounds=9
//                                  --threads=1,8,16: several, by the clock
//
// One thread is measured by processor time: the machine may have other work. Needs none of the peers, but lanegrad:
// installed, or a bundle that LANEGRAD_BUILD names.

import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { tf } from './build.mjs';
import { option } from './command-line.mjs';
import { findPython } from './contestants/pytorch.mjs';
import { dense, lstm, networks, stepper } from './larger.mjs';
import { duration } from './report.mjs';
import { median } from './statistics.mjs';

const rounds = Number(option('rounds') ?? 9);
const only = option('only') ?? '';
const threadCounts = (option('threads') ?? '1').split(',');
const python = option('python') ?? findPython();
const clock = threadCounts.length > 1 ? 'wall' : 'processor';
const secondsPerRound = 0.15;

/** Starts a process that makes steps: steps.mjs, or networks.py. */
async function contestant(name, command, script, threads) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(command, [path, threads], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    name: `${name}, ${threads} thread${threads === '1' ? '' : 's'}`,
    async seconds(network, steps) {
      child.stdin.write(`${network}\t${steps}\n`);
      const [wall, processor] = (await lines.next()).value.split(' ').map(Number);
      return clock === 'wall' ? wall : processor;
    },
    end: () => child.stdin.end(),
  };
}

async function contestants() {
  const all = [];
  for (const threads of threadCounts) {
    all.push(await contestant('lanegrad', process.execPath, './steps.mjs', threads));
    if (python) all.push(await contestant('PyTorch', python, './networks.py', threads));
  }
  return all;
}

/** Seconds a step in each round, of each contestant; they take turns. */
async function compared(network, all) {
  const counts = [];
  for (const each of all) {
    await each.seconds(network, 5);
    const steps = (secondsPerRound * 3) / (await each.seconds(network, 3));
    counts.push(Math.max(1, Math.round(steps)));
  }
  const times = all.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, each] of all.entries()) {
      times[i].push((await each.seconds(network, counts[i])) / counts[i]);
    }
  }
  return times;
}

const shown = (times) => `${duration(Math.min(...times))} (${duration(median(times))})`;

/** The first step of a model, in processor seconds. */
async function firstStep(makeLayers, shape) {
  const before = process.cpuUsage();
  await stepper(makeLayers, shape)(1);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const all = await contestants();
console.log(`Node ${process.version}; a step by ${clock} time, least (median) of ${rounds} rounds\n`);
console.log(`| network | ${all.map(({ name }) => name).join(' | ')} |\n|---|${'---|'.repeat(all.length)}`);
for (const name of Object.keys(networks)) {
  if (!name.includes(only)) continue;
  console.log(`| ${name} | ${(await compared(name, all)).map(shown).join(' | ')} |`);
}
for (const each of all) each.end();
if (!only) {
  tf.init({ threads: 1 });
  await tf.ready();
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
