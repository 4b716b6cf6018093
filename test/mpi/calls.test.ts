// What is asked of MPI, call by call, with a library in its place that notes it and a clock that goes on as one sleeps.

import { afterEach, expect, test, vi } from 'vitest';
import type { Cluster, Message } from '../../src/training/distributed/cluster.ts';

/** Of MPICH and of Open MPI, as a library with the symbols of the latter is taken for it. */
const kinds = ['MPICH', 'Open MPI'] as const;
const names = {
  MPICH: { world: 0x44000000, bytes: 0x4c00010d, floats: 0x4c00040a, sum: 0x58000003, any: -2, none: 1 },
  'Open MPI': { world: 1n, bytes: 2n, floats: 3n, sum: 4n, any: -1, none: 0 },
};
const symbols = ['ompi_mpi_comm_world', 'ompi_mpi_byte', 'ompi_mpi_float', 'ompi_mpi_op_sum'];

/** What is used of the library, which every cluster here would load anew. */
vi.mock('../../src/index.ts', async () => {
  const { LanegradError } = await import('../../src/errors.ts');
  return { LanegradError, version: { lanegrad: '1.2.3' } };
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.doUnmock('koffi');
});

type Call = readonly [name: string, ...args: readonly unknown[]];

/** What the other ranks do. */
interface Others {
  /** How often is asked until all that is under way is done; never by default. */
  doneAfter?: number;
  /** What one of them says that failed. */
  failure?: string;
}

/** What is asked thousands of times, where `expect` would take long. */
function mustBe(given: readonly unknown[], expected: readonly unknown[]): void {
  if (given.join() !== expected.join()) throw new Error(`asked with ${given}, not ${expected}`);
}

/** Rank 1 of three on a library that notes what it is asked for, but for whether it is done. */
async function start(kind: (typeof kinds)[number], others: Others, options = {}, size = 3) {
  const calls: Call[] = [];
  const exits: ((code: number) => void)[] = [];
  let time = 1e6;
  const answers: Record<string, (...args: never[]) => void> = {
    MPI_Comm_rank: (_world, flag: Int32Array) => flag.fill(1),
    MPI_Comm_size: (_world, flag: Int32Array) => flag.fill(size),
    MPI_Testall: (count, requests: Int32Array, flag: Int32Array, status) => {
      mustBe([count, status], [requests.length, names[kind].none]);
      others.doneAfter = (others.doneAfter ?? Number.POSITIVE_INFINITY) - 1;
      flag.fill(others.doneAfter < 0 ? 1 : 0);
    },
    MPI_Iprobe: (source, tag, world, flag: Int32Array, status) => {
      const { world: all, any, none } = names[kind];
      mustBe([source, tag, world, status], [any, 1, all, none]);
      flag.fill(others.failure ? 1 : 0);
    },
    MPI_Recv: (message: Uint8Array) => {
      message.set(new TextEncoder().encode(others.failure));
      others.failure = undefined;
    },
  };
  const func =
    (name: string) =>
    (...args: never[]) => {
      if (name === 'MPI_Abi_get_version') throw new Error(`no ${name}`);
      if (name !== 'MPI_Testall' && name !== 'MPI_Iprobe') calls.push([name, ...args]);
      answers[name]?.(...args);
    };
  const symbol = (name: string) => {
    if (kind === 'MPICH') throw new Error(`no ${name}`);
    return name;
  };
  const koffi = {
    load(_name: string, options: object) {
      expect(options).toEqual({ global: true });
      return { func, symbol };
    },
    address: (name: string) => BigInt(symbols.indexOf(name) + 1),
  };
  vi.doMock('koffi', () => ({ default: koffi }));
  // Each process has one cluster.
  vi.resetModules();
  const { mpi } = await import('../../src/mpi/mpi.ts');
  vi.spyOn(process, 'on').mockImplementation((_event, listener) => {
    exits.push(listener);
    return process;
  });
  const sleeps: number[] = [];
  vi.spyOn(Atomics, 'wait').mockImplementation((array, index, value, milliseconds) => {
    if (array[index] !== value) return 'not-equal';
    sleeps.push(milliseconds!);
    time += milliseconds!;
    return 'timed-out';
  });
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 0.01;
    return time;
  });
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const cluster = await mpi(options);
  /** What was asked for since this was called last. */
  const asked = () => calls.splice(0);
  return { cluster, asked, sleeps, exits, told: () => said.mock.calls.flat(), now: () => time };
}

/** The place of a request among those that are under way together. */
const placeOf = (request: unknown) => {
  const { byteOffset, BYTES_PER_ELEMENT } = request as Int32Array;
  return byteOffset / BYTES_PER_ELEMENT;
};

const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => i);
const message = (rank: number, isSent: boolean, count: number): Message => ({
  rank,
  isSent,
  numbers: numbers(count),
});

test.each(kinds)(
  '%s is begun, asked who is there, and told of messages: what is awaited first',
  async (kind) => {
    const { world, bytes, floats, sum } = names[kind];
    const { cluster, asked } = await start(kind, { doneAfter: 0 });
    expect([cluster.rank, cluster.size, cluster.version]).toEqual([1, 3, '1.2.3']);
    expect(asked().map(([name, first]) => [name, first])).toEqual([
      ['MPI_Init', null],
      ['MPI_Comm_rank', world],
      ['MPI_Comm_size', world],
    ]);
    const [there, here] = [message(2, true, 5), message(0, false, 4)];
    cluster.begin([there, here], 4);
    cluster.exchange([there]);
    const told = asked();
    expect(told.map((call) => call.slice(0, -1))).toEqual([
      ['MPI_Irecv', here.numbers, 16, bytes, 0, 7, world],
      ['MPI_Isend', there.numbers, 20, bytes, 2, 7, world],
      ['MPI_Isend', there.numbers, 20, bytes, 2, 3, world],
    ]);
    expect(told.map((call) => placeOf(call.at(-1)))).toEqual([0, 1, 0]);
    const handles = kind === 'MPICH' ? Int32Array : BigInt64Array;
    expect(told[0].at(-1)).toEqual(new handles(2));
    const values = numbers(6);
    cluster.beginAllReduce(values);
    const inPlace = kind === 'MPICH' ? -1 : 1;
    expect(asked()).toEqual([['MPI_Iallreduce', inPlace, values, 6, floats, sum, world, new handles(1)]]);
  },
);

test('what is longer than MPI counts goes in parts', async () => {
  const { cluster, asked } = await start('MPICH', { doneAfter: 0 });
  const most = 2 ** 30;
  // Nobody reads or writes it.
  const memory = new ArrayBuffer(2 * most + 24);
  const partsOf = (length: number) => {
    cluster.exchange([{ rank: 0, isSent: true, numbers: new Uint8Array(memory, 16, length) }]);
    return asked().map(([, part, length, , , , , request]) => {
      expect((part as Uint8Array).byteLength).toBe(length);
      return [(part as Uint8Array).byteOffset, length, placeOf(request)];
    });
  };
  asked();
  expect(partsOf(most)).toEqual([[16, most, 0]]);
  expect(partsOf(2 * most + 8)).toEqual([
    [16, most, 0],
    [16 + most, most, 1],
    [16 + 2 * most, 8, 2],
  ]);
});

test('a wait asks at once for a while, then sleeps in between, and never long', async () => {
  const { cluster, sleeps } = await start('MPICH', { doneAfter: 200 });
  cluster.exchange([message(0, false, 1)]);
  expect(sleeps.length).toBeGreaterThan(100);
  expect(sleeps[0]).toBeGreaterThan(0.1 / 8);
  expect(sleeps[0]).toBeLessThan(0.2 / 8);
  expect(sleeps).toEqual([...sleeps].sort((a, b) => a - b));
  expect(sleeps.at(-1)).toBe(1);
});

/** Expects that nothing can be said any more. */
function expectFailed(cluster: Cluster, reason: string): void {
  expect(() => cluster.begin([], 0)).toThrow(reason);
  expect(() => cluster.beginAllReduce(numbers(1))).toThrow(reason);
}

test('a rank that fails has all others know, and waits until they do', async () => {
  const { cluster, asked, sleeps, exits } = await start('Open MPI', {
    doneAfter: 2,
    failure: 'rank 0 failed',
  });
  const { world, bytes, any } = names['Open MPI'];
  asked();
  cluster.fail(`ü${'e'.repeat(2000)}`);
  const text = `rank 1 failed: ü${'e'.repeat(1024 - 17)}`;
  const told = asked();
  expect(
    told.map(([name, sent, ...rest]) => [
      name,
      new TextDecoder().decode(sent as Uint8Array),
      ...rest.slice(0, -1),
    ]),
  ).toEqual([
    ['MPI_Issend', text, 1024, bytes, 0, 1, world],
    ['MPI_Issend', text, 1024, bytes, 2, 1, world],
    // Others that fail too are heard, as they wait for that.
    ['MPI_Recv', expect.stringMatching(/^rank 0 failed\0+$/), 1024, bytes, any, 1, world],
  ]);
  expect(told.slice(0, 2).map((call) => placeOf(call.at(-1)))).toEqual([0, 1]);
  expect(sleeps).toEqual([1, 1, 500]);
  expectFailed(cluster, 'mpi: rank 1 failed: üeee');
  cluster.fail('once more');
  for (const exit of exits) exit(0);
  expect(asked()).toEqual([]);
});

test('but for no longer than three seconds', async () => {
  const { cluster, now } = await start('MPICH', {});
  const begin = now();
  cluster.fail('the disk is full');
  expect(now() - begin).toBeGreaterThan(3500);
  expect(now() - begin).toBeLessThan(3510);
});

test('a rank that hears of a failure says so at once, and ends when the one that failed has ended', async () => {
  const others: Others = {};
  const { cluster, asked, told, sleeps } = await start('MPICH', others);
  const { world, bytes, any, none } = names.MPICH;
  asked();
  const exchange = cluster.begin([message(0, false, 1)], 0);
  others.failure = 'rank 2 failed: the disk is full';
  expect(exchange.isDone()).toBe(false);
  expect(() => exchange.wait()).toThrow('mpi: rank 2 failed: the disk is full');
  expect(told()).toEqual(['lanegrad/mpi: rank 2 failed: the disk is full. Rank 1 ends too.']);
  expect(asked().at(-1)).toEqual(['MPI_Recv', expect.anything(), 1024, bytes, any, 1, world, none]);
  expect(sleeps.at(-1)).toBe(5000);
  expectFailed(cluster, 'mpi: rank 2 failed: the disk is full');
});

test.each([
  ['messages', { timeout: 1.5 }, 1500, '2 s'],
  ['a sum', {}, 30_000, '30 s'],
])('ranks that do not answer with %s end all once the time is up, %o', async (what, options, time, said) => {
  const { cluster, asked, told, now, sleeps } = await start('MPICH', {}, options);
  asked();
  const begin = now();
  const messages = [message(2, true, 1), message(0, false, 1), message(2, false, 1)];
  const exchange = what === 'messages' ? cluster.begin(messages, 0) : cluster.beginAllReduce(numbers(1));
  expect(() => exchange.wait()).toThrow('mpi: the cluster has ended.');
  const waited = now() - begin - 500;
  expect(waited).toBeGreaterThan(time);
  expect(waited).toBeLessThan(time + 2);
  const others = what === 'messages' ? '0, 2' : 'all others';
  expect(told()).toEqual([
    `lanegrad/mpi: rank 1 waited ${said} for rank ${others}, which does not answer. All ranks end. ` +
      'If a rank is only slow, give mpi({ timeout }) more seconds.',
  ]);
  expect(sleeps.at(-1)).toBe(500);
  expect(asked().at(-1)).toEqual(['MPI_Abort', names.MPICH.world, 1]);
});

test('Open MPI is ended with the process, if that ends well', async () => {
  const { asked, exits } = await start('Open MPI', {});
  asked();
  exits[0](1);
  expect(asked()).toEqual([]);
  exits[0](0);
  expect(asked()).toEqual([['MPI_Finalize']]);
});

test.each<[string, Record<string, string | undefined>, boolean]>([
  ['by Hydra, which is told', { MPI_LOCALRANKID: '1', PMI_FD: '7' }, true],
  ['by Slurm', { PMI_FD: '7' }, false],
  ['by others', { MPI_LOCALRANKID: '1' }, false],
])('ranks of MPICH meet before they end, started %s', async (_, environment, isTold) => {
  vi.stubEnv('MPI_LOCALRANKID', undefined);
  vi.stubEnv('PMI_FD', undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const others: Others = { doneAfter: 2000 };
  const { asked, exits, now } = await start('MPICH', others, { timeout: 0.5 });
  const { world, bytes } = names.MPICH;
  asked();
  const begin = now();
  exits[0](0);
  // However long that takes: a timeout would have ended it.
  expect(others.doneAfter).toBe(-1);
  expect(now() - begin).toBeGreaterThan(1500);
  const word = new Uint8Array(1);
  const hydra = [
    ['write', 7, new TextEncoder().encode('cmd=finalize\n'), 13],
    ['read', 7, new Uint8Array(256), 256],
  ];
  expect(asked().map((call) => (String(call[0]).startsWith('MPI') ? call.slice(0, -1) : call))).toEqual([
    ['MPI_Irecv', word, 1, bytes, 0, 2, world],
    ['MPI_Irecv', word, 1, bytes, 2, 2, world],
    ['MPI_Isend', word, 1, bytes, 0, 2, world],
    ['MPI_Isend', word, 1, bytes, 2, 2, world],
    ...(isTold ? hydra : []),
  ]);
});

test('ranks of MPICH hear to the last of one that fails', async () => {
  const { exits, sleeps } = await start('MPICH', { doneAfter: 0 });
  exits[0](0);
  expect(sleeps).toEqual(new Array(20).fill(1));
  const late = await start('MPICH', { doneAfter: 0, failure: 'rank 2 failed: the disk is full' });
  expect(() => late.exits[0](0)).toThrow('mpi: rank 2 failed: the disk is full');
});

test('there is one cluster of a process, and its time is a positive number', async () => {
  await start('MPICH', {});
  const { mpi } = await import('../../src/mpi/mpi.ts');
  expect(await mpi()).toBe(await mpi({ timeout: -1 }));
  for (const timeout of [0, -1, Number.NaN]) {
    vi.resetModules();
    const again = await import('../../src/mpi/mpi.ts');
    await expect(again.mpi({ timeout })).rejects.toThrow(
      `mpi: timeout must be a positive number of seconds; got ${timeout}.`,
    );
  }
});

test('what fails before MPI begins is tried anew by the next call', async () => {
  await start('MPICH', {});
  vi.resetModules();
  const { mpi } = await import('../../src/mpi/mpi.ts');
  const koffi = (await import('koffi')).default as unknown as { load: (...args: unknown[]) => unknown };
  const { load } = koffi;
  koffi.load = () => {
    throw new Error('no such file');
  };
  await expect(mpi({ timeout: 0 })).rejects.toThrow(
    'mpi: timeout must be a positive number of seconds; got 0.',
  );
  await expect(mpi({ library: 'other.so' })).rejects.toThrow(
    'mpi: other.so cannot be used as an MPI library: no such file.',
  );
  koffi.load = load;
  expect((await mpi()).size).toBe(3);
});

test('a process alone is a cluster of one, unless it was started with others', async () => {
  vi.stubEnv('OMPI_COMM_WORLD_SIZE', undefined);
  vi.stubEnv('PMI_SIZE', '1');
  expect((await start('MPICH', {}, {}, 1)).cluster.size).toBe(1);
  vi.stubEnv('PMI_SIZE', '2');
  expect((await start('MPICH', {}, {}, 2)).cluster.size).toBe(2);
  await expect(start('MPICH', {}, {}, 1)).rejects.toThrow(
    /^mpi: 2 processes were started together, but .* knows of one:/,
  );
});
