// The benchmark's opponents learn the same: a comparison of speeds is worth nothing otherwise.

import { expect, test } from 'vitest';
import { contestants } from '../../bench/contestants/lanegrad.mjs';
import { pureJs } from '../../bench/plain-trainer.mjs';
import { problem, workloads } from '../../bench/workloads.mjs';

const trained = workloads.filter(
  ({ kind, sizes, batch }) => kind === 'train' && sizes.length < 4 && batch < 1024,
);

test.each(trained)('$name, batch $batch: the same loss after ten steps', async (workload) => {
  const step = pureJs(workload, problem(workload));
  let plain = 0;
  for (let i = 0; i < 10; i++) plain = step();
  const running = await contestants[0].create(workload, problem(workload));
  await running.steps(10);
  expect(Math.abs(running.loss() - plain)).toBeLessThan(1e-5);
});
