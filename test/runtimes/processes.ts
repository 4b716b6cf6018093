// Child processes that end with the test, and the folder of installed runtimes.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const modules = join(import.meta.dirname, 'node_modules');

/** The path of a program of an installed npm package; undefined when it is not installed. */
export const installedProgram = (path: string): string | undefined => {
  const program = join(modules, path);
  return existsSync(program) ? program : undefined;
};

/** The path of a program of the system; undefined when it is not installed. */
export const systemProgram = (...names: string[]): string | undefined =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path));

/** What a program prints. Rejects with its output when it fails. */
export async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    // A bundle that is printed has more than the megabyte that Node allows when nothing is said.
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      timeout: 120_000,
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const { message, stdout } = error as { message: string; stdout?: string };
    throw new Error(`${message}\n${stdout ?? ''}`);
  }
}

/** Runs a program for as long as `use` needs it. */
export async function during<T>(
  program: string,
  args: readonly string[],
  cwd: string,
  use: (child: ChildProcess) => Promise<T>,
): Promise<T> {
  // A group of its own, so that a browser's helpers end with it.
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${text}`)));
  });
  ended.catch(() => {});
  try {
    return await Promise.race([use(child), ended]);
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  }
}
