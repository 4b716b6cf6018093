// The same script in every runtime: it learns, and with the baseline kernels the weights are the same bits.

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everywhere, leftOut } from './everywhere.ts';
import { installPackage } from './installed.ts';
import { commandLine, type FixedRun, runtimes } from './runtimes.ts';
import { type Row, writeTable } from './table.ts';

let folder: string;
let expected: FixedRun;
const rows: Row[] = [];

beforeAll(async () => {
  folder = installPackage();
  const thisNode = commandLine('this Node', process.execPath);
  expected = await thisNode.run(process.execPath, folder, 'simd');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (rows.length === runtimes.length) writeTable(rows);
});

function expectToLearn({ xor, accuracy }: FixedRun): void {
  expect(xor).toBe(true);
  expect(accuracy).toBeGreaterThan(0.8);
}

test('the Node that runs the tests learns with either choice of kernels', async () => {
  expectToLearn(expected);
  expectToLearn(await commandLine('this Node', process.execPath).run(process.execPath, folder, ''));
});

const absent = runtimes.filter(({ program }) => !everywhere || !program).map(({ name }) => name);
const hint = everywhere ? 'not installed on this machine' : 'npm run test:runtimes runs them';
if (absent.length > 0) console.log(`Runtimes left out: ${absent.join(', ')} (${hint}).`);

describe.each(runtimes)('$name', ({ name, program, version, run }) => {
  const note = program ? leftOut : ' (left out: not installed on this machine)';

  test.skipIf(!everywhere || !program)(`learns, and to the same bits${note}`, async () => {
    const own = await run(program!, folder, '');
    expectToLearn(own);
    const baseline = await run(program!, folder, 'simd');
    expect(baseline).toEqual({ ...expected, threads: baseline.threads });
    rows.push({ name, version: version(program!), own, baseline });
  });
});
