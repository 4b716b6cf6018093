// The MPI library of this machine, by koffi: which there is, its functions, and how it writes its constants.

import { LanegradError } from '../index.ts';

/** A function of the library; what MPI's return is 0, but for errors, on which it ends the process. */
type Call = (...args: readonly unknown[]) => number;

/** What is used of koffi. */
interface Koffi {
  load(path: string, options: { readonly global: boolean }): KoffiLibrary;
  address(value: unknown): bigint;
}

interface KoffiLibrary {
  func(name: string, result: string, parameters: readonly string[]): Call;
  symbol(name: string, type: string): unknown;
}

/** Communicators, types and operations: addresses, or numbers. */
type Handle = number | bigint;

/** How a library writes what the standard names. */
interface Dialect {
  /** The C type of handles. */
  readonly handle: 'int' | 'intptr_t';
  readonly world: Handle;
  readonly bytes: Handle;
  readonly floats: Handle;
  readonly sum: Handle;
  readonly anySource: number;
  readonly inPlace: number;
  /** In place of a status that nobody reads. */
  readonly noStatus: number;
  /** Whether `finalize` may wait for ever. */
  readonly mayHang: boolean;
}

const mpich: Dialect = {
  handle: 'int',
  world: 0x44000000,
  bytes: 0x4c00010d,
  floats: 0x4c00040a,
  sum: 0x58000003,
  anySource: -2,
  inPlace: -1,
  noStatus: 1,
  // Over TCP a rank waits for an answer of others, which wait meanwhile for it to come to where they are.
  mayHang: true,
};

/** The binary interface of MPI 5, which every library may have. */
const standard: Dialect = {
  handle: 'intptr_t',
  world: 0x101,
  bytes: 0x247,
  floats: 0x210,
  sum: 0x21,
  anySource: -1,
  inPlace: 1,
  noStatus: 0,
  mayHang: false,
};

function openMpi(library: KoffiLibrary, koffi: Koffi): Dialect {
  const addressOf = (name: string) => koffi.address(library.symbol(name, 'void *'));
  return {
    handle: 'intptr_t',
    world: addressOf('ompi_mpi_comm_world'),
    bytes: addressOf('ompi_mpi_byte'),
    floats: addressOf('ompi_mpi_float'),
    sum: addressOf('ompi_mpi_op_sum'),
    anySource: -1,
    inPlace: 1,
    noStatus: 0,
    mayHang: false,
  };
}

/** Names of libraries: those that dynamic linkers find. */
const openMpiNames = ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so', 'libmpi.dylib'];
const mpichNames = ['libmpich.so.12', 'libmpi.so.12', 'libmpi.12.dylib', 'libmpich.so', 'libmpich.dylib'];
/** Number 0 is what MPICH's first of these have, where 1 was meant. */
const standardNames = [
  ...['libmpi_abi.so.1', 'libmpi_abi.1.dylib', 'libmpi_abi.so.0', 'libmpi_abi.0.dylib'],
  ...['libmpi_abi.so', 'libmpi_abi.dylib'],
];

type Environment = Record<string, string | undefined>;

/**
 * What is below MPI shall do, where nobody says otherwise: UCX else changes, to know of it, how the process gets memory,
 * while other threads of the runtime get some, which ends the process now and then.
 */
const defaults = { UCX_MEM_MMAP_HOOK_MODE: 'none' };

/** The names to try, those of the library first whose launcher started this process. */
function namesFor(environment: Readonly<Environment>): string[] {
  const isOpenMpi = 'OMPI_COMM_WORLD_SIZE' in environment;
  const isMpich = !isOpenMpi && ('PMI_RANK' in environment || 'PMI_FD' in environment);
  return isMpich
    ? [...mpichNames, ...standardNames, ...openMpiNames]
    : [...openMpiNames, ...standardNames, ...mpichNames];
}

/** How many processes the launcher says that it started. */
export const launchedSize = ({
  OMPI_COMM_WORLD_SIZE,
  PMI_SIZE,
  SLURM_STEP_NUM_TASKS,
}: Readonly<Environment>): number => Number(OMPI_COMM_WORLD_SIZE ?? PMI_SIZE ?? SLURM_STEP_NUM_TASKS ?? 1);

/** MPI, as far as it is used. */
export interface Library extends Dialect {
  readonly name: string;
  readonly init: Call;
  readonly finalize: Call;
  readonly abort: Call;
  readonly commRank: Call;
  readonly commSize: Call;
  readonly isend: Call;
  readonly issend: Call;
  readonly irecv: Call;
  readonly recv: Call;
  readonly iprobe: Call;
  readonly testall: Call;
  readonly iallreduce: Call;
  /** A function of the C library, which comes with MPI. */
  readonly ofC: (name: string, ...parameters: readonly string[]) => Call;
}

/**
 * Loads MPI.
 * @param environment variables of the process; those that MPI needs are added
 * @param named the library's name or path, in place of those that are usual
 * @throws LanegradError where koffi or MPI is missing
 */
export async function loadLibrary(environment: Environment, named: string | undefined): Promise<Library> {
  const koffi = await loadKoffi();
  // Read where the library is loaded.
  for (const [name, value] of Object.entries(defaults)) environment[name] ??= value;
  const names = named === undefined ? namesFor(environment) : [named];
  const failures: string[] = [];
  for (const name of names) {
    try {
      // Open MPI's own parts look for its symbols.
      return describe(name, koffi.load(name, { global: true }), koffi);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new LanegradError(
    named === undefined
      ? `mpi: found no MPI library; looked for ${names.join(', ')}. Install Open MPI or MPICH ` +
          "(Debian: apt-get install openmpi-bin libopenmpi-dev), or say where it is: mpi({ library: '…/libmpi.so' })."
      : `mpi: ${named} cannot be used as an MPI library: ${failures[0]}.`,
  );
}

async function loadKoffi(): Promise<Koffi> {
  try {
    const module = await import('koffi');
    return module.default as unknown as Koffi;
  } catch (cause) {
    throw new LanegradError(
      `mpi: calls MPI through the package koffi, which cannot be loaded: ${(cause as Error).message}. ` +
        'Install it: npm install koffi.',
      { cause },
    );
  }
}

function describe(name: string, library: KoffiLibrary, koffi: Koffi): Library {
  const dialect = dialectOf(library, koffi);
  const { handle } = dialect;
  const at = 'void *';
  const call = (named: string, ...parameters: string[]) => library.func(`MPI_${named}`, 'int', parameters);
  return {
    ...dialect,
    name,
    init: call('Init', at, at),
    finalize: call('Finalize'),
    abort: call('Abort', handle, 'int'),
    commRank: call('Comm_rank', handle, at),
    commSize: call('Comm_size', handle, at),
    isend: call('Isend', at, 'int', handle, 'int', 'int', handle, at),
    issend: call('Issend', at, 'int', handle, 'int', 'int', handle, at),
    irecv: call('Irecv', at, 'int', handle, 'int', 'int', handle, at),
    recv: call('Recv', at, 'int', handle, 'int', 'int', handle, 'intptr_t'),
    iprobe: call('Iprobe', 'int', 'int', handle, at, 'intptr_t'),
    testall: call('Testall', 'int', at, at, 'intptr_t'),
    iallreduce: call('Iallreduce', 'intptr_t', at, 'int', handle, handle, handle, at),
    ofC: (named, ...parameters) => library.func(named, 'intptr_t', parameters),
  };
}

function dialectOf(library: KoffiLibrary, koffi: Koffi): Dialect {
  if (isStandard(library)) return standard;
  try {
    return openMpi(library, koffi);
  } catch {
    return mpich;
  }
}

/** Whether a library has the standard binary interface, whatever its name; others of MPI 5 say -1 for its version. */
function isStandard(library: KoffiLibrary): boolean {
  const [major, minor] = [new Int32Array(1), new Int32Array(1)];
  try {
    library.func('MPI_Abi_get_version', 'int', ['void *', 'void *'])(major, minor);
  } catch {
    return false;
  }
  return major[0] === 1;
}
