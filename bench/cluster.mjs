// Two processes of one thread against one of two threads and one of one, which take turns; and what messages between two
// processes take. By wall time, for which the machine should have nothing else to do; and by processor time of one of the
// processes, which is what a step would take where each had a processor for itself.
//
//   node cluster.mjs        --launcher=mpirun.openmpi --batch=256 --steps=40 --rounds=5 --json=cluster.json
//
// Needs an MPI library, koffi, and lanegrad: installed, or a bundle that LANEGRAD_BUILD names.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { option } from './command-line.mjs';
import { duration } from './report.mjs';
import { median } from './statistics.mjs';

const launcher = option('launcher') ?? 'mpirun.openmpi';
const batch = Number(option('batch') ?? 256);
const steps = Number(option('steps') ?? 40);
const rounds = Number(option('rounds') ?? 5);
const json = option('json');

const script = fileURLToPath(new URL('cluster-rank.mjs', import.meta.url));
const root = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
/** Containers may not read each other's memory. */
const inMemory = { OMPI_MCA_btl_vader_single_copy_mechanism: 'none' };
const overTcp = { OMPI_MCA_btl: 'tcp,self', UCX_TLS: 'tcp,self' };

async function run(order, ways = inMemory) {
  const { ranks } = order;
  const command = ranks > 1 ? [launcher, '-n', `${ranks}`, process.execPath] : [process.execPath];
  const [program, ...parameters] = [...command, script, JSON.stringify(order)];
  const env = { ...process.env, ...root, ...ways };
  const { stdout } = await promisify(execFile)(program, parameters, { env });
  return JSON.parse(stdout);
}

const contestants = {
  'one process, one thread': { ranks: 1, threads: 1 },
  'one process, two threads': { ranks: 1, threads: 2 },
  'two processes of one thread': { ranks: 2, threads: 1 },
};

/** Messages each way, and bytes of each. */
const sizes = [1, 4, 16].flatMap((messages) => [16, 4096, 65536, 1048576].map((bytes) => [messages, bytes]));

const results = new Map();
for (let round = 0; round < rounds; round++) {
  for (const [name, contestant] of Object.entries(contestants)) {
    const measured = await run({ ...contestant, batch, steps }).catch(() => undefined);
    if (measured) results.set(name, [...(results.get(name) ?? []), measured]);
  }
}

/** Of all rounds' times, of one kind: what comes of them, the least or the median. */
const stepOf = (name, kind, choose) =>
  choose(results.get(name).flatMap(({ times }) => times.map((each) => each[kind])));
const least = (values) => Math.min(...values);
const shown = (name, kind) =>
  `${duration(stepOf(name, kind, least))} (${duration(stepOf(name, kind, median))})`;
const two = 'two processes of one thread';
const ratio = (name, kind, choose) => (stepOf(name, kind, choose) / stepOf(two, kind, choose)).toFixed(2);
const ratios = (name, kind) => `${ratio(name, kind, least)} (${ratio(name, kind, median)})`;

console.log(
  `Node ${process.version}, ${cpus()[0].model}, ${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)}; ` +
    `${launcher}; convnet 32-64, batch ${batch}, ${rounds} rounds of ${steps} steps, least (median) of four at a time\n`,
);
console.log('| | a step | two processes are faster by | processor time of a process | ratio | exchange |');
console.log('|---|---|---|---|---|---|');
for (const [name, measured] of results) {
  const exchange = median(measured.map((each) => each.exchange));
  const cells = [
    shown(name, 'wall'),
    ratios(name, 'wall'),
    shown(name, 'processor'),
    ratios(name, 'processor'),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} | ${(100 * exchange).toFixed(1)} % |`);
}

const probe = { ranks: 2, threads: 1, isProbe: true, sizes };
const messages = { memory: await run(probe), tcp: await run(probe, { ...inMemory, ...overTcp }) };
console.log('\n| messages each way | bytes of each | in memory | over TCP |\n|---|---|---|---|');
const both = (each) => `${duration(each.least)} (${duration(each.median)})`;
for (const [i, each] of messages.memory.entries())
  console.log(`| ${each.messages} | ${each.bytes} | ${both(each)} | ${both(messages.tcp[i])} |`);
if (json) {
  const steps = Object.fromEntries(
    [...results].map(([name, [{ floats }]]) => {
      const leasts = { wall: stepOf(name, 'wall', least), processor: stepOf(name, 'processor', least) };
      const medians = { wall: stepOf(name, 'wall', median), processor: stepOf(name, 'processor', median) };
      const share = (kind) => median(results.get(name).map((each) => each[kind]));
      return [
        name,
        { least: leasts, median: medians, exchange: share('exchange'), update: share('update'), floats },
      ];
    }),
  );
  writeFileSync(json, `${JSON.stringify({ launcher, batch, steps, messages }, undefined, 2)}\n`);
}
