// The results as Markdown: a table for every workload, ratios to lanegrad, and the goals beside what came.

import { goals } from './goals.mjs';

const baseline = 'lanegrad relaxed, 1 thread';

export function duration(seconds) {
  const [value, unit] =
    seconds < 1e-3 ? [seconds * 1e6, 'µs'] : seconds < 1 ? [seconds * 1e3, 'ms'] : [seconds, 's'];
  return `${value.toPrecision(3)} ${unit}`;
}

export const gflops = ({ m, k, n }, seconds) => (2 * m * k * n) / seconds / 1e9;

/** Text that a cell can hold: a pipe would end it. */
export const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

function row(workload, result, reference) {
  if (result.cannot) return [result.name, `cannot: ${result.cannot}`, '', '', '', '', ''];
  const { median, min, max } = result.seconds;
  const rate =
    workload.kind === 'gemm'
      ? `${gflops(workload, median).toFixed(1)} GFLOPS`
      : `${Math.round(workload.batch / median).toLocaleString('en')} samples/s`;
  const ratio = reference
    ? `${(median / reference.median).toPrecision(3)}× (${(min / reference.max).toPrecision(3)}–${(max / reference.min).toPrecision(3)})`
    : '';
  const loss = [result.first, result.last].map((each) => each.toPrecision(4)).join(' → ');
  return [
    result.name,
    duration(median),
    `${duration(min)}–${duration(max)}`,
    rate,
    ratio,
    `${(result.peakKilobytes / 1024).toFixed(0)} MB`,
    result.failing
      ? `**fails**: ${result.failing}`
      : `${loss} (${result.total} steps, ${result.steps} a round)`,
  ];
}

const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
const head = [
  'contestant',
  'a step',
  'min–max',
  'rate',
  "time ÷ lanegrad's",
  'peak memory',
  'loss, or checksum',
];

function table(workload) {
  const lines = [`## ${workload.title}`, ''];
  if (workload.skipped) return [...lines, `Left out: ${workload.skipped}.`, ''];
  const reference = workload.results.find(({ name, seconds }) => name === baseline && seconds)?.seconds;
  const rows = workload.results.map((result) => line(row(workload, result, reference)));
  return [...lines, line(head), line(head.map(() => '---')), ...rows, ''];
}

export function markdown(results) {
  const { machine, peak, rounds, minutes } = results;
  const versions = Object.entries(machine.peers).map(([name, version]) => `${name} ${version}`);
  const figure = (value) => (value === undefined ? 'none' : `${value.toFixed(1)} GFLOPS`);
  return [
    '# Results',
    '',
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${machine.date}; load before the run ${machine.loadBefore.toFixed(2)}.`,
    `${rounds} interleaved rounds${results.quick ? ' (quick)' : ''}, ${minutes.toFixed(1)} minutes. ${versions.join(', ')}.`,
    `SIMD peak in registers: mul + add ${figure(peak.simd)}, relaxed_madd ${figure(peak.relaxed)}.`,
    '',
    ...(results.note ? [results.note, ''] : []),
    ...results.workloads.flatMap(table),
    '## Goals',
    '',
    line(['goal', 'measured']),
    line(['---', '---']),
    ...goals(results).map(line),
    '',
    '## What each does differently',
    '',
    ...results.contestants.map(({ name, differs }) => `- ${name}: ${differs}.`),
    '',
  ].join('\n');
}
