// Hydra, MPICH's launcher, as far as a rank says that it has ended well: one line of its protocol (PMI 1).

import type { Library } from './library.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The file that leads to the launcher; undefined where that is another. */
export const launcherFile = ({ HYDI_CONTROL_FD, PMI_FD }: Environment): number | undefined =>
  HYDI_CONTROL_FD === undefined || PMI_FD === undefined ? undefined : Number(PMI_FD);

/** Tells the launcher that this rank has ended, and waits for its answer. */
export function sayEnded({ ofC }: Library, file: number): void {
  // Runtimes that number files by themselves do not know this one.
  const transfer = (name: string, bytes: Uint8Array) =>
    ofC(name, 'int', 'void *', 'size_t')(file, bytes, bytes.length);
  transfer('write', new TextEncoder().encode('cmd=finalize\n'));
  transfer('read', new Uint8Array(256));
}
