// trial
class Add { @inline apply(a: v128, b: v128): v128 { return f32x4.add(a, b); } }
class R3 { a: f32; b: f32; c: f32; }
class R1 { a: f32; }
type Kernel = (cmd: usize, thread: i32, threads: i32) => void;
function binary<F>(dst: usize, a: usize, n: i32): void {
  for (let i = 0; i < n; i++) v128.store(dst + (i << 4), changetype<F>(0).apply(v128.load(a + (i << 4)), v128.load(dst)));
}
function k1(cmd: usize, thread: i32, threads: i32): void { binary<Add>(cmd, thread, threads); }
function k2<R>(cmd: usize, thread: i32, threads: i32): void { if (offsetof<R>() >= 12) { store<i32>(cmd, 7); } else store<i32>(cmd+16, 9); }
function k3(cmd: usize, thread: i32, threads: i32): void { k2<R3>(cmd, thread, threads); }
function k4(cmd: usize, thread: i32, threads: i32): void { k2<R1>(cmd, thread, threads); }
const kernels: StaticArray<Kernel> = [k1, k3, k4];
export function run(p: usize, n: i32): void {
  for (let i = 0; i < n; i++) unchecked(kernels[load<i32>(p)])(p, 0, 1);
}
export function heapBase(): usize { return __heap_base; }
