// Every optimizer's kernel against its rule worked in float64 (test/reference/torch-optimizers.py, which
// also holds the rules to PyTorch's), over five steps of a two-parameter problem.

import { describe, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import type { ProgramArray } from '../../src/compiler/program-array.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { move } from '../../src/optimizers/minimize.ts';
import * as optimizers from '../../src/optimizers/optimizers.ts';
import { Optimizer, optimizer, train } from '../../src/optimizers/optimizers.ts';
import { RunningPower } from '../../src/optimizers/running-power.ts';
import { schedules } from '../../src/optimizers/schedules.ts';
import { Slots } from '../../src/state/slots.ts';
import { ProgramTrace } from '../../src/state/trace.ts';
import { Weights } from '../../src/state/weights.ts';
import { expectClose } from '../close.ts';
import reference from '../reference/torch-optimizers.json' with { type: 'json' };

interface Case {
  readonly optimizer: string;
  readonly options: object;
  readonly rule: readonly (readonly number[])[];
}

const cases: Record<string, Case> = reference.cases;
const factories: Record<string, (options: object) => Optimizer> = train;
const { quadratic, cubic, start } = reference.problem;

/** Gradient of ½·wᵀQw + Σ cᵢ·wᵢ³. */
const gradientOf = (w: ArrayLike<number>): number[] =>
  [0, 1].map((i) => quadratic[i][0] * w[0] + quadratic[i][1] * w[1] + 3 * cubic[i] * w[i] ** 2);

/** Weights of any count, moved by gradients that are given. */
class Moved {
  readonly #optimizer: Optimizer;
  readonly #variable: Weights;
  readonly #gradient: ProgramArray;
  readonly #program: Program;

  /** @param isComposed whether the optimizer's rule itself is run, not the kernel that does the same */
  constructor(optimizer: Optimizer, values: readonly number[], isComposed = false) {
    this.#optimizer = optimizer;
    const shape = [values.length];
    this.#variable = new Weights({ name: 'w', shape, values: Float32Array.from(values) });
    Weights.settle([this.#variable], 'a test');
    optimizer.attach({ variables: [this.#variable], movedVariables: [this.#variable] });
    const gradients = new Slots([0]);
    gradients.add([this.#variable]);
    const trace = new ProgramTrace(new Graph());
    const gradient = input(trace.graph, 0, shape);
    const { updateKernels } = compilerOptions;
    compilerOptions.updateKernels = !isComposed;
    try {
      move(trace, [this.#variable], [gradient], optimizer, gradients);
    } finally {
      compilerOptions.updateKernels = updateKernels;
    }
    this.#program = new Program([], trace.effects, { inputs: [gradient], pins: trace.pins });
    this.#gradient = this.#program.array(gradient);
  }

  step(gradient: readonly number[]): Float32Array {
    this.#gradient.write(Float32Array.from(gradient));
    this.#optimizer.beginStep();
    this.#program.run();
    return this.#variable.values();
  }

  slot(index: number): Float32Array {
    return Object.values(this.#optimizer.slotsBeside(this.#variable.range))[index].read();
  }

  /** How many steps its program has. */
  get steps(): number {
    return this.#program.toString().split('\n').length - 1;
  }
}

test('every optimizer has a reference', () => {
  // LAMB's is Optax's: lamb.test.ts.
  const covered = new Set([...Object.keys(cases), 'lamb']);
  expect(Object.keys(train).filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(Object.entries(cases))('%s', (_, { optimizer, options, rule }) => {
  test('five steps', () => {
    const weights = new Moved(factories[optimizer](options), start);
    let w: ArrayLike<number> = start;
    for (const [step, expected] of rule.entries()) {
      w = weights.step(gradientOf(w));
      expectClose(w, expected, 3e-6, `after step ${step + 1}`);
    }
  });
});

/** Gradients of all sizes, with what a rule cuts among them. */
const rough = (length: number, step: number) =>
  Array.from({ length }, (_, i) => Math.sin(i * 7 + step) * 10 ** (((i * 5 + step) % 45) - 40));

describe.each(Object.entries(cases))('%s', (_, { optimizer, options }) => {
  test('its kernel does what its rule says, to the bit, and the rule runs as one map', () => {
    const start = Array.from({ length: 1037 }, (_, i) => Math.cos(i));
    const byKernel = new Moved(factories[optimizer](options), start);
    const composed = new Moved(factories[optimizer](options), start, true);
    // One step copies the gradient to its place.
    expect(composed.steps).toBe(byKernel.steps);
    for (let step = 0; step < 12; step++) {
      const gradient = rough(start.length, step);
      expect(composed.step(gradient)).toEqual(byKernel.step(gradient));
    }
    const { slots } = factories[optimizer](options);
    for (const i of Object.keys(slots).keys()) expect(composed.slot(i)).toEqual(byKernel.slot(i));
  });
});

/** Averages that hardly move: they take in a ten-millionth of a square at each step. */
const slowly = { beta2: 0.9999999, decay: 0.9999999, rho: 0.9999999 };

/** Those of some options that an optimizer has. */
function known(name: string, options: Readonly<Record<string, number>>): Record<string, number> {
  const config = factories[name]({}).getConfig();
  return Object.fromEntries(Object.entries(options).filter(([option]) => option in config));
}

describe.each(Object.keys(train))('%s', (name) => {
  test.each([
    ['its defaults', {}],
    ['averages that hardly move', slowly],
  ])('state does not become denormal, with %s', (_, options) => {
    const optimizer = factories[name]({ learningRate: 0.01, ...known(name, options) });
    const weights = new Moved(optimizer, [1, 1, 1, 1, 1, 1, 1]);
    const expectNormal = () => {
      const isDenormal = (x: number) => x !== 0 && Math.abs(x) < 1.2e-38;
      const slots = Object.keys(optimizer.slots).map((_slot, i) => weights.slot(i));
      expect(slots.flatMap((slot) => Array.from(slot)).filter(isDenormal)).toEqual([]);
    };
    weights.step([1, 1e-12, 1e-18, 1e-30, 1e-36, 1e-40, 0]);
    expectNormal();
    for (let i = 0; i < 60_000; i++) weights.step([0, 0, 0, 0, 0, 0, 0]);
    expectNormal();
  });

  // Adamax's rule divides zero by zero then.
  test.skipIf(name === 'adamax')('a gradient of zero moves nothing, though epsilon be zero', () => {
    const options = { learningRate: 0.01, weightDecay: 0, initialAccumulatorValue: 0, epsilon: 0 };
    expect(Array.from(new Moved(factories[name](known(name, options)), [1, 2]).step([0, 0]))).toEqual([1, 2]);
  });

  test('a gradient of NaN shows in the weight', () => {
    const moved = new Moved(factories[name]({ learningRate: 0.01 }), [1, 1]).step([Number.NaN, 1]);
    expect(Number.isNaN(moved[0])).toBe(true);
    expect(Number.isFinite(moved[1])).toBe(true);
  });
});

test('powers for the correction of biases are exact to rounding, and zero before they become denormal', () => {
  const power = new RunningPower(0.999);
  expect(power.at(20_000)).toBeCloseTo(0.999 ** 20_000, 20);
  expect(power.at(800_000)).toBe(0);
  expect(power.at(1)).toBe(0.999);
});

test('gradients as small as 1e-14 count', () => {
  // Adam's first step is as long as the rate, however small the gradient, if ε is smaller.
  const [moved] = new Moved(train.adam({ learningRate: 0.25, epsilon: 1e-17 }), [1]).step([1e-14]);
  expect(moved).toBeCloseTo(0.75, 2);
  const velocity = new Moved(train.momentum({ learningRate: 0.25 }), [1]);
  velocity.step([1e-14]);
  expect(velocity.slot(0)[0]).toBeCloseTo(1e-14, 20);
});

test('a variance that rounding takes below zero is zero', () => {
  const optimizer = train.rmsprop({ learningRate: 1e-3, decay: 0.5, centered: true });
  const weights = new Moved(optimizer, [1, 1]);
  let moved: ArrayLike<number> = [];
  // g² and the square of the mean of g are the same but for rounding, which here makes the latter larger.
  for (let step = 0; step < 500; step++) moved = weights.step([1235.47119140625, 0.1]);
  expect(Array.from(moved).every(Number.isFinite)).toBe(true);
});

test('defaults', () => {
  const defaults = Object.entries(train).map(([name, factory]) => [
    name,
    (factory as () => Optimizer)().getConfig(),
  ]);
  expect(Object.fromEntries(defaults)).toEqual({
    // TensorFlow.js's and Keras's, where the former asks for a rate.
    sgd: { learningRate: 0.01 },
    momentum: { learningRate: 0.01, momentum: 0.9, useNesterov: false },
    nesterov: { learningRate: 0.01, momentum: 0.9, useNesterov: true },
    adagrad: { learningRate: 0.01, initialAccumulatorValue: 0.1, epsilon: 1e-7 },
    rmsprop: { learningRate: 0.001, decay: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
    adadelta: { learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
    adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    amsgrad: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
    adamax: { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0 },
    lamb: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
  });
});

test('say what their class is in TensorFlow.js and in its files; one of a class of its own, that', () => {
  const names = Object.values(train).map((factory) => (factory as () => Optimizer)().getClassName());
  expect(names.join(' ')).toBe(
    'SGD Momentum Momentum Adagrad RMSProp Adadelta Adam AMSGrad AdamW Adamax Lamb',
  );
  class Halving extends Optimizer {}
  expect(new Halving().getClassName()).toBe('Halving');
});

test('classes say their name as their optimizers do', () => {
  const classes = Object.entries(optimizers as unknown as Record<string, unknown>).filter(([name]) =>
    /^[A-Z]\w+Optimizer$/.test(name),
  );
  expect(classes).toHaveLength(7);
  for (const [name, made] of classes) {
    const Class = made as { new (rate: number): Optimizer; readonly className: string };
    expect(Class.className, name).toBe(new Class(0.1).getClassName());
  }
});

test('adadelta by its name has the rate that it has in TensorFlow.js, a thousand times that of its factory', () => {
  expect(optimizer.read('adadelta')!.getConfig()).toEqual({ learningRate: 1, rho: 0.95, epsilon: 1e-7 });
});

test('adamax lowers its rate from the second step on', () => {
  const optimizer = train.adamax({ learningRate: 1, beta1: 0, decay: 1 });
  const rates = [0, 1, 2].map(() => {
    optimizer.beginStep();
    return optimizer.numbers.read()[0];
  });
  expect(rates).toEqual([1, 1, 1].map((rate, step) => Math.fround(rate / (1 + step))));
});

describe('arguments', () => {
  test('as TensorFlow.js takes them', () => {
    expect(train.adam(0.01, 0.8, 0.99, 1e-6).getConfig()).toEqual({
      learningRate: 0.01,
      beta1: 0.8,
      beta2: 0.99,
      epsilon: 1e-6,
    });
    expect(train.momentum(0.1, 0.5, true).getConfig()).toEqual({
      learningRate: 0.1,
      momentum: 0.5,
      useNesterov: true,
    });
    expect(train.rmsprop(0.1, 0.8, 0.1, 1e-3, true).getConfig()).toEqual({
      learningRate: 0.1,
      decay: 0.8,
      momentum: 0.1,
      epsilon: 1e-3,
      centered: true,
    });
  });

  test('make another like it, whose gradients are held in the same bounds', () => {
    const config = train.adam({ amsgrad: true, clipNorm: 2, globalClipNorm: 3 }).getConfig();
    const again = Optimizer.fromConfig(optimizers.AdamOptimizer, config);
    expect([again.clipValue, again.clipNorm, again.globalClipNorm]).toEqual([undefined, 2, 3]);
    expect(again.getConfig()).toEqual(config);
    expect(again.slots).toHaveProperty('vhat');
  });

  test('that nobody gave are not told', () => {
    expect(Object.keys(train.adam().getConfig())).toEqual(['learningRate', 'beta1', 'beta2', 'epsilon']);
  });

  test('out of range they are sentences', () => {
    expect(() => train.adam({ beta1: 1 })).toThrow('adam: beta1 must be at least 0 and less than 1; got 1.');
    expect(() => train.sgd(-1)).toThrow(
      'sgd: learningRate must be a number, 0 or more, or a schedule; got -1.',
    );
    expect(() => train.sgd({ clipNorm: 0 })).toThrow('sgd: clipNorm must be positive; got 0.');
    expect(() => optimizer.read('adm')).toThrow('Unknown optimizer "adm". Did you mean "adam"?');
  });
});

describe('learning rate', () => {
  test('set while training runs, it counts from the next step', () => {
    const optimizer = train.sgd(0.5);
    const weights = new Moved(optimizer, [1]);
    expect(weights.step([1])[0]).toBe(0.5);
    optimizer.learningRate = 0.25;
    expect(weights.step([1])[0]).toBe(0.25);
    optimizer.setLearningRate(0);
    expect(weights.step([1])[0]).toBe(0.25);
  });

  test('a schedule and a function follow the steps', () => {
    const scheduled = new Moved(
      train.sgd(schedules.piecewise({ boundaries: [0, 1], values: [1, 0.5, 0.25] })),
      [4],
    );
    expect([1, 2, 3].map(() => scheduled.step([1])[0])).toEqual([3, 2.5, 2.25]);
    const computed = new Moved(
      train.sgd((step) => step),
      [4],
    );
    expect([1, 2, 3].map(() => computed.step([1])[0])).toEqual([4, 3, 1]);
  });

  test('iterations set back, as after loading, restart the bias correction there', () => {
    const optimizer = train.adam(0.1);
    const first = new Moved(optimizer, [1]).step([0.5])[0];
    for (let i = 0; i < 5; i++) optimizer.beginStep();
    optimizer.iterations = 0;
    expect(new Moved(optimizer, [1]).step([0.5])[0]).toBe(first);
  });
});
