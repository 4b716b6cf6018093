// What is collected and when, for tests of how long things live.

import v8 from 'node:v8';
import vm from 'node:vm';
import { expect } from 'vitest';
import type { Block } from '../src/engine/block.ts';
import { Engine, engine } from '../src/engine/engine.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as (options?: { type: 'minor' }) => void;

/** Collects what nobody refers to. Finalizers, and what weak references were asked for, need a turn of their own. */
export async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Resolves once all are collected; what is kept for good ends in the test's timeout. */
export async function collected(references: readonly WeakRef<object>[]): Promise<void> {
  while (references.some((reference) => reference.deref())) await collectGarbage();
}

/** How many bytes of the heap `act` leaves behind that are reachable, or that an end of this turn alone lets go of. */
export const bytesKeptBy = (act: () => void): number =>
  grownBy(act, () => {
    collect();
    return v8.getHeapStatistics().used_heap_size;
  });

/** How many bytes that `act` leaves outlive two collections of what is young, which take what is unreachable. */
export const bytesGrownOldBy = (act: () => void): number =>
  grownBy(act, () => {
    for (let i = 0; i < 2; i++) collect({ type: 'minor' });
    return v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;
  });

function grownBy(act: () => void, used: () => number): number {
  const before = used();
  act();
  return used() - before;
}

/** Tells of each block that the engine hands out. @returns what ends that */
function onAllocate(tell: (block: Block) => void): () => void {
  const watched = engine();
  watched.allocate = function (...args) {
    const block = Engine.prototype.allocate.apply(this, args);
    tell(block);
    return block;
  };
  return () => Reflect.deleteProperty(watched, 'allocate');
}

/** Blocks that the engine hands out until `stop` is called, without keeping them alive. */
export function watchBlocks(): { readonly blocks: WeakRef<Block>[]; stop(): void } {
  const blocks: WeakRef<Block>[] = [];
  return { blocks, stop: onAllocate((block) => blocks.push(new WeakRef(block))) };
}

/** What `act` gives; it asks how many bytes of the blocks that were handed out meanwhile have not been given back. */
export async function countingBytes<T>(act: (heldBytes: () => number) => T | Promise<T>): Promise<T> {
  // Kept alive: what is only collected was not given back, and what others left behind counts for nothing.
  const blocks: Block[] = [];
  const stop = onAllocate((block) => blocks.push(block));
  try {
    return await act(() => blocks.reduce((sum, { isFreed, bytes }) => sum + (isFreed ? 0 : bytes), 0));
  } finally {
    stop();
  }
}

/** Takes memory until `count` periods have passed, after which what was not used is gone. @param use what is used in each */
export function passPeriods(count: number, use: () => void = () => {}): Block[] {
  const end = engine().period + count;
  const taken: Block[] = [];
  for (let i = 0; engine().period < end; i++) {
    expect(i).toBeLessThan(200);
    use();
    taken.push(engine().allocate(2 ** 24, 'a test', 'anything'));
  }
  return taken;
}
