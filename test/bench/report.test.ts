// What the benchmark writes: medians, cells, bars; and that its data is the same for every contestant.

import { expect, test } from 'vitest';
import { chart, escapeText } from '../../bench/chart.mjs';
import { simdPeak } from '../../bench/peak.mjs';
import { cell, duration, gflops, markdown } from '../../bench/report.mjs';
import { fault, median, quantile, summary } from '../../bench/statistics.mjs';
import { problem, workloads } from '../../bench/workloads.mjs';

const seconds = { median: 0.002, min: 0.001, max: 0.004 };
const good = {
  name: 'lanegrad relaxed, 1 thread',
  seconds,
  first: 2,
  last: 1,
  total: 30,
  peakKilobytes: 2048,
};
const train = { kind: 'train', name: 'net', title: 'net, batch 4', batch: 4 };
const machine = {
  cpu: 'a <chip>',
  cores: 2,
  node: 'v24',
  date: 'today',
  loadBefore: 0,
  peers: { peer: '1.0' },
};
const results = {
  machine,
  rounds: 3,
  minutes: 1,
  peak: { simd: 40, relaxed: undefined },
  contestants: [],
  workloads: [
    { ...train, results: [good, { name: 'a | b', cannot: 'no' }, { ...good, name: 'c', failing: 'bad' }] },
  ],
};

test('medians of odd and even counts, and the spread', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([5, 1, 2, 4, 3], 0.25)).toBe(2);
  expect(quantile([7], 0.75)).toBe(7);
  expect(summary([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});

test('a contestant that does not learn, disagrees or is not finite fails', () => {
  const result = { exact: true, first: 2, checked: 1.5, last: 1, total: 30 };
  expect(fault(train, result, 1.5)).toBeUndefined();
  expect(fault(train, { ...result, last: 1.99, total: 200 }, 1.5)).toMatch('does not learn');
  expect(fault(train, { ...result, last: 2.01 }, 1.5)).toMatch('does not learn');
  expect(fault(train, { ...result, last: Number.NaN }, 1.5)).toMatch('NaN');
  expect(fault(train, result, 1.6)).toMatch('is expected');
  expect(fault(train, { ...result, exact: false }, 1.6)).toBeUndefined();
});

test('the page: rates, ratios, reasons and failures, pipes escaped', () => {
  const page = markdown(results);
  expect(page).toContain('| 2.00 ms | 1.00 ms–4.00 ms | 2,000 samples/s | 1.00× (0.250–4.00) | 2 MB |');
  expect(page).toContain('| a \\| b | cannot: no |');
  expect(page).toContain('**fails**: bad');
  expect(page).toContain('relaxed_madd none');
  expect([duration(2e-6), duration(3), cell('a|b')]).toEqual(['2.00 µs', '3.00 s', 'a\\|b']);
  expect(gflops({ m: 10, k: 10, n: 10 }, 1e-6)).toBeCloseTo(2);
});

test('the chart escapes text and leaves out who failed', () => {
  expect(escapeText('<a & "b">')).toBe('&lt;a &amp; &quot;b&quot;&gt;');
  const svg = chart(results);
  expect(svg).toContain('a &lt;chip&gt;');
  expect(svg.match(/<rect/g)).toHaveLength(1);
});

test('data is the same at every call', () => {
  for (const workload of workloads.filter(({ batch, kind }) => batch < 32 && kind !== 'gemm')) {
    expect(problem(workload)).toEqual(problem(workload));
  }
});

test('the peak is measured', () => {
  expect(simdPeak().simd).toBeGreaterThan(0.1);
});
