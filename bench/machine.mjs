// What the figures were measured on.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

export function describeMachine(python) {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
  const { lanegrad: _, ...peers } = dependencies;
  const torch =
    python && spawnSync(python, ['-c', 'import torch; print(torch.__version__)']).stdout.toString().trim();
  return {
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    node: process.version,
    v8: process.versions.v8,
    date: new Date().toISOString(),
    loadBefore: loadavg()[0],
    peers: { ...peers, ...(torch && { torch }) },
  };
}
