// How busy a machine is with what is none of this process's children: told by Linux, elsewhere unknown.

import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Ticks of the processor's clock in a second, as Linux counts them for programs. */
const ticksInSecond = 100;

interface Times {
  /** Ticks that all processors were busy, and those that this process and its children were. */
  readonly all: number;
  readonly own: number;
  readonly at: number;
}

/** Fields of a process behind its name, which may hold spaces: state, parent, …, user's and system's ticks. */
function fieldsOf(pid: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').map(Number);
  } catch {
    // It has ended.
    return [];
  }
}

function times(): Times {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), fieldsOf(pid)] as const),
  );
  const isOwn = (pid: number): boolean =>
    pid === process.pid || (processes.has(pid) && isOwn(processes.get(pid)![1]));
  let own = 0;
  for (const [pid, fields] of processes) if (fields.length > 12 && isOwn(pid)) own += fields[11] + fields[12];
  const [, user, nice, system, , , interrupts, soft] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .map(Number);
  return { all: user + nice + system + interrupts + soft, own, at: performance.now() };
}

/** Begins to watch. The function that is returned tells how many processors others kept busy since; NaN where nobody knows. */
export function watchOthers(): () => number {
  if (!existsSync('/proc/stat')) return () => Number.NaN;
  const begun = times();
  return () => {
    const now = times();
    const ticks = now.all - begun.all - (now.own - begun.own);
    return (1000 * ticks) / ticksInSecond / (now.at - begun.at);
  };
}
