// The table of docs/runtimes.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FixedRun } from './runtimes.ts';

export interface Row {
  readonly name: string;
  readonly version: string;
  /** With the kernels that the runtime chose. */
  readonly own: FixedRun;
  /** With the baseline kernels. */
  readonly baseline: FixedRun;
}

const page = resolve(import.meta.dirname, '../../docs/runtimes.md');
const start = '<!-- Made by npm run test:runtimes: -->\n';
const end = '<!-- up to here. -->';

/** Replaces the page's table. */
export function writeTable(rows: readonly Row[]): void {
  const lines = rows.map(({ name, version, own, baseline }) =>
    [
      `${name}, ${version}`,
      'yes',
      own.xor ? 'yes' : 'no',
      `${(own.accuracy * 100).toFixed(1)} %`,
      own.variant,
      own.threads,
      `\`${baseline.sha256.slice(0, 16)}…\``,
    ].join(' | '),
  );
  const table = [
    'runtime | imports | learns XOR | digits | kernels | threads | SHA-256 of the weights',
    '---|---|---|---|---|---|---',
    ...lines,
  ].map((line) => `| ${line} |\n`);
  const text = readFileSync(page, 'utf8');
  const before = text.slice(0, text.indexOf(start) + start.length);
  writeFileSync(page, before + table.join('') + text.slice(text.indexOf(end)));
}
