// The small examples for Node, Deno and Bun, each in its runtime.

import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { installPackage } from '../runtimes/installed.ts';
import { during, installedProgram, output } from '../runtimes/processes.ts';
import { answer, freePort } from '../runtimes/workerd.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const deno = installedProgram('deno/deno');
const bun = installedProgram('bun/bin/bun.exe');

let folder: string;
beforeAll(() => {
  folder = installPackage();
  cpSync(examples, join(folder, 'examples'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('Node: learns, saves and loads', async () => {
  const text = await output(process.execPath, ['examples/node/main.mjs', join(folder, 'flowers')], folder);
  expect(text).toMatch(/^Epoch 80\/80 {2}loss .* val_acc (0\.9|1)/m);
  const [, ...shares] = /: ([\d.]+) %, ([\d.]+) %, ([\d.]+) %/.exec(text)!;
  expect(Number(shares[1])).toBeGreaterThan(80);
  const saved = JSON.parse(readFileSync(join(folder, 'flowers/model.json'), 'utf8'));
  expect(saved.format).toBe('layers-model');
});

describe.skipIf(!everywhere)(`in other runtimes${leftOut}`, () => {
  test.skipIf(!deno)('Deno: learns a sine', async () => {
    const text = await output(deno!, ['run', '--allow-read', 'examples/deno/main.ts'], folder);
    const lines = [...text.matchAll(/= (-?[\d.]+), learned (-?[\d.]+)/g)];
    expect(lines.length).toBe(5);
    for (const [line, exact, learned] of lines) {
      expect(Math.abs(Number(exact) - Number(learned)), line).toBeLessThan(0.1);
    }
  });

  test.skipIf(!bun)('Bun: learns XOR and answers', async () => {
    const port = await freePort();
    await during(bun!, ['examples/bun/main.mjs', String(port)], folder, async (child) => {
      for (const [a, b] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ]) {
        const result = await answer(`http://127.0.0.1:${port}/?a=${a}&b=${b}`, child);
        expect(result).toMatchObject({ a, b, xor: a ^ b });
      }
    });
  });
});
