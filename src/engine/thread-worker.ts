// The script of a thread in browsers.

import { joinTeam, type ThreadStart } from './thread.ts';

const worker = globalThis as unknown as { onmessage: (event: { readonly data: ThreadStart }) => void };
worker.onmessage = ({ data }) => joinTeam(data);
