// The measurement of processes that train together runs, and has a line for each contestant and each message.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { computed, fitted } from '../../bench/cluster-model.mjs';
import { isThere } from '../mpi/launch.ts';

const root = resolve(import.meta.dirname, '../..');

test.skipIf(!isThere('mpirun.openmpi'))(
  '(left out without Open MPI) it runs',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanegrad-'));
    const json = join(folder, 'cluster.json');
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['bench/cluster.mjs', '--batch=8', '--steps=8', '--rounds=1', `--json=${json}`],
        { cwd: root, env: { ...process.env, LANEGRAD_BUILD: join(root, 'dist/node.js') } },
      );
      expect(stdout).toMatch(/\| one process, one thread \| .* \| 0\.0 % \|/);
      expect(stdout).toMatch(/\| two processes of one thread \| .* \| 1\.00 \(1\.00\) \| .* \| \d+\.\d % \|/);
      expect(stdout).toMatch(/\| 16 \| 1048576 \| [\d.]+ .*s \([\d.]+ .*s\) \| .* \|/);
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
        batch: 8,
        steps: { 'two processes of one thread': { floats: 34826 } },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  300_000,
);

test('costs of messages are found from what these took; none is less than nothing', () => {
  const costs = { exchange: 5e-6, message: 2e-6, byte: 1e-9 };
  const sizes = [1, 4, 16].flatMap((messages) => [16, 4096, 65536].map((bytes) => ({ messages, bytes })));
  const took = ({ exchange, message, byte }: typeof costs) =>
    sizes.map(({ messages, bytes }) => ({
      messages,
      bytes,
      least: exchange + messages * (message + bytes * byte),
    }));
  const found = fitted(took(costs));
  for (const [name, cost] of Object.entries(costs))
    expect(found[name as keyof typeof costs]).toBeCloseTo(cost, 12);
  expect(fitted(took({ ...costs, exchange: -1e-6 })).exchange).toBe(0);
});

test('the tables of docs/cluster.md are those that are computed', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  expect(read('docs/cluster.md')).toContain(computed(JSON.parse(read('bench/cluster.json'))));
});
