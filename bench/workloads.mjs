// The networks that contestants train: sizes of the layers, samples of a batch.

export const workloads = [
  { name: 'XOR, 2-2-1', sizes: [2, 2, 1], batch: 4 },
  { name: '4-16-16-3', sizes: [4, 16, 16, 3], batch: 16 },
  { name: '784-128-10', sizes: [784, 128, 10], batch: 1 },
  { name: '784-128-10', sizes: [784, 128, 10], batch: 32 },
  { name: '784-128-10', sizes: [784, 128, 10], batch: 128 },
  { name: '784-512-512-10', sizes: [784, 512, 512, 10], batch: 128 },
];

/** The same pseudo-random numbers for every contestant: a linear congruential generator, in [−1, 1). */
function* noise() {
  for (let state = 1; ; state = (Math.imul(state, 1664525) + 1013904223) >>> 0) yield state / 2 ** 31 - 1;
}

/** A batch to learn by heart, and weights to start from. */
export function problem({ sizes, batch }) {
  const numbers = noise();
  const draw = (length, scale) => Float32Array.from({ length }, () => numbers.next().value * scale);
  const classes = sizes[sizes.length - 1];
  return {
    x: draw(batch * sizes[0], 1),
    labels: Int32Array.from({ length: batch }, (_, i) => (i * 7) % Math.max(classes, 2)),
    kernels: sizes.slice(1).map((size, i) => draw(sizes[i] * size, Math.sqrt(3 / sizes[i]))),
  };
}
