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

/** Names, programs, and what these are to be told. */
export const launchers = [
  ['Open MPI', 'mpirun.openmpi', ['--oversubscribe']],
  ['MPICH', 'mpirun.mpich', []],
] as const;

export const isThere = (launcher: string): boolean =>
  spawnSync(launcher, ['--version'], { env }).status === 0;

/** Runs a script of Node on so many ranks. */
export function launch(
  launcher: string,
  settings: readonly string[],
  ranks: number,
  script: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(launcher, [...settings, '-n', `${ranks}`, process.execPath, ...script], { env });
}
