// How several threads run one program. The thread that was asked to run it, the runner, opens its commands one
// after the other: it hands each thread the same number of shares. A thread does its own and then what others
// have not begun, so one that sleeps, or ends between two shares, holds nobody up.

import { isShared, runShare, runWhole } from './command';
import { Layout, RunEnd } from './opcodes';
import { Share } from './share';

/** Shares that a thread is handed: more balance better, fewer read less twice. */
const sharesPerThread: i32 = 2;

/**
 * What the threads know of each other; each word has a cache line to itself.
 *
 * A ticket for each thread tells which shares it was handed: the command's address, 16 bits of where its shares
 * end, 16 bits of how many are claimed, counted from the command's first share. Adding 1 claims a share and
 * tells of which command it is, so a thread that comes late cannot claim from a command that is over.
 */
const line: usize = 64;
/** Shares of the open command that nobody is at work on any more, and, above 16 bits, how many of them failed. */
const doneAt: usize = <usize>Layout.maxThreads * line;
/** Whether the runner sleeps until they are. */
const runnerSleepsAt: usize = doneAt + line;
/** Threads that sleep until there is work. */
const sleepersAt: usize = doneAt + 2 * line;
/** How often they were woken. */
const wakingsAt: usize = doneAt + 3 * line;

/** How often a thread looks for news before it sleeps: about 0.3 ms, longer than it takes to copy most batches. */
const looks: i32 = 300000;
/** The same for the runner where it may not sleep: about a minute. */
const looksWithoutSleep: i64 = 60000000000;
/** What a share that failed adds to those that are done. */
const failed: i32 = 0x10000;

/** Seconds that the runner sleeps until it gives up a share which another thread has claimed. */
const patience: i32 = 60;
const second: i64 = 1000000000;

class Ticket {
  @inline address(team: usize, thread: i32): usize {
    return team + <usize>thread * line;
  }

  @inline of(command: usize, thread: i32): i64 {
    const first = thread * sharesPerThread;
    return ((<i64>command) << 32) | ((<i64>(first + sharesPerThread)) << 16) | <i64>first;
  }

  @inline command(ticket: i64): usize {
    return <usize>(ticket >> 32);
  }

  @inline share(ticket: i64): i32 {
    return <i32>(ticket & 0xffff);
  }

  @inline isOpen(ticket: i64): bool {
    return this.share(ticket) < <i32>((ticket >> 16) & 0xffff);
  }
}

/**
 * Runs `count` commands together with the threads that have joined, or those before a guard that ends the run.
 * @param share the runner's own memory
 * @param team `Layout.teamBytes` of memory that all threads know
 * @param threads how many threads there are at the most, this one included
 * @param maySleep false on a browser's main thread, which is not allowed to
 */
export function runTogether(
  program: usize,
  count: i32,
  share: Share,
  team: usize,
  threads: i32,
  maySleep: bool,
): RunEnd {
  share.endsRun = false;
  for (let command = program; count > 0; count--) {
    if (isShared(command)) {
      open(team, command, threads);
      claimShares(team, share, threads);
      const end = awaitDone(team, threads * sharesPerThread, maySleep);
      if (end != RunEnd.allDone) return end;
    } else {
      runWhole(command, share);
      if (share.endsRun) return RunEnd.allDone;
    }
    command += Layout.commandBytes;
  }
  return RunEnd.allDone;
}

function open(team: usize, command: usize, threads: i32): void {
  const t = changetype<Ticket>(0);
  atomic.store<i32>(team + doneAt, 0);
  for (let thread = threads - 1; thread >= 0; thread--) {
    atomic.store<i64>(t.address(team, thread), t.of(command, thread));
  }
  if (atomic.load<i32>(team + sleepersAt) == 0) return;
  atomic.add<i32>(team + wakingsAt, 1);
  atomic.notify(team + wakingsAt, -1);
}

/** Does this thread's shares of the open command, then those that others have not begun. */
function claimShares(team: usize, share: Share, threads: i32): void {
  const t = changetype<Ticket>(0);
  for (let i = 0; i < threads; i++) {
    const other = share.thread + i;
    const address = t.address(team, other < threads ? other : other - threads);
    while (t.isOpen(atomic.load<i64>(address))) {
      const claim = atomic.add<i64>(address, 1);
      if (!t.isOpen(claim)) break;
      share.index = t.share(claim);
      share.count = threads * sharesPerThread;
      runShare(t.command(claim), share);
      atomic.add<i32>(team + doneAt, 1);
      if (atomic.load<i32>(team + runnerSleepsAt)) atomic.notify(team + doneAt, 1);
    }
  }
}

/** What a run comes to once nobody is at work on its shares any more; `RunEnd.tooLate` while somebody is. */
function endOf(done: i32, shares: i32): RunEnd {
  if ((done & (failed - 1)) != shares) return RunEnd.tooLate;
  return done == shares ? RunEnd.allDone : RunEnd.oneFailed;
}

/** Waits until nobody is at work on a share. */
function awaitDone(team: usize, shares: i32, maySleep: bool): RunEnd {
  const limit = maySleep ? <i64>looks : looksWithoutSleep;
  let end = RunEnd.tooLate;
  for (let i: i64 = 0; end == RunEnd.tooLate && i < limit; i++) {
    end = endOf(atomic.load<i32>(team + doneAt), shares);
  }
  if (end != RunEnd.tooLate || !maySleep) return end;
  atomic.store<i32>(team + runnerSleepsAt, 1);
  for (let seconds = 0; seconds < patience; ) {
    const done = atomic.load<i32>(team + doneAt);
    end = endOf(done, shares);
    if (end != RunEnd.tooLate) break;
    if (atomic.wait<i32>(team + doneAt, done, second) == AtomicWaitResult.TIMED_OUT) seconds++;
  }
  atomic.store<i32>(team + runnerSleepsAt, 0);
  return end;
}

/** To be called when a helping thread ends in the middle of a share: nobody waits for it. */
export function fail(team: usize, share: Share): void {
  share.joined = 0;
  atomic.add<i32>(team + doneAt, failed + 1);
  atomic.notify(team + doneAt, 1);
}

/** A helping thread's life: to do shares when there are any, and to sleep when there are none for a while. */
export function join(team: usize, share: Share, threads: i32): void {
  share.joined = 1;
  for (;;) {
    claimShares(team, share, threads);
    if (!lookForWork(team, share.thread)) sleep(team, share.thread);
  }
}

function lookForWork(team: usize, thread: i32): bool {
  for (let i = 0; i < looks; i++) {
    if (hasWork(team, thread)) return true;
  }
  return false;
}

function hasWork(team: usize, thread: i32): bool {
  const t = changetype<Ticket>(0);
  return t.isOpen(atomic.load<i64>(t.address(team, thread)));
}

function sleep(team: usize, thread: i32): void {
  const wakings = atomic.load<i32>(team + wakingsAt);
  atomic.add<i32>(team + sleepersAt, 1);
  // A command that was opened before the runner could know of this sleeper would go unnoticed.
  if (!hasWork(team, thread)) atomic.wait<i32>(team + wakingsAt, wakings, -1);
  atomic.sub<i32>(team + sleepersAt, 1);
}
