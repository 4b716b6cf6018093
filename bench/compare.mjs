// Says whether something got slower: this checkout against another, round by round in one run.
//
//   npm run compare -- origin/main     against a commit, built in the folder of temporary files
//   npm run compare -- ../other        against another checkout
//   --rounds=41                        more rounds; 21 by default
//   --only=LSTM                        workloads whose name contains this
//   --contestant='relaxed, 2 threads'   another build or number of threads than 'simd, 1 thread'
//
// Needs none of the benchmark's peers. On one thread it is the processor's time that counts, so that the machine may
// have other work; the figures are then noisier, not wrong. Both make the same steps, so that their losses must be the same.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { option } from './command-line.mjs';
import { inNode } from './processes.mjs';
import { duration } from './report.mjs';
import { learningSteps, median, quantile } from './statistics.mjs';
import { comparedWorkloads } from './workloads.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(option('rounds') ?? 21);
const contestant = `lanegrad ${option('contestant') ?? 'simd, 1 thread'}`;
const workloads = comparedWorkloads.filter(({ name }) => name.includes(option('only') ?? ''));
const base = process.argv.slice(2).find((each) => !each.startsWith('--'));
if (!base) throw new Error('Against what? node compare.mjs <commit or folder>');

/** Seconds that a round takes about, and at most until an answer must have come. */
const secondsPerRound = 0.04;
const limit = 60;
/** Where the best rounds and three quarters of all have a ratio above this, it is no noise. */
const slower = 1.02;
/** What is compared: threads may wait while they keep a processor busy. */
const measure = contestant.endsWith('1 thread') ? 'processor' : 'seconds';

/** The folder of a checkout with the sources of the base. */
function checkOut(commitOrFolder) {
  if (existsSync(join(commitOrFolder, 'package.json'))) return resolve(commitOrFolder);
  const git = (...args) => execFileSync('git', args, { cwd: root, maxBuffer: Number.POSITIVE_INFINITY });
  const hash = git('rev-parse', '--short=12', `${commitOrFolder}^{commit}`).toString().trim();
  const folder = join(tmpdir(), 'lanegrad-compared', hash);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', hash) });
    // Its dependencies are taken to be the same.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  }
  return folder;
}

/** The bundle for Node of a checkout, built where a source is newer. */
function built(folder) {
  const bundle = join(folder, 'dist/node.js');
  const sources = ['src', 'assembly', 'scripts'].flatMap((room) =>
    readdirSync(join(folder, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('generated'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const time = (path) => statSync(path).mtimeMs;
  if (!existsSync(bundle) || sources.some((path) => time(path) > time(bundle))) {
    console.error(`building ${folder}`);
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'inherit' });
  }
  return bundle;
}

/** Both sides, each in a process of its own, after the same first steps. */
async function start(workload, bundles) {
  const talks = [];
  for (const bundle of bundles) {
    const talk = inNode('lanegrad.mjs', contestant, bundle);
    await talk.ask({ ready: true }, limit);
    talks.push(talk);
  }
  for (const talk of talks) await talk.ask({ workload }, limit);
  for (const talk of talks) await talk.ask({ steps: learningSteps }, limit);
  return talks;
}

async function compare(workload, bundles) {
  const talks = await start(workload, bundles);
  try {
    let steps = learningSteps;
    const times = [[], []];
    let sameLoss = true;
    // The first two rounds only warm up and find how many steps fill a round.
    for (let round = -2; round < rounds; round++) {
      const answers = [];
      // Neither side always comes first.
      for (const side of round % 2 ? [0, 1] : [1, 0]) answers[side] = await talks[side].ask({ steps }, limit);
      sameLoss &&= Object.is(answers[0].loss, answers[1].loss);
      const seconds = answers.map((answer) => answer[measure] / steps);
      if (round >= 0) for (const side of [0, 1]) times[side].push(seconds[side]);
      else steps = Math.max(1, Math.round(secondsPerRound / Math.min(...seconds)));
    }
    return { times, sameLoss };
  } finally {
    for (const talk of talks) talk.stop();
  }
}

function row({ name, batch }, { times: [base, head], sameLoss }) {
  const ratios = head.map((seconds, round) => seconds / base[round]);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share));
  const least = Math.min(...head) / Math.min(...base);
  const verdict = [low > slower && least > slower && 'SLOWER', !sameLoss && 'OTHER LOSS']
    .filter(Boolean)
    .join(', ');
  const durations = [base, head].map((seconds) => duration(median(seconds)));
  const shown = (ratio) => ratio.toFixed(3);
  const quartiles = `${shown(low)}–${shown(high)}`;
  return [`${name}, batch ${batch}`, ...durations, shown(middle), quartiles, shown(least), verdict];
}

const bundles = [built(checkOut(base)), built(root)];
const widths = [52, 9, 9, 7, 13, 7];
const print = (cells) =>
  console.log(
    cells
      .map((cell, i) => (i > 0 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[0])))
      .join('  ')
      .trimEnd(),
  );
print(['a step', base.slice(-9), 'here', 'ratio', 'quartiles', 'of best']);
for (const workload of workloads) print(row(workload, await compare(workload, bundles)));
const [load] = loadavg();
if (load > availableParallelism())
  console.log(
    `Others were at work (load ${load.toFixed(1)}): repeat what looks odd, with --only and more --rounds.`,
  );
