// Cores of TensorFlow.js that other scripts carry, as tfjs-vis's does: without a backend they compute with lanegrad.

import { LanegradError } from '../errors.ts';
import { tensor } from '../tensor/creation.ts';
import { keep, startScope } from '../tensor/scopes.ts';
import { Tensor } from '../tensor/tensor.ts';
import { endScope } from '../tensor/tidy.ts';

type Member = (...args: never[]) => unknown;
type Named = Readonly<Record<string, unknown>>;

/** A core's engine, as far as it is lent anything. */
interface Engine {
  backendNames(): readonly string[];
  runKernel: Member;
  makeTensor: Member;
  startScope: Member;
  endScope: Member;
  keep: Member;
}

/** Where cores look for the engine that they share. */
const place = '_tfengine';
const globals = globalThis as { [place]?: Engine };

/** Functions that are not called like their kernels; behind them what they take, where kernels have another order. */
const named: Readonly<Record<string, string>> = {
  BatchMatMul: 'matMul',
  DepthwiseConv2dNative: 'depthwiseConv2d',
  FusedBatchNorm: 'batchNorm x mean variance offset scale varianceEpsilon',
  GatherV2: 'gather',
  Identity: 'clone',
  LRN: 'localResponseNormalization',
  Multiply: 'mul',
  OneHot: 'oneHot indices depth onValue offValue dtype',
  Pack: 'stack',
  PadV2: 'pad',
  RealDiv: 'div',
  Select: 'where',
  SplitV: 'split',
  Unpack: 'unstack',
};

/**
 * Has engines without a backend compute with lanegrad: the one that is there, or else the one that comes.
 * @param functions lanegrad's, by name
 */
export function lendToCores(functions: Named): void {
  if (globals[place]) {
    lend(globals[place], functions);
    return;
  }
  Object.defineProperty(globals, place, {
    configurable: true,
    set(engine: Engine) {
      const plain = { configurable: true, enumerable: true, writable: true };
      Object.defineProperty(globals, place, { ...plain, value: engine });
      lend(engine, functions);
    },
  });
}

/** Backends may come later, as those of TensorFlow.js's own script: from then on the engine is as it was. */
function lend(engine: Engine, functions: Named): void {
  const runKernel = (kernel: string, inputs: Named | readonly unknown[], attributes?: Named) =>
    run(functions, kernel, inputs, attributes);
  const lent = { runKernel, makeTensor: tensor, startScope, endScope, keep };
  for (const [name, own] of Object.entries(lent) as [keyof typeof lent, Member][]) {
    const theirs = engine[name];
    engine[name] = (...args) =>
      engine.backendNames().length > 0 ? theirs.apply(engine, args) : own(...args);
  }
}

/** What a kernel gives: its inputs and attributes come in the order in which the function takes them. */
function run(
  functions: Named,
  kernel: string,
  inputs: Named | readonly unknown[],
  attributes?: Named,
): Tensor | readonly Tensor[] {
  const [name, ...order] = (named[kernel] ?? kernel).split(' ');
  // Most names differ in capitals alone: TopK is topk, GatherNd gatherND.
  const found = Object.keys(functions).find((each) => each.toLowerCase() === name.toLowerCase());
  const call = found && functions[found];
  if (typeof call !== 'function') {
    throw new LanegradError(
      `A script's core of TensorFlow.js asked for the kernel ${kernel}, which lanegrad does not lend. ` +
        'Load a backend of TensorFlow.js for that script.',
    );
  }
  const given: Named = { ...(Array.isArray(inputs) ? { inputs } : inputs), ...attributes };
  const args = order.length > 0 ? order.map((each) => given[each]) : Object.values(given);
  const result = call(...args);
  return result instanceof Tensor || Array.isArray(result) ? result : Object.values(result);
}
