// Measures every contestant in one run: interleaved rounds, medians, the spread beside them.
//
//   node run.mjs                 five rounds of about 0.4 s each
//   node run.mjs --quick         three short rounds, ends within a minute
//   node run.mjs --only=XOR      contestants or workloads whose name contains this
//   node run.mjs --rounds=3      fewer rounds
//   node run.mjs --note=busy     a sentence for the top of the results

import { readdirSync, writeFileSync } from 'node:fs';
import { chart } from './chart.mjs';
import { option } from './command-line.mjs';
import { findPython } from './contestants/pytorch.mjs';
import { describeMachine } from './machine.mjs';
import { measure } from './measure.mjs';
import { simdPeak } from './peak.mjs';
import { processPool } from './processes.mjs';
import { markdown } from './report.mjs';
import { workloads } from './workloads.mjs';

const order = ['lanegrad', 'plain-js', 'pytorch', 'jax-js', 'tfjs', 'small-libraries'].map((n) => `${n}.mjs`);
const quick = process.argv.includes('--quick');
const only = option('only');
const budget = quick
  ? { quick, rounds: 3, secondsPerRound: 0.02, limit: 1, total: 50 }
  : { rounds: Number(option('rounds') ?? 5), secondsPerRound: 0.4, limit: 15, total: Infinity };

async function allContestants() {
  const files = readdirSync(new URL('contestants/', import.meta.url)).filter((file) => file.endsWith('.mjs'));
  files.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const lists = files.map(async (file) => {
    const { contestants } = await import(`./contestants/${file}`);
    return contestants.map((contestant) => ({ ...contestant, file }));
  });
  return (await Promise.all(lists)).flat();
}

const titled = ({ name, batch, kind }) => (kind === 'gemm' ? name : `${name}, batch ${batch}`);
const everyone = await allContestants();
/** Whom --quick leaves out, unless they are asked for: a step of theirs may take longer than all others together. */
const isSlow = ({ name }) => /simd, 2|PyTorch, 2|wasm, 2|cpu|brain|ConvNetJS|synaptic/.test(name);
const chosenContestants = only ? everyone.filter(({ name }) => name.includes(only)) : [];
const chosenWorkloads = only ? workloads.filter((each) => titled(each).includes(only)) : [];
const field =
  chosenContestants.length > 0 ? chosenContestants : everyone.filter((each) => !(quick && isSlow(each)));
const course = chosenWorkloads.length > 0 ? chosenWorkloads : workloads;

const began = performance.now();
const python = findPython();
const processes = processPool(python, quick);
const results = {
  machine: describeMachine(python),
  note: option('note'),
  quick,
  rounds: budget.rounds,
  workloads: [],
};
results.contestants = field.map(({ name, differs }) => ({ name, differs }));
results.peak = simdPeak();
for (const workload of course) {
  const title = titled(workload);
  if ((performance.now() - began) / 1000 > budget.total) {
    results.workloads.push({ ...workload, title, skipped: 'the minute of --quick was over' });
    continue;
  }
  console.error(title);
  const measured = await measure(workload, field, { processes, python, ...budget });
  results.workloads.push({ ...workload, title, results: measured });
}
processes.endAll();
results.minutes = (performance.now() - began) / 60_000;

const page = markdown(results);
console.log(page);
const write = (name, text) => writeFileSync(new URL(name, import.meta.url), text);
write('results.json', `${JSON.stringify(results, undefined, 2)}\n`);
write('results.md', page);
write('chart.svg', chart(results));
