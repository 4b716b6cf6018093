// A share: the part of a command's work that a thread takes at a time, and the thread's own scratch memory.
// Bounds depend on sizes only, and every element is computed whole by one share: how many shares there are,
// and which thread takes which, changes no bit of any result.

import { Layout } from './opcodes';

/** At the beginning of each thread's own memory. */
@unmanaged
export class Share {
  /** The thread's number, from 0; written before the thread starts. */
  thread: i32;
  /** 1 once a helping thread looks for work. */
  joined: i32;
  index: i32;
  count: i32;
  /** Shares that the thread has done and not told of yet. */
  untold: i32;
  /** Whether a guard has ended the run. */
  endsRun: bool;

  /** First of `units` that is in this share. */
  @inline start(units: i32): i32 {
    if (this.count == 1) return 0;
    return <i32>((<i64>units * <i64>this.index) / <i64>this.count);
  }

  /** First of `units` that is past this share. */
  @inline end(units: i32): i32 {
    if (this.count == 1) return units;
    return <i32>((<i64>units * <i64>(this.index + 1)) / <i64>this.count);
  }

  /** The thread's scratch memory. */
  @inline scratch(): usize {
    return changetype<usize>(this) + Layout.shareBytes;
  }
}
