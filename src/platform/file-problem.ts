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

type Done = 'read' | 'written';

/** By what a file system tells one failure from others, where it does. */
export const codeOf = (cause: unknown): unknown =>
  (cause as { readonly code?: unknown } | null | undefined)?.code;

/** What could not be done, and why. */
export function fileProblem(where: string, path: string, done: Done, cause: unknown): string {
  const code = codeOf(cause);
  const meaning = typeof code === 'string' && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  const { message = cause } = (cause ?? {}) as { readonly message?: unknown };
  return `${where}: ${path} cannot be ${done}: ${String(meaning ?? message).replace(/\.$/, '')}.`;
}

export const fileError = (where: string, path: string, done: Done, cause: unknown): LanegradError =>
  new LanegradError(fileProblem(where, path, done, cause), { cause });

/** What `act` does with a file. @throws LanegradError where it cannot be done. */
export async function withFile<T>(
  where: string,
  path: string,
  done: Done,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw fileError(where, path, done, cause);
  }
}
