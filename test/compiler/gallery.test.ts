// What the compiler makes of many networks: that its choices are these, each an estimate of what is faster, and that no
// optimisation silently stops. Numbers are other tests' business: nothing is run here.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import { compilerOptions } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { exhibits, shown } from './gallery.ts';

const { sharedWork } = compilerOptions;
beforeEach(() => {
  compilerOptions.sharedWork = 32_000;
});
afterEach(() => {
  vi.restoreAllMocks();
  compilerOptions.sharedWork = sharedWork;
});

/** The program of a step: its stages, the commands and threads of each where these are not one, its memory and work. */
async function programOf(exhibit: (typeof exhibits)[number], isShared: boolean): Promise<string> {
  vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(isShared);
  const { model, x, y } = shown(exhibit);
  const lines = model.printProgram(x, y).split('\n');
  const run = vi.spyOn(engine(), 'run').mockImplementation(() => {});
  await model.trainOnBatch(x as never, y as never);
  const [address, count, work] = run.mock.calls.at(-1)!;
  const threads = Array.from({ length: count }, (_, i) => {
    const word = engine().i32[(address + i * Layout.commandBytes) / 4];
    return Math.max(1, word >>> (8 * Layout.threadsAt));
  });
  const arena = lines.pop();
  const stages = lines.map((line) => {
    const [, kernel, times = '1', shape, nodes] = /^ *\d+ (\w+)(?: ×(\d+))? (\[.*?\])[^:]*: (.*)$/.exec(
      line,
    )!;
    const own = new Set(threads.splice(0, Number(times)));
    const ops = nodes.split('; ').map((node) => /= (\w+)\(/.exec(node)![1]);
    const fused = kernel === 'map' ? ops : ops.slice(1);
    return [
      kernel + (times === '1' ? '' : ` ×${times}`),
      shape,
      fused.length > 0 ? (kernel === 'map' ? `of ${fused.join(' ')}` : `+ ${fused.join(' ')}`) : '',
      [...own].some((each) => each > 1) ? `on ${[...own].join(', ')}` : '',
    ]
      .filter(Boolean)
      .join(' ');
  });
  expect(threads).toEqual([]);
  model.dispose();
  return ['', ...stages, `${arena}, ${count} commands, work ${work}`, ''].join('\n');
}

describe.each(exhibits.map((each) => [each.name, each] as const))('%s', (_, exhibit) => {
  test('on one thread', async () => {
    expect(await programOf(exhibit, false)).toMatchSnapshot();
  });
  test('on several', async () => {
    expect(await programOf(exhibit, true)).toMatchSnapshot();
  });
});
