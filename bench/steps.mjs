// A process that makes steps when it is asked to, as networks.py is one of PyTorch: `node steps.mjs THREADS` reads
// lines of a network's name and a number of steps, and answers with their seconds by the clock and by the processor.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { tf } from './build.mjs';
import { networks, stepper } from './larger.mjs';

tf.init({ threads: Number(process.argv[2]) });
await tf.ready();
const steppers = new Map();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [name, count] = line.split('\t');
  if (!steppers.has(name)) steppers.set(name, stepper(...networks[name]));
  const began = performance.now();
  const before = process.cpuUsage();
  await steppers.get(name)(Number(count));
  const { user, system } = process.cpuUsage(before);
  console.log(`${(performance.now() - began) / 1e3} ${(user + system) / 1e6}`);
}
