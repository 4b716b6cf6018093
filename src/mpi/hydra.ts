// Hydra, MPICH's launcher, as far as a rank says that it has ended well: one line of its protocol (PMI 1).

import type { Library } from './library.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Tells Hydra, if it is the launcher, that this rank has ended, and waits for its answer; others need no word. */
export function sayEnded({ ofC }: Library, { MPI_LOCALRANKID, PMI_FD }: Environment): void {
  // Slurm has such a file too, with a protocol that depends on how MPICH was built.
  if (MPI_LOCALRANKID === undefined || PMI_FD === undefined) return;
  // Runtimes that number files by themselves do not know this one.
  const transfer = (name: string, bytes: Uint8Array) =>
    ofC(name, 'int', 'void *', 'size_t')(Number(PMI_FD), bytes, bytes.length);
  transfer('write', new TextEncoder().encode('cmd=finalize\n'));
  transfer('read', new Uint8Array(256));
}
