// Launchers of MPI, as tests start them.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Open MPI's settings: containers run as root, have few cores, and may not read each other's memory. */
const env = {
  ...process.env,
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
  OMPI_MCA_rmaps_base_oversubscribe: '1',
};

export type Launcher = 'mpirun.openmpi' | 'mpirun.mpich';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Names, programs, and what these are to be told. */
export const launchers = [
  ['Open MPI', 'mpirun.openmpi', ['--oversubscribe']],
  ['MPICH', 'mpirun.mpich', []],
] as const satisfies readonly (readonly [string, Launcher, readonly string[]])[];

export const isThere = (launcher: Launcher): boolean =>
  spawnSync(launcher, ['--version'], { env }).status === 0;

/** Runs a command with what launchers want in the environment. */
export const run = (
  [program, ...parameters]: readonly [string, ...string[]],
  settings: Readonly<Record<string, string>> = {},
): Promise<Output> => promisify(execFile)(program, parameters, { env: { ...env, ...settings } });

/** Runs a script of Node on so many ranks. */
export const launch = (
  launcher: Launcher,
  settings: readonly string[],
  ranks: number,
  script: readonly string[],
): Promise<Output> => run([launcher, ...settings, '-n', `${ranks}`, process.execPath, ...script]);

/** What the ranks say where they fail, and how many seconds that takes. */
export async function failureOf(start: () => Promise<Output>): Promise<{ said: string; seconds: number }> {
  const begin = Date.now();
  const failed = await start().then(
    () => undefined,
    (reason: Output) => reason,
  );
  if (!failed) throw new Error('The ranks should have failed, and did not.');
  return { said: failed.stdout + failed.stderr, seconds: (Date.now() - begin) / 1000 };
}

/** The same where a rank is lost: MPICH 4.2's launcher may then end as if all were well, without results or a word. */
export const lossOf = (start: () => Promise<Output>) =>
  failureOf(async () => {
    const output = await start();
    return output.stdout === '' ? Promise.reject(output) : output;
  });
