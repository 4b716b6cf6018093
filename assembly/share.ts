// How the threads of a program divide a command's work. Bounds depend on sizes only, never on results.

/** First unit of a thread's share of `units`; its last is before `shareStart(units, thread + 1, threads)`. */
export function shareStart(units: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>units * <i64>thread) / <i64>threads);
}
