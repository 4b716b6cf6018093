// Figures that the README tells are those of what was measured: the benchmark's results, and the report of sizes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const readme = read('README.md');

interface Results {
  readonly workloads: readonly {
    readonly title: string;
    readonly results: readonly { readonly name: string; readonly seconds?: { readonly median: number } }[];
  }[];
}
const { workloads }: Results = JSON.parse(read('bench/results.json'));

/** Columns of the README's table, and who they are in the results. */
const contestants = {
  'lanegrad, two threads': 'lanegrad relaxed, 2 threads',
  'lanegrad, one thread': 'lanegrad relaxed, 1 thread',
  PyTorch: 'PyTorch, 1 thread',
  'jax-js': 'jax-js',
  'TensorFlow.js wasm': 'TensorFlow.js wasm, 1 thread',
  'plain JavaScript': 'plain JS',
};
/** Rows whose name in the results is another. */
const titles: Record<string, string> = {
  'XOR, 2-2-1': 'XOR 2-2-1',
  'the same, in an epoch of 60,000 images as bytes': '784-128-10 epoch of 60,000',
  'convolutions of 32 and 64, 3×3': 'convnet 32-64',
};
const units: Record<string, number> = { µs: 1e-6, ms: 1e-3, s: 1 };

const [, ...times] = readme
  .split('\n\n')
  .find((block) => block.startsWith('| network | batch |'))!
  .split('\n')
  .filter((line) => !line.startsWith('|---'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test.each(times)('how fast: %s, batch %s', (network, batch, ...told) => {
  const title = `${titles[network] ?? network}, batch ${batch.replace(',', '')}`;
  const results = workloads.find((workload) => workload.title === title)?.results ?? [];
  const measured = Object.values(contestants).map(
    (name, i) => told[i] && (results.find((result) => result.name === name)?.seconds?.median ?? 'cannot'),
  );
  const twoDigits = (seconds: number | string) =>
    typeof seconds === 'number' ? seconds.toPrecision(2) : seconds;
  const inSeconds = (text: string) => {
    const [number, unit] = text.replace(',', '').split(' ');
    return units[unit] ? Number(number) * units[unit] : text;
  };
  expect(told.map(inSeconds).map(twoDigits)).toEqual(measured.map(twoDigits));
});

test('sizes', () => {
  const report = read('docs/public-api.md');
  const gzipped = (name: string) =>
    Math.round(Number(new RegExp(`^\\| ${name} \\| [\\d.]+ \\| ([\\d.]+) `, 'm').exec(report)?.[1]));
  const everythingAndScript = ['everything', "README's script"].map(gzipped);
  const told = /Everything together is (\d+) KB .* script above, bundled, (\d+) KB/.exec(readme)?.slice(1);
  expect(told?.map(Number)).toEqual(everythingAndScript);
  const toldAgain =
    /everything is (\d+) KB .*? script, .*? (\d+) KB; a script that asks for more .*? (\d+) KB/.exec(
      read('docs/runtimes.md'),
    );
  expect(toldAgain?.slice(1).map(Number)).toEqual([
    ...everythingAndScript,
    gzipped('a script of dense layers'),
  ]);
});
