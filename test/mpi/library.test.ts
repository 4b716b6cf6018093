// What is said where MPI, or the package that calls it, is missing.

import { afterEach, expect, test, vi } from 'vitest';
import { launchedSize, loadLibrary } from '../../src/mpi/library.ts';

afterEach(() => {
  vi.doUnmock('koffi');
});

interface Mocked {
  readonly symbols?: readonly string[];
  /** What it says that its standard binary interface is; libraries before MPI 5 lack the function. */
  readonly abi?: number;
}

/** Has koffi load nothing but what is named. */
function mockKoffi(libraries: Readonly<Record<string, Mocked>>): void {
  vi.doMock('koffi', () => ({
    default: {
      load: (name: string) => {
        if (!(name in libraries)) throw new Error(`${name}: no such file`);
        const { symbols = [], abi } = libraries[name];
        return {
          func: (called: string) => {
            if (called !== 'MPI_Abi_get_version') return () => 0;
            if (abi === undefined) throw new Error(`no ${called}`);
            return (major: Int32Array) => major.fill(abi);
          },
          symbol: (wanted: string) => {
            if (!symbols.includes(wanted)) throw new Error(`no ${wanted}`);
            return wanted;
          },
        };
      },
      address: (symbol: string) => BigInt(symbol.length),
    },
  }));
}

const openMpi = { symbols: ['ompi_mpi_comm_world', 'ompi_mpi_byte', 'ompi_mpi_float', 'ompi_mpi_op_sum'] };
const standard = { ...openMpi, abi: 1 };

test('without koffi', async () => {
  vi.doMock('koffi', () => {
    throw new Error('Cannot find package');
  });
  await expect(loadLibrary({}, undefined)).rejects.toThrow(
    /mpi: calls MPI through the package koffi, which cannot be loaded: .*Install it: npm install koffi\./s,
  );
});

test('without MPI', async () => {
  mockKoffi({});
  await expect(loadLibrary({}, undefined)).rejects.toThrow(
    /mpi: found no MPI library; looked for libmpi\.so\.40, .*Install Open MPI or MPICH/,
  );
  await expect(loadLibrary({}, 'libmine.so')).rejects.toThrow(
    'mpi: libmine.so cannot be used as an MPI library: libmine.so: no such file.',
  );
});

test.each<[string, Record<string, string>, string]>([
  ["Open MPI's launcher", { OMPI_COMM_WORLD_SIZE: '2' }, 'libmpi.so.40'],
  ["MPICH's launcher", { PMI_RANK: '0', PMI_SIZE: '2' }, 'libmpich.so.12'],
  ['nobody', {}, 'libmpi.so.40'],
])('started by %s it takes the library of that', async (_, environment, name) => {
  mockKoffi({ 'libmpi.so.40': openMpi, 'libmpich.so.12': {}, 'libmpi_abi.so.1': standard });
  const library = await loadLibrary(environment, undefined);
  expect(library.name).toBe(name);
  expect(library.handle).toBe(name === 'libmpi.so.40' ? 'intptr_t' : 'int');
});

test.each([
  ["Open MPI's launcher", { OMPI_COMM_WORLD_SIZE: '2' }, 'libmpi_abi.so.1', 'libmpich.so.12'],
  ["MPICH's launcher", { PMI_RANK: '0', PMI_SIZE: '2' }, 'libmpi_abi.so.1', 'libmpi.so.40'],
  ["MPICH's launcher", { PMI_RANK: '0', PMI_SIZE: '2' }, 'libmpi_abi.so.0', 'libmpi.so.40'],
])(
  'started by %s, and without that library, %o, it takes %s before %s',
  async (_, environment, name, other) => {
    mockKoffi({ [name]: standard, [other]: {} });
    expect((await loadLibrary(environment, undefined)).name).toBe(name);
  },
);

test('constants are those of the library, or of the standard where it says so', async () => {
  mockKoffi({
    'libmpi.so.40': openMpi,
    '/opt/openmpi-6/libmpi.so': { ...openMpi, abi: -1 },
    'libmpi_abi.so.1': standard,
    '/opt/mpich/libmpi.so': {},
    '/opt/mpich-5/libmpi.so': { abi: -1 },
    '/opt/mpich-5/mine.so': { abi: 1 },
  });
  const worldOf = async (name: string) => (await loadLibrary({}, name)).world;
  const address = BigInt('ompi_mpi_comm_world'.length);
  expect(await worldOf('libmpi.so.40')).toBe(address);
  expect(await worldOf('/opt/openmpi-6/libmpi.so')).toBe(address);
  expect(await worldOf('libmpi_abi.so.1')).toBe(0x101);
  expect(await worldOf('/opt/mpich/libmpi.so')).toBe(0x44000000);
  expect(await worldOf('/opt/mpich-5/libmpi.so')).toBe(0x44000000);
  expect(await worldOf('/opt/mpich-5/mine.so')).toBe(0x101);
});

test.each([
  // As mpi.h of MPICH and of Open MPI have them, and the standard's binary interface.
  ['/opt/mpich/libmpi.so', { handle: 'int', anySource: -2, inPlace: -1, noStatus: 1, mayHang: true }],
  ['libmpi.so.40', { handle: 'intptr_t', anySource: -1, inPlace: 1, noStatus: 0, mayHang: false }],
  [
    'libmpi_abi.so.1',
    {
      ...{ handle: 'intptr_t', world: 0x101, bytes: 0x247, floats: 0x210, sum: 0x21 },
      ...{ anySource: -1, inPlace: 1, noStatus: 0, mayHang: false },
    },
  ],
])('%s has its own constants: %o', async (name, constants) => {
  mockKoffi({ 'libmpi.so.40': openMpi, 'libmpi_abi.so.1': standard, '/opt/mpich/libmpi.so': {} });
  expect(await loadLibrary({}, name)).toMatchObject(constants);
});

test('what is below MPI leaves the memory of the process alone, unless the user says otherwise', async () => {
  mockKoffi({ 'libmpich.so.12': {} });
  const environment: Record<string, string> = { PMI_RANK: '0' };
  await loadLibrary(environment, undefined);
  expect(environment.UCX_MEM_MMAP_HOOK_MODE).toBe('none');
  const own = { UCX_MEM_MMAP_HOOK_MODE: 'reloc' };
  await loadLibrary(own, undefined);
  expect(own.UCX_MEM_MMAP_HOOK_MODE).toBe('reloc');
});

test.each([
  [{}, 1],
  [{ OMPI_COMM_WORLD_SIZE: '4', SLURM_STEP_NUM_TASKS: '2' }, 4],
  [{ PMI_SIZE: '3' }, 3],
  [{ SLURM_STEP_NUM_TASKS: '8' }, 8],
])('of %o it knows how many processes were started', (environment, size) => {
  expect(launchedSize(environment)).toBe(size);
});
