// What the script that trains is asked for, and what it comes to.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const script = join(import.meta.dirname, 'train.script.mjs');

export interface Order {
  readonly networks?: readonly string[];
  readonly [option: string]: unknown;
}

export interface Result {
  readonly weights: string;
  readonly remembered: string;
  readonly predicted: string;
  readonly evaluated: readonly number[];
  readonly history: Record<string, readonly number[]>;
  readonly rates: readonly number[];
  /** With `fit: { profile: true }`. */
  readonly exchanges?: readonly { layers: string; shape: string; runs: number; share: number }[];
}

export type Results = Record<string, Result>;

export const bothNetworks = ['dense', 'convnet'];

/** Of every rank that prints. */
export const parse = (output: string): Results[] =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What one process comes to. */
export async function alone(order: Order = {}): Promise<Results> {
  const parameters = JSON.stringify({ networks: bothNetworks, alone: true, ...order });
  const { stdout } = await promisify(execFile)(process.execPath, [script, parameters]);
  return parse(stdout)[0];
}
