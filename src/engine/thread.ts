/**
 * The whole program of a thread that helps: it instantiates the kernels over the shared memory and stays in
 * `join`. Text, because a thread starts with a script of its own; the platform defines `start`, a `ThreadStart`.
 */
export const threadProgram = `
const abort = () => { throw new Error('a kernel gave up'); };
const kernels = new WebAssembly.Instance(start.module, { env: { memory: start.memory, abort } });
kernels.exports.join(start.team, start.share, start.threads);
`;

/** What a thread is given. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the memory that all threads know. */
  readonly team: number;
  /** Address of the thread's own memory. */
  readonly share: number;
  /** Threads in all. */
  readonly threads: number;
}
