// Starting a thread that helps. Its whole program: it instantiates the kernels over the shared memory and stays in
// their `join`.

import { platform } from '../platform/platform.ts';

declare const URL: new (path: string, base: string) => object;
declare const Worker: new (
  script: object,
  options: { type: 'module'; name: string },
) => {
  onerror: (event: { readonly message?: string }) => void;
  postMessage(message: unknown): void;
};

/** What a thread is given. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the memory that all threads know. */
  readonly team: number;
  /** Address of the thread's own memory. */
  readonly share: number;
}

/** What thread-worker.ts does, as text, for platforms that start threads from it and so need no second file. */
const program = `
const abort = () => { throw new Error('a kernel gave up'); };
const kernels = new WebAssembly.Instance(start.module, { env: { memory: start.memory, abort } });
try {
  kernels.exports.join(start.team, start.share);
} catch (error) {
  kernels.exports.fail(start.team, start.share);
  throw error;
}
`;

/** @param ended called with the reason when the thread has ended, however that came about */
export function startThread(start: ThreadStart, ended: (reason: string) => void): void {
  if (platform.startThread) {
    platform.startThread(program, start, ended);
    return;
  }
  const worker = new Worker(new URL('./thread-worker.js', import.meta.url), {
    type: 'module',
    name: 'lanegrad',
  });
  worker.onerror = ({ message }) => ended(message ?? 'its script could not be loaded');
  worker.postMessage(start);
}
