// The module's entries: running a program on one thread or, together with others, on several.

import { runWhole } from './command';
import { Layout } from './opcodes';
import { Share } from './share';

export { randomWords } from './random';
export { fail, join, runTogether } from './team';

/** Runs `count` commands on this thread alone, or those before a guard that ends the run. @param share the thread's own memory */
export function run(program: usize, count: i32, share: Share): void {
  share.endsRun = false;
  for (let command = program; count > 0; count--) {
    runWhole(command, share);
    if (share.endsRun) return;
    command += Layout.commandBytes;
  }
}

/** The first address that the module leaves to its user. */
export function heapBase(): usize {
  return __heap_base;
}
