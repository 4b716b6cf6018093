// A contestant in a process of its own: told a workload and a number of steps, it answers with the time they
// took and the loss after them.

import process from 'node:process';
import * as tf from 'lanegrad';
import { lanegrad } from './lanegrad.mjs';
import { pureJs } from './pure-js.mjs';
import { problem } from './workloads.mjs';

const [, , contestant] = process.argv;
if (contestant !== 'pure JS') tf.init({ variant: contestant.split(' ')[1] });

function start(workload) {
  if (contestant !== 'pure JS') return lanegrad(workload, problem(workload));
  const step = pureJs(workload, problem(workload));
  return async (steps) => {
    let loss = 0;
    for (let i = 0; i < steps; i++) loss = step();
    return loss;
  };
}

let train;
process.on('message', async ({ workload, steps }) => {
  if (workload) train = start(workload);
  const began = performance.now();
  const loss = await train(steps);
  process.send({ seconds: (performance.now() - began) / 1000, loss });
});
