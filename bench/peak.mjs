// The most that SIMD128 gives on this machine: twelve independent accumulators in registers, no memory. The
// module is made of bytes here: x ← x·f + x by `mul` and `add`, or x ← f·f + x by `relaxed_madd`.

const accumulators = 12;
const flopsPerRound = accumulators * 4 * 2;
const rounds = 2_000_000;

const unsigned = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
const section = (id, ...bytes) => [id, ...sized(bytes)];
const simd = (opcode) => [0xfd, ...unsigned(opcode)];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const [f32, i32, v128] = [0x7d, 0x7f, 0x7b];
const [splat, lane0, add, mul, madd] = [simd(0x13), [...simd(0x1f), 0], simd(0xe4), simd(0xe6), simd(0x105)];

/** run(rounds: i32, start: f32, factor: f32) → f32, a value of every accumulator, so that none is left out. */
function moduleBytes(relaxed) {
  const [count, start, factor, f, first] = [0, 1, 2, 3, 4];
  const all = Array.from({ length: accumulators }, (_, i) => first + i);
  const update = relaxed
    ? (x) => [...get(f), ...get(f), ...get(x), ...madd, ...set(x)]
    : (x) => [...get(f), ...get(x), ...mul, ...get(f), ...add, ...set(x)];
  const body = [
    ...[1, ...unsigned(accumulators + 1), v128],
    ...[...get(factor), ...splat, ...set(f)],
    ...all.flatMap((x) => [...get(start), ...splat, ...set(x)]),
    ...[0x03, 0x40, ...all.flatMap(update)],
    ...[...get(count), 0x41, 1, 0x6b, 0x22, count, 0x0d, 0, 0x0b],
    ...all.flatMap((x, i) => [...get(x), ...(i > 0 ? add : [])]),
    ...[...lane0, 0x0b],
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 3, i32, f32, f32, 1, f32),
    ...section(3, 1, 0),
    ...section(7, 1, 3, 0x72, 0x75, 0x6e, 0, 0),
    ...section(10, 1, ...sized(body)),
  ]);
}

/** GFLOPS, the best of several short runs; undefined where the engine has no such instruction. */
function peakOf(relaxed) {
  const bytes = moduleBytes(relaxed);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  for (let i = 0; i < 200; i++) run(1000, 0, 0.5);
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    run(rounds, 0, 0.5);
    return performance.now() - began;
  });
  return (flopsPerRound * rounds) / Math.min(...times) / 1e6;
}

export const simdPeak = () => ({ simd: peakOf(false), relaxed: peakOf(true) });
