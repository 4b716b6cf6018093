// Measures training steps of every contestant in one run: interleaved rounds, medians, the spread beside them.
//
//   node run.mjs            five rounds of about half a second each
//   node run.mjs --quick    three short rounds

import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { workloads } from './workloads.mjs';

const quick = process.argv.includes('--quick');
const rounds = quick ? 3 : 5;
const secondsPerRound = quick ? 0.05 : 0.5;
const contestants = ['lanegrad relaxed', 'lanegrad simd', 'pure JS'];
/** Steps after which contestants must agree on the loss: Adam has moved, rounding has not yet spread. */
const checkedSteps = 20;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function contestant(name) {
  const child = fork(fileURLToPath(new URL('contestant.mjs', import.meta.url)), [name], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let pending;
  child.on('message', (answer) => pending.resolve(answer));
  child.on('exit', () => pending?.reject(new Error('cannot run here')));
  const ask = (message) =>
    new Promise((resolve, reject) => {
      pending = { resolve, reject };
      if (child.connected) child.send(message);
      else reject(new Error('cannot run here'));
    });
  return { name, ask, stop: () => child.kill() };
}

/** Losses after the same few steps; then steps enough for a round. */
async function prepare({ ask }, workload) {
  const { loss } = await ask({ workload, steps: checkedSteps });
  const { seconds } = await ask({ steps: checkedSteps });
  let steps = Math.max(checkedSteps, Math.ceil((secondsPerRound / seconds) * checkedSteps));
  const warm = await ask({ steps });
  steps = Math.max(1, Math.ceil((steps * secondsPerRound) / warm.seconds));
  return { loss, steps };
}

const running = contestants.map(contestant);
console.log(`${cpus()[0].model}, Node ${process.version}; ${rounds} interleaved rounds\n`);
console.log(
  '| workload | batch | contestant | µs per step | min–max | samples/s | against pure JS | loss after 20 steps |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const workload of workloads) {
  const results = [];
  for (const each of running) {
    try {
      results.push({ ...each, ...(await prepare(each, workload)), times: [] });
    } catch (error) {
      console.log(`| ${workload.name} | ${workload.batch} | ${each.name} | ${error.message} | | | | |`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      const { seconds } = await result.ask({ steps: result.steps });
      result.times.push((seconds / result.steps) * 1e6);
    }
  }
  const reference = median(results.find(({ name }) => name === 'pure JS').times);
  for (const { name, times, loss } of results) {
    const time = median(times);
    const spread = `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`;
    const rate = Math.round((workload.batch / time) * 1e6);
    console.log(
      `| ${workload.name} | ${workload.batch} | ${name} | ${time.toFixed(1)} | ${spread} | ${rate} | ${(reference / time).toFixed(1)}× | ${loss.toFixed(5)} |`,
    );
  }
}
for (const { stop } of running) stop();
