// A contestant in a process of its own: told a workload and a number of steps, it answers with the time they
// took and kept processors busy, the loss after them, and the most memory that the process has had.

import process from 'node:process';
import { problem } from './workloads.mjs';

const [, , file, name] = process.argv;
const { contestants } = await import(new URL(`contestants/${file}`, import.meta.url));
const contestant = contestants.find((each) => each.name === name);
let running;

async function answer({ workload, steps }) {
  if (workload) {
    running = await contestant.create(workload, problem(workload));
    return {};
  }
  const began = performance.now();
  const busy = process.cpuUsage();
  const measured = await running.steps(steps);
  // A contestant that measures a part of what it does says so by returning the time.
  const seconds = measured ?? (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(busy);
  const processor = (user + system) / 1e6;
  return { seconds, processor, loss: await running.loss(), peak: process.resourceUsage().maxRSS };
}

process.on('message', async (message) => {
  try {
    process.send(await answer(message));
  } catch (error) {
    process.send({ error: String(error?.message ?? error).split('\n')[0] });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
