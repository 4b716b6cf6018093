// The switches of planted faults: which one is on, here and in the processes and threads that this one starts. What
// reaches a fault can be told to a file.

import { appendFileSync } from 'node:fs';

const { env } = process;
let on = Number(env.FAULT ?? -1);
let log = env.FAULTS_REACHED;
let deadline = Number.POSITIVE_INFINITY;
let asked = 0;
const reached = new Set<number>();

/** @param patience milliseconds after which what runs ends by an error */
export function turnOn(fault: number, patience: number): void {
  on = fault;
  env.FAULT = String(fault);
  deadline = Date.now() + patience;
}

/** From now on the numbers of faults that are reached are told to this file. */
export function tellReached(path: string): void {
  log = path;
  env.FAULTS_REACHED = path;
  reached.clear();
}

export function isOn(fault: number): boolean {
  if (log && !reached.has(fault)) {
    reached.add(fault);
    appendFileSync(log, `${fault}\n`);
  }
  asked++;
  // The clock is looked at now and then only.
  if (asked % 65_536 === 0 && Date.now() > deadline) throw new Error('What the fault makes does not end.');
  return fault === on;
}
