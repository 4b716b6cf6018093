// The benchmark's opponents learn the same: a comparison of speeds is worth nothing otherwise.

import { expect, test } from 'vitest';
import { lanegrad } from '../../bench/lanegrad.mjs';
import { pureJs } from '../../bench/pure-js.mjs';
import { problem, workloads } from '../../bench/workloads.mjs';

test.each(workloads.filter(({ sizes }) => sizes.length < 4 || sizes[0] < 100))(
  '$name, batch $batch: the same loss after ten steps',
  async (workload) => {
    const step = pureJs(workload, problem(workload));
    let plain = 0;
    for (let i = 0; i < 10; i++) plain = step();
    const loss = await lanegrad(workload, problem(workload))(10);
    expect(Math.abs(loss - plain)).toBeLessThan(1e-5);
  },
);
