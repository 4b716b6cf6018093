// What is said where MPI, or the package that calls it, is missing.

import { afterEach, expect, test, vi } from 'vitest';
import { launchedSize, loadLibrary } from '../../src/mpi/library.ts';

afterEach(() => {
  vi.doUnmock('koffi');
});

/** Has koffi load nothing but what is named. */
function mockKoffi(libraries: Readonly<Record<string, readonly string[]>>): void {
  vi.doMock('koffi', () => ({
    default: {
      load: (name: string) => {
        if (!(name in libraries)) throw new Error(`${name}: no such file`);
        return {
          func: (called: string) => Object.assign(() => 0, { called }),
          symbol: (wanted: string) => {
            if (!libraries[name].includes(wanted)) throw new Error(`no ${wanted}`);
            return wanted;
          },
        };
      },
      address: (symbol: string) => BigInt(symbol.length),
    },
  }));
}

const openMpi = ['ompi_mpi_comm_world', 'ompi_mpi_byte', 'ompi_mpi_float', 'ompi_mpi_op_sum'];

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
  mockKoffi({ 'libmpi.so.40': openMpi, 'libmpich.so.12': [] });
  const library = await loadLibrary(environment, undefined);
  expect(library.name).toBe(name);
  expect(library.handle).toBe(name === 'libmpi.so.40' ? 'intptr_t' : 'int');
});

test('constants are those of the library, or of the standard where its name says so', async () => {
  mockKoffi({ 'libmpi.so.40': openMpi, 'libmpi_abi.so.0': [], '/opt/mpich/libmpi.so': [] });
  expect((await loadLibrary({}, 'libmpi.so.40')).world).toBe(BigInt('ompi_mpi_comm_world'.length));
  expect((await loadLibrary({}, 'libmpi_abi.so.0')).world).toBe(0x101);
  expect((await loadLibrary({}, '/opt/mpich/libmpi.so')).world).toBe(0x44000000);
});

test('what is below MPI leaves the memory of the process alone, unless the user says otherwise', async () => {
  mockKoffi({ 'libmpich.so.12': [] });
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
