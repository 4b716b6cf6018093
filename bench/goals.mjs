// The goals of the design beside what the run measured.

const one = 'lanegrad relaxed, 1 thread';
const two = 'lanegrad relaxed, 2 threads';

export function goals({ workloads, peak }) {
  const seconds = (title, name) =>
    workloads
      .find((each) => each.title.startsWith(title))
      ?.results?.find((each) => each.name === name && !each.failing)?.seconds?.median;
  /** How many times as long `slow` takes as `fast`. */
  const times = (title, slow, fast) => {
    const [a, b] = [seconds(title, slow), seconds(title, fast)];
    return a && b ? `${(a / b).toPrecision(3)}×` : 'not measured';
  };
  const batch128 = '784-128-10, batch 128';
  const convnet = 'convnet';
  const against = (name) => [`784-128-10, batch 128, against ${name}`, times(batch128, name, one)];
  const stepFlops = 2 * 128 * (2 * 784 * 128 + 3 * 128 * 10);
  const step = seconds(batch128, one);
  const share = step && peak.relaxed ? stepFlops / (peak.relaxed * 1e9) / step : undefined;
  return [
    ...workloads
      .filter(({ kind }) => kind === 'gemm')
      .map((each) => [`${each.title} ≥ 90 % of peak`, gemmShare(each)]),
    [
      '784-128-10, batch 128: ≥ 80 % of GEMM at peak',
      share ? `${(share * 100).toFixed(0)} %` : 'not measured',
    ],
    ['PyTorch, one thread, batch 128 ≥ 1.0×', times(batch128, 'PyTorch, 1 thread', one)],
    ['PyTorch, one thread, batch 32 ≥ 3×', times('784-128-10, batch 32', 'PyTorch, 1 thread', one)],
    ['PyTorch, one thread, convnet ≥ 1.0×', times(convnet, 'PyTorch, 1 thread', one)],
    ['two threads, batch 128 ≥ 1.8×', times(batch128, one, two)],
    ['two threads, convnet ≥ 1.7×', times(convnet, one, two)],
    [`${against('jax-js')[0]} ≥ 3×`, against('jax-js')[1]],
    ['TensorFlow.js wasm ≥ 13×', times(batch128, 'TensorFlow.js wasm, 1 thread', one)],
    ['TensorFlow.js cpu ≥ 75×', times(batch128, 'TensorFlow.js cpu', one)],
    ['brain.js ≥ 100×', times(batch128, 'brain.js 1.6', one)],
    ['jax-js, convnet ≥ 100×', times(convnet, 'jax-js', one)],
    ['XOR against TensorFlow.js cpu ≥ 10×', times('XOR', 'TensorFlow.js cpu', one)],
    ['XOR against plain JS ≥ 1×', times('XOR', 'plain JS', one)],
    ['MNIST to 97 % in an edge isolate under 128 MB and 10 s', 'not measured here'],
  ];

  function gemmShare({ results, m, k, n }) {
    const time = results?.find(({ name }) => name === one)?.seconds?.median;
    if (!time || !peak.relaxed) return 'not measured';
    return `${(((2 * m * k * n) / time / 1e9 / peak.relaxed) * 100).toFixed(0)} %`;
  }
}
