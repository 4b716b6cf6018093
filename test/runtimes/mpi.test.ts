// Ranks that run in other runtimes than the tests' own: the same bits, with each MPI that there is.

import { beforeAll, describe, expect, test } from 'vitest';
import { isThere, launchers, run } from '../mpi/launch.ts';
import { alone, parse, type Results, script } from '../mpi/train.ts';
import { everywhere, leftOut } from './everywhere.ts';
import { installedProgram } from './processes.ts';

const runtimes = [
  ['Node 22', installedProgram('node-22/bin/node'), []],
  ['Node 26', installedProgram('node-26/bin/node'), []],
  ['Deno', installedProgram('deno/deno'), ['run', '--allow-all']],
  ['Bun', installedProgram('bun/bin/bun.exe'), []],
] as const;

// Bun does not tell C libraries what a script sets.
const settings = { UCX_MEM_MMAP_HOOK_MODE: 'none' };

let expected: Results;
beforeAll(async () => {
  if (everywhere) expected = await alone({ networks: ['dense'] });
});

describe.each(launchers)('%s', (_, launcher, parameters) => {
  describe.each(runtimes)('%s', (_name, program, args) => {
    const note = program && isThere(launcher) ? leftOut : ' (left out: not installed on this machine)';

    test.skipIf(!everywhere || !program || !isThere(launcher))(
      `two ranks, the bits of one${note}`,
      async () => {
        const order = JSON.stringify({ networks: ['dense'] });
        const command = [launcher, ...parameters, '-n', '2', program!, ...args, script, order] as const;
        expect(parse((await run(command, settings)).stdout)[0]).toEqual(expected);
      },
    );
  });
});
