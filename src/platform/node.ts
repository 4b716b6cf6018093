/* The platform of Node, and of Deno and Bun, which offer the same modules. The only file that imports `node:`. */

import { randomUUID } from 'node:crypto';
import { appendFileSync, createReadStream, mkdirSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { codeOf } from './file-problem.ts';
import type { Platform } from './platform.ts';

/** XDG_CACHE_HOME or ~/.cache; ~/Library/Caches on macOS; LOCALAPPDATA on Windows; then `lanegrad`. */
function cacheFolder(): string {
  const { env, platform } = process;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'lanegrad');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'lanegrad');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lanegrad');
}

/** @throws for a device, which may never end and must not be replaced, and for a pipe, which nobody may write to */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory()) throw new Error('it is no file');
}

async function wholeFile(path: string): Promise<Uint8Array> {
  await requireFile(path);
  return readFile(path);
}

/** How often a file is written anew where another process took what is not finished for left behind. */
const mostTries = 8;

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  await requireFile(path);
  for (let tries = 1; ; tries++) {
    try {
      return await replaceFile(path, bytes);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tries === mostTries) throw error;
    }
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Beside the file, because a rename is only atomic within one file system.
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      // Else a power cut after the rename could leave the name without the content.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a folder's names to the disk. Windows has no such thing for folders, and keeps their order itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function startThread(program: string, start: object, ended: (reason: string) => void): void {
  // As text, so that a bundled application needs no second file.
  const script = `const start = require('node:worker_threads').workerData;${program}`;
  const worker = new Worker(script, { eval: true, workerData: start, execArgv: [], name: 'lanegrad' });
  // The process ends when the user's script does.
  worker.unref();
  let reason = 'it was stopped';
  worker.on('error', (error) => {
    reason = error.message;
  });
  worker.on('exit', () => ended(reason));
}

/** Before Node 22 a thread that sleeps in WebAssembly may never wake. */
const firstWithThreads = 22;

export const nodePlatform: Platform = {
  readFile: wholeFile,
  readChunks: (path) => createReadStream(path),
  writeFile,
  appendFile(path, bytes) {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, bytes);
  },
  listFolder: (path) => readdir(path),
  removeFile: (path) => rm(path, { force: true }),
  fileSize: async (path) => (await stat(path)).size,
  cacheFolder,
  environment: (name) => process.env[name],
  get isInteractive() {
    return process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  },
  hasThreads: Number.parseInt(process.versions.node, 10) >= firstWithThreads,
  parallelism: availableParallelism(),
  maySleep: true,
  startThread,
  write(text) {
    process.stdout.write(text);
  },
  turn: () => setImmediate(),
  now: () => performance.now(),
};
