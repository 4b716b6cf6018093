// How several threads run one program. The thread that was asked to run it, the runner, opens its commands one
// after the other: it hands as many threads as it pays for the same number of shares each. A thread does its own and
// then what others have not begun, so one that sleeps, or ends between two shares, holds nobody up.

import { runShare, runWhole, threadsOf } from './command';
import { Layout, RunEnd } from './opcodes';
import { Share } from './share';

/** Shares that a thread is handed: more balance better, fewer read less twice. */
const sharesPerThread: i32 = 2;

/**
 * What the threads know of each other; each part has cache lines to itself.
 *
 * The open command has a number, above 16 bits, and below them eight bits of how many threads it is handed to. Each
 * thread has a claim: the number of the last command of which shares were claimed that it was handed, and in the lowest
 * eight bits how many were. The runner has to write but the one word that all look at. A command is open until all its
 * shares are done, so whoever finds a claim that is older than the command, or not at its end, may claim for it.
 */
const line: usize = 64;
/** Beside a thread's claim: whether it sleeps. */
const sleepsAt: usize = 8;
const openAt: usize = <usize>Layout.maxThreads * line;
/** Beside the open command's number: its address. */
const commandAt: usize = 8;
/** Shares of the open command that nobody is at work on any more, and, above 16 bits, how many of them failed. */
const doneAt: usize = openAt + line;
/** Whether the runner sleeps until they are. */
const runnerSleepsAt: usize = openAt + 2 * line;
/** Threads that sleep until there is work. */
const sleepersAt: usize = openAt + 3 * line;

/** How often a thread looks for news before it sleeps: about 0.3 ms, longer than it takes to copy most batches. */
const looks: i32 = 300000;
/** The same for the runner where it may not sleep: about a minute. */
const looksWithoutSleep: i64 = 60000000000;
/** What a share that failed adds to those that are done. */
const failed: i32 = 0x10000;

/** Seconds that the runner sleeps until it gives up a share which another thread has claimed. */
const patience: i32 = 60;
const second: i64 = 1000000000;

/** How many threads an open command is handed to. */
function threadsFor(open: i64): i32 {
  return <i32>((open >> 8) & 0xff);
}

/** Whether a thread's claim leaves shares of the open command. */
function leavesShares(claim: i64, open: i64): bool {
  return claim < open + sharesPerThread;
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
    const helping = min(threadsOf(command), threads);
    if (helping > 0) {
      open(team, command, helping);
      claimShares(team, share);
      const end = awaitDone(team, helping * sharesPerThread, maySleep);
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
  atomic.store<i32>(team + doneAt, 0);
  store<usize>(team + openAt + commandAt, command);
  const before = load<i64>(team + openAt) >> 16;
  atomic.store<i64>(team + openAt, ((before + 1) << 16) | ((<i64>threads) << 8));
  if (atomic.load<i32>(team + sleepersAt) > 0) wake(team, threads);
}

function wake(team: usize, threads: i32): void {
  for (let thread = 1; thread < threads; thread++) {
    const sleeps = team + <usize>thread * line + sleepsAt;
    if (atomic.load<i32>(sleeps) == 0) continue;
    atomic.store<i32>(sleeps, 0);
    atomic.notify(sleeps, 1);
  }
}

/** Does this thread's shares of the open command, then those that others have not begun. */
function claimShares(team: usize, share: Share): void {
  const open = atomic.load<i64>(team + openAt);
  const threads = threadsFor(open);
  if (share.thread >= threads) return;
  for (let i = 0; i < threads; i++) {
    const other = share.thread + i;
    const thread = other < threads ? other : other - threads;
    for (let at = claim(team, thread, open); at >= 0; at = claim(team, thread, open)) {
      share.index = thread * sharesPerThread + at;
      share.count = threads * sharesPerThread;
      runShare(load<usize>(team + openAt + commandAt), share);
      share.untold++;
    }
    if (share.untold > 0) tell(team, share);
  }
}

/** Claims one of the shares that a thread was handed: which one, or -1 where all are claimed. */
function claim(team: usize, thread: i32, open: i64): i32 {
  const address = team + <usize>thread * line;
  let known = atomic.load<i64>(address);
  while (leavesShares(known, open)) {
    const next = known < open ? open + 1 : known + 1;
    const found = atomic.cmpxchg<i64>(address, known, next);
    if (found == known) return <i32>(next - open) - 1;
    known = found;
  }
  return -1;
}

/** Tells of the shares that the thread has done. */
function tell(team: usize, share: Share): void {
  const done = share.untold;
  share.untold = 0;
  atomic.add<i32>(team + doneAt, done);
  if (atomic.load<i32>(team + runnerSleepsAt)) atomic.notify(team + doneAt, 1);
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
  atomic.add<i32>(team + doneAt, failed + 1 + share.untold);
  atomic.notify(team + doneAt, 1);
}

/** A helping thread's life: to do shares when there are any, and to sleep when there are none for a while. */
export function join(team: usize, share: Share): void {
  share.joined = 1;
  for (;;) {
    claimShares(team, share);
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
  const open = atomic.load<i64>(team + openAt);
  return thread < threadsFor(open) && leavesShares(atomic.load<i64>(team + <usize>thread * line), open);
}

function sleep(team: usize, thread: i32): void {
  const sleeps = team + <usize>thread * line + sleepsAt;
  atomic.store<i32>(sleeps, 1);
  atomic.add<i32>(team + sleepersAt, 1);
  // A command that was opened before the runner could know of this sleeper would go unnoticed.
  if (!hasWork(team, thread)) atomic.wait<i32>(sleeps, 1, -1);
  atomic.store<i32>(sleeps, 0);
  atomic.sub<i32>(team + sleepersAt, 1);
}
