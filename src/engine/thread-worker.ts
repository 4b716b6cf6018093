// The script of a thread in browsers. It imports nothing: a worker whose script leads back to where it is started
// keeps Turbopack busy for ever.

import type { ThreadStart } from './thread.ts';

const worker = globalThis as unknown as { onmessage: (event: { readonly data: ThreadStart }) => void };

worker.onmessage = ({ data: { module, memory, team, share } }) => {
  const abort = () => {
    throw new Error('a kernel gave up');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  try {
    (exports.join as (team: number, share: number) => void)(team, share);
  } catch (error) {
    (exports.fail as (team: number, share: number) => void)(team, share);
    throw error;
  }
};
