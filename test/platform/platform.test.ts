import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodePlatform } from '../../src/platform/node.ts';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-platform-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true });
});

describe('the platform in use', () => {
  it('can be replaced', () => {
    const before = platform;
    setPlatform(nodePlatform);
    expect(platform).toBe(nodePlatform);
    setPlatform(before);
    expect(platform).toBe(before);
  });
});

describe.each([
  ['portable', portablePlatform()],
  ['node', nodePlatform],
])('the %s platform', (_, tested) => {
  it('gives the event loop a turn', async () => {
    const order: string[] = [];
    setTimeout(() => order.push('timer'), 0);
    while (order.length === 0) await tested.turn();
    expect(order).toEqual(['timer']);
  });
});

describe('the portable platform', () => {
  it('has no files and no terminal', () => {
    const { readFile, writeFile, cacheFolder, environment, isInteractive } = portablePlatform();
    expect([readFile, writeFile, cacheFolder, environment, isInteractive]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      false,
    ]);
  });

  it('has threads where memory may be shared and there are workers', () => {
    const hasThreads = (isolated: boolean | undefined) => {
      vi.stubGlobal('crossOriginIsolated', isolated);
      return portablePlatform().hasThreads;
    };
    expect(hasThreads(true)).toBe('Worker' in globalThis);
    vi.stubGlobal('Worker', class {});
    expect([true, false, undefined].map(hasThreads)).toEqual([true, false, false]);
  });

  it('may sleep where the runtime lets it, and a page does not', () => {
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
    expect(portablePlatform().maySleep).toBe(true);
    wait.mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    expect(portablePlatform().maySleep).toBe(false);
  });

  it('gives a turn without channels by a timer, and at once without timers', async () => {
    vi.stubGlobal('MessageChannel', undefined);
    const order: string[] = [];
    setTimeout(() => order.push('timer'), 0);
    await portablePlatform().turn();
    expect(order).toEqual(['timer']);
    vi.stubGlobal('setTimeout', undefined);
    await expect(portablePlatform().turn()).resolves.toBeUndefined();
  });

  it('writes whole lines', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const tested = portablePlatform();
    tested.write('one');
    expect(log).not.toHaveBeenCalled();
    tested.write(' line\nand another\nhalf');
    expect(log.mock.calls).toEqual([['one line'], ['and another']]);
  });
});

describe('the Node platform', () => {
  it('writes files whole, makes folders, and leaves nothing beside them', async () => {
    const path = join(folder, 'a', 'b', 'file');
    await nodePlatform.writeFile!(path, new Uint8Array([1, 2, 3]));
    await nodePlatform.writeFile!(path, new Uint8Array([4]));
    expect([...(await nodePlatform.readFile!(path))]).toEqual([4]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file']);
  });

  it('leaves what was there when a write fails', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'before');
    await expect(nodePlatform.writeFile!(path, 5 as unknown as Uint8Array)).rejects.toThrow(TypeError);
    expect(await readFile(path, 'utf8')).toBe('before');
    // A folder cannot be replaced by a file.
    await expect(nodePlatform.writeFile!(folder, new Uint8Array(1))).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('lets the last of several writers win, each whole', async () => {
    const path = join(folder, 'file');
    const contents = Array.from({ length: 8 }, (_, i) => new Uint8Array(10_000).fill(i));
    await Promise.all(contents.map((bytes) => nodePlatform.writeFile!(path, bytes)));
    expect(contents).toContainEqual(new Uint8Array(await readFile(path)));
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('rejects with ENOENT when there is no file', async () => {
    await expect(nodePlatform.readFile!(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads the environment', () => {
    vi.stubEnv('LANEGRAD_TEST', 'here');
    expect([nodePlatform.environment!('LANEGRAD_TEST'), nodePlatform.environment!('LANEGRAD_NONE')]).toEqual([
      'here',
      undefined,
    ]);
  });

  it.each([
    ['linux', { XDG_CACHE_HOME: '/xdg' }, join('/xdg', 'lanegrad')],
    ['linux', { XDG_CACHE_HOME: '', HOME: '/home/ada' }, join('/home/ada', '.cache', 'lanegrad')],
    ['darwin', { HOME: '/Users/ada' }, join('/Users/ada', 'Library', 'Caches', 'lanegrad')],
    ['win32', { LOCALAPPDATA: '/Local' }, join('/Local', 'lanegrad')],
    ['win32', { LOCALAPPDATA: '', HOME: '/ada' }, join('/ada', 'AppData', 'Local', 'lanegrad')],
  ])('caches where %s does with %j', (name, variables, expected) => {
    for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
    vi.spyOn(process, 'platform', 'get').mockReturnValue(name as NodeJS.Platform);
    expect(nodePlatform.cacheFolder!()).toBe(expected);
  });

  it('updates lines on a terminal only', () => {
    const { isTTY } = process.stdout;
    try {
      process.stdout.isTTY = true;
      vi.stubEnv('TERM', 'xterm');
      expect(nodePlatform.isInteractive).toBe(true);
      vi.stubEnv('TERM', 'dumb');
      expect(nodePlatform.isInteractive).toBe(false);
      vi.stubEnv('TERM', 'xterm');
      process.stdout.isTTY = false;
      expect(nodePlatform.isInteractive).toBe(false);
    } finally {
      process.stdout.isTTY = isTTY;
    }
  });

  it('writes text as it is', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    nodePlatform.write('\rhalf');
    expect(write.mock.calls).toEqual([['\rhalf']]);
  });
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  it('is neither waited for, nor read without end, nor replaced', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      await expect(nodePlatform.readFile!(path)).rejects.toThrow('it is no file');
      await expect(nodePlatform.writeFile!(path, Uint8Array.of(1))).rejects.toThrow('it is no file');
    }
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });
});

it('a file is written anew where another process removes what is not finished', async () => {
  let left = 3;
  let isWritten = false;
  const removing = (async () => {
    while (left > 0 && !isWritten) {
      const [unfinished] = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
      if (!unfinished) continue;
      await rm(join(folder, unfinished)).then(
        () => left--,
        () => {},
      );
    }
  })();
  for (let i = 0; i < 20; i++) await nodePlatform.writeFile!(join(folder, 'a'), Uint8Array.of(i));
  isWritten = true;
  await removing;
  expect([...(await readFile(join(folder, 'a')))]).toEqual([19]);
  expect(await readdir(folder)).toEqual(['a']);
});
