// What went wrong with a file, as a sentence.

import { LanegradError } from '../errors.ts';

/** What file systems mean by their codes. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EEXIST: 'a file is where a folder should be',
  EACCES: 'this program may not',
  EPERM: 'this program may not',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EMFILE: 'too many files are open',
};

/** What could not be done, and why; the full stop is whoever's who says more. */
export function fileProblem(where: string, path: string, done: 'read' | 'written', cause: unknown): string {
  const { code, message } = (cause ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const meaning = typeof code === 'string' && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  return `${where}: ${path} cannot be ${done}: ${String(meaning ?? message ?? cause).replace(/\.$/, '')}`;
}

/** What `act` does with a file. @throws LanegradError where it cannot be done. */
export async function withFile<T>(
  where: string,
  path: string,
  done: 'read' | 'written',
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new LanegradError(`${fileProblem(where, path, done, cause)}.`, { cause });
  }
}
