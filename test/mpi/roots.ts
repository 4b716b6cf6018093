// MPI libraries of other releases of Debian, in the folders that make-root.sh has made of them, and ranks that run there.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Launcher, launchers, type Output, run } from './launch.ts';

/** The folder of the roots, each of its release's name. */
const roots = process.env.LANEGRAD_ROOTS ?? '';
const inRoot = join(import.meta.dirname, 'in-root.sh');
/** Seconds until what hangs is ended. */
const patience = '50';

/** A library, and how ranks are started that find it. */
export interface Mpi {
  readonly name: string;
  readonly root: string;
  readonly launcher: Launcher;
  readonly settings: readonly string[];
  /** Its name, as dynamic linkers have it, and how that of its file begins. */
  readonly library: string;
  readonly file: string;
  /** What has a command find it under that name, and no other library, in its root. */
  readonly linked: readonly string[];
  readonly hidden: readonly string[];
}

type Launched = (typeof launchers)[number];

const ownNames: Record<Launcher, string> = {
  'mpirun.openmpi': 'libmpi.so.40',
  'mpirun.mpich': 'libmpich.so.12',
};

function own(release: string, [name, launcher, settings]: Launched): Mpi {
  const library = ownNames[launcher];
  const common = { name: `${name} of ${release}`, root: join(roots, release), launcher, settings };
  return { ...common, library, file: library, linked: [], hidden: [] };
}

/** Has `libmpi_abi.so.1` be that of `$0`, for `$@`. */
const linkStandard = `
  mount -t tmpfs none /mnt && ln -s /usr/lib/*-linux-gnu/libmpi_abi_$0.so.1.* /mnt/libmpi_abi.so.1
  LD_LIBRARY_PATH=/mnt exec "$@"`;

/** Has no library be found that has an interface of its own, for `$@`. */
const hideOwn = `
  for library in /usr/lib/*-linux-gnu/libmpi.so.?? /usr/lib/*-linux-gnu/libmpich.so.??; do
    mount --bind /dev/null $library
  done
  exec "$@"`;

function standard(release: string, launched: Launched): Mpi {
  const mpi = own(release, launched);
  const implementation = mpi.launcher.replace('mpirun.', '');
  return {
    ...mpi,
    name: `${mpi.name}, by MPI 5's binary interface`,
    library: 'libmpi_abi.so.1',
    file: `libmpi_abi_${implementation}.so.1`,
    linked: ['sh', '-ec', linkStandard, implementation],
    hidden: ['sh', '-ec', hideOwn, 'sh'],
  };
}

/** Open MPI 5 and MPICH 4.2; and those of the release to come, which have the standard's interface beside their own. */
export const mpis: readonly Mpi[] = [
  ...launchers.map((launched) => own('trixie', launched)),
  ...launchers.map((launched) => own('testing', launched)),
  ...launchers.map((launched) => standard('testing', launched)),
];

/** Runs a command in a root. */
const runIn = (root: string, command: readonly string[]): Promise<Output> =>
  run(['unshare', '--mount', inRoot, root, process.execPath, ...command]);

/** Runs a script of Node on so many ranks. */
export function launch(mpi: Mpi, ranks: number, script: readonly string[]): Promise<Output> {
  const { root, launcher, settings, linked, hidden } = mpi;
  const command = ['timeout', patience, launcher, ...settings, '-n', `${ranks}`, process.execPath];
  return runIn(root, [...linked, ...hidden, ...command, ...script]);
}

/** Runs a file of tests with the MPI of a root: for each test 'passed', or what is to be said of it. */
export async function runTests(root: string, file: string): Promise<string[]> {
  const runner = ['timeout', '280', process.execPath, 'node_modules/vitest/vitest.mjs', 'run'];
  const settings = ['--project', 'alone', '--reporter', 'json'];
  const { stdout, stderr } = await runIn(root, [...runner, ...settings, file]).catch(
    (failed: Output) => failed,
  );
  if (!stdout.startsWith('{')) return [stdout + stderr];
  const { testResults } = JSON.parse(stdout) as Report;
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ status, fullName, failureMessages }) =>
      status === 'passed' ? status : [`${fullName}: ${status}`, ...failureMessages].join('\n'),
    );
}

/** What is read of a report of Vitest's. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** What every MPI program does, without lanegrad: where this fails the release is broken. */
const least = `
  const mpi = require('koffi').load(process.argv[1], { global: true });
  mpi.func('MPI_Init', 'int', ['void *', 'void *'])(null, null);
  mpi.func('MPI_Finalize', 'int', [])();`;

/** Why a library cannot be tested, in a line; undefined where it can. */
export async function whyNot(mpi: Mpi): Promise<string | undefined> {
  if (roots === '') return 'LANEGRAD_ROOTS names no folder with roots of make-root.sh';
  if (!existsSync(mpi.root)) return `there is no ${mpi.root}`;
  try {
    await launch(mpi, 2, ['-e', least, mpi.library]);
    return undefined;
  } catch (error) {
    return `${mpi.library} of ${mpi.root} does not work without lanegrad either: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`;
  }
}

/** The package that it comes in, with its version. */
export function packageOf({ root, launcher }: Mpi): string {
  const name = launcher === 'mpirun.openmpi' ? 'openmpi-bin' : 'mpich';
  const said = execFileSync('dpkg-query', [`--admindir=${root}/var/lib/dpkg`, '--show', name]);
  return said.toString().trim().replace('\t', ' ');
}
