// What is compared between commits runs, and comes to the same loss every time.

import { expect, test } from 'vitest';
import { contestants } from '../../bench/contestants/lanegrad.mjs';
import { comparedWorkloads, problem } from '../../bench/workloads.mjs';
import * as tf from '../../src/node.ts';

test.each(comparedWorkloads)('$name, batch $batch', async (workload) => {
  const losses = [];
  for (let i = 0; i < 2; i++) {
    tf.setSeed(1);
    const running = await contestants[0].create(workload, problem(workload));
    await running.steps(2);
    losses.push(await running.loss());
  }
  expect(losses[0]).toBeGreaterThan(0);
  expect(losses[1]).toBe(losses[0]);
});
