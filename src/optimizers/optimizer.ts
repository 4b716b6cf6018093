// What an optimizer is: a rule, its numbers, what it remembers of weights, and the learning rate.

import type { Rule } from '../../assembly/opcodes.ts';
import type { Block } from '../engine/block.ts';
import { LanegradError, shown } from '../errors.ts';
import { classNameOf } from '../names.ts';
import {
  anything,
  type ConfigDict,
  finite,
  flag,
  functionOf,
  readAs,
  recordOf,
  text,
} from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional, required } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { newRange, type Range } from '../state/range.ts';
import type { Slots } from '../state/slots.ts';
import type { Weights } from '../state/weights.ts';
import { scalar } from '../tensor/creation.ts';
import { givenVariables, variableGrads } from '../tensor/gradients.ts';
import { dispose } from '../tensor/scopes.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Scalar } from '../tensor/types.ts';
import type { VariableList } from '../tensor/variable.ts';
import { clippingOptions } from './clipping.ts';
import { CustomLoop, type NamedTensor } from './custom-loop.ts';
import { learningRate as learningRateKind } from './optimizer-options.ts';
import { NamedSlots, stepsIn } from './remembered.ts';
import type { LearningRate } from './schedules.ts';
import { StepCounts } from './step-counts.ts';
import type { UpdateRule } from './update.ts';

/** A number of the coming step: always the same, or of the learning rate and the step, counted from 1. */
export type StepNumber = number | ((rate: number, step: number) => number);

const stepNumber: Kind<StepNumber> = {
  expected: 'a number, or a function that gives one',
  read: (given) => (typeof given === 'function' ? (given as StepNumber) : finite.read(given)),
};

const specificationOptions = /* @__PURE__ */ describe(clippingOptions, {
  /** That of the class by default. */
  className: optional(text),
  /** What files call its class. That of the class by default, and else `className`. */
  savedAs: optional(text),
  /** How far a step goes: a number, or a schedule. */
  learningRate: required(learningRateKind),
  /** What the rule remembers of every weight: names and initial values. None by default. */
  slots: optional(recordOf(finite, 'numbers by name'), {}),
  /** Numbers that the rule reads beside `rate`, the learning rate, which may be given another form here too. */
  numbers: optional(recordOf(stepNumber, 'numbers, and functions that give some, by name'), {}),
  /** The rule: a composition of graph functions. */
  update: required(functionOf<UpdateRule>()),
  /**
   * Whether the rule is applied to each weight by itself, in its own shape, as one that takes norms must be. By
   * default weights are one vector, as they lie.
   */
  perWeight: optional(flag, false),
  /** A kernel that does the same, with slots and numbers in this order. */
  kernel: optional(anything<Rule>('a kernel')),
  /** The options it was made with. */
  config: optional(anything<Readonly<Record<string, unknown>>>('an object'), {}),
});

/** An optimizer as a rule and what it needs: slots, numbers of a step, how it is saved. */
export interface OptimizerSpecification extends OptionsOf<typeof specificationOptions> {}

/** Whose weights an optimizer moves: a model, or whatever else has some. */
export interface Trained {
  readonly variables: readonly Weights[];
  /** @internal Those that are moved now. */
  readonly movedVariables: readonly Weights[];
}

/** What an optimizer that moves weights itself begins with. */
const itsOwn: OptimizerSpecification = {
  learningRate: 0.01,
  update: () => {
    throw new LanegradError(
      'applyGradients: an optimizer without a rule must say itself how gradients move variables.',
    );
  },
};

/** An optimizer: a rule, its numbers, and how gradients are clipped before. */
export class Optimizer {
  readonly className: string;
  readonly update: UpdateRule;
  /** @internal */
  readonly isPerWeight: boolean;
  /** @internal */
  readonly kernel: Rule | undefined;
  readonly slots: Readonly<Record<string, number>>;
  readonly clipValue: number | undefined;
  readonly clipNorm: number | undefined;
  readonly globalClipNorm: number | undefined;
  /** Steps done: of the model that it moved last, or of all custom loops; those that move a model's weights count with it. */
  iterations = 0;
  readonly #counts = new StepCounts();
  readonly #savedAs: string | undefined;
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #slots: NamedSlots;
  readonly #stepNumbers: Readonly<Record<string, StepNumber>>;
  /** The numbers of the step, in order. */
  readonly #written: Float32Array;
  /** Those of them that differ from step to step. */
  readonly #changing: readonly {
    readonly index: number;
    readonly number: (rate: number, step: number) => number;
  }[];
  #numbers: Range | undefined;
  readonly #loop = new CustomLoop(this);
  #trained: Trained | undefined;
  #learningRate: LearningRate;

  /** @param specification none where a class that extends this one moves weights itself, in `applyGradients` */
  constructor(specification: OptimizerSpecification = itsOwn) {
    this.className = text.read(specification?.className) ?? classNameOf(this.constructor);
    const settings = readOptions(this.className, specificationOptions, specification);
    this.update = settings.update;
    this.#savedAs = settings.savedAs;
    this.isPerWeight = settings.perWeight;
    this.kernel = settings.kernel;
    this.slots = settings.slots;
    this.#slots = new NamedSlots(this.className, this.slots);
    this.#stepNumbers = { rate: (rate) => rate, ...settings.numbers };
    this.#written = Float32Array.from(Object.values(this.#stepNumbers), (number) => Number(number));
    this.#changing = Object.values(this.#stepNumbers).flatMap((number, index) =>
      typeof number === 'number' ? [] : [{ index, number }],
    );
    const { clipValue, clipNorm, globalClipNorm } = settings;
    this.clipValue = clipValue;
    this.clipNorm = clipNorm;
    this.globalClipNorm = globalClipNorm;
    const config = Object.entries({ ...settings.config, clipValue, clipNorm, globalClipNorm });
    this.#config = Object.fromEntries(config.filter(([, value]) => value !== undefined));
    for (const [name, value] of config) {
      if (!(name in this)) Object.defineProperty(this, name, { value });
    }
    this.#learningRate = settings.learningRate;
  }

  /** What TensorFlow.js calls its class, here and in files: 'Adam', 'SGD'; the name of a class of one's own. */
  getClassName(): string {
    const { className } = this.constructor as { className?: string };
    return className ?? this.#savedAs ?? this.className;
  }

  /** The learning rate of the coming step. May be set at any time, also while training runs. */
  get learningRate(): number {
    const rate = this.#learningRate;
    if (typeof rate === 'number') return rate;
    const now: unknown = typeof rate === 'function' ? rate(this.iterations) : rate.at(this.iterations);
    if (Number.isFinite(now)) return now as number;
    throw new LanegradError(
      `${this.className}: the learning rate of step ${this.iterations} must be a finite number; got ${shown(now)}.`,
    );
  }

  /** What it was given for that: a number, or what follows the step. */
  get givenLearningRate(): LearningRate {
    return this.#learningRate;
  }

  set learningRate(rate: LearningRate) {
    this.#learningRate = readAs(learningRateKind, `${this.className}: learningRate`, rate);
  }

  /** The same as setting `learningRate`. */
  setLearningRate(rate: LearningRate): void {
    this.learningRate = rate;
  }

  /**
   * @internal Prepares for moving weights. Of those that it moved before it goes on with what it remembers; where it knows none
   * of them but others, it begins anew.
   * @param trained its weights are settled
   * @param owner whose steps are counted: what is trained, by default
   */
  attach(trained: Trained, owner: object = trained): void {
    this.iterations = this.#counts.attach(owner, trained.variables, this.iterations);
    this.#slots.add(trained.variables);
    this.#slots.takeWaiting(trained.movedVariables);
    this.#trained = trained;
  }

  /** @internal Counts the steps of another owner, which was attached, from here on. */
  turnTo(owner: object): void {
    this.iterations = this.#counts.turnTo(owner, this.iterations);
  }

  /** @internal Gives what it remembers of weights that are gone back at once. @param blocks where they were */
  forget(blocks: Iterable<Block>): void {
    this.#slots.drop(blocks);
  }

  /** An optimizer with the options that `getConfig` gave. */
  static fromConfig<O extends Optimizer>(Class: new (config: never) => O, config: object): O {
    return new Class(config as never);
  }

  /** @internal Its slots of the weights in a range, by name. They must be attached. */
  slotsBeside(range: Range): Record<string, Range> {
    return this.#slots.allBeside(range);
  }

  /** @internal Its slots, where several processes split them. */
  get slotsSplit(): Pick<Slots, 'narrow' | 'borrow' | 'ownOf' | 'borrowedOf' | 'giveBack' | 'widen'> {
    return this.#slots;
  }

  /** @internal Where programs find the numbers of the coming step, the learning rate first. */
  get numbers(): Range {
    this.#numbers ??= newRange('numbers of the step', [this.#written.length]);
    return this.#numbers;
  }

  /** @internal Where each of them is: scalars. */
  get numbersByName(): Record<string, Range> {
    const names = Object.keys(this.#stepNumbers);
    return Object.fromEntries(names.map((name, i) => [name, this.numbers.element(name, i)]));
  }

  /** @internal Begins a step: counts it, and puts its numbers where programs find them. */
  beginStep(): void {
    const rate = this.learningRate;
    this.iterations++;
    // By index: with an iterator the smallest steps take 2 to 4 % longer.
    for (let i = 0; i < this.#changing.length; i++) {
      const { index, number } = this.#changing[i];
      this.#written[index] = number(rate, this.iterations);
    }
    this.numbers.write(this.#written);
  }

  /** Counts a step. For classes of one's own that move weights themselves. */
  incrementIterations(): void {
    this.iterations++;
  }

  /** @internal To be called when the step that was begun was not done: it does not count. */
  takeBackStep(): void {
    this.iterations--;
  }

  /**
   * One step of a custom loop: computes a loss and moves the variables that it depends on.
   * @param f makes the loss of tensors and variables: a scalar, shape []
   * @param returnCost whether to return the loss; false by default
   * @param varList the variables to move; by default all trainable ones
   * @throws LanegradError where the loss is no scalar, or depends on none of the variables
   */
  minimize(f: () => Tensor, returnCost = false, varList?: VariableList): Scalar | null {
    if (!this.movesItself) return this.#loop.minimize(f, returnCost, varList);
    const { value, grads } = this.computeGradients(f, varList);
    const given = givenVariables('minimize', varList);
    // As in TensorFlow.js: where variables are given, their gradients come in their order.
    this.applyGradients(given?.map(({ name }) => ({ name, tensor: grads[name] })) ?? grads);
    dispose(grads);
    if (returnCost) return value;
    value.dispose();
    return null;
  }

  /** @internal Whether a class that extends this one has gradients or steps of its own, so that no program can do them. */
  get movesItself(): boolean {
    return this.applyGradients !== Optimizer.prototype.applyGradients || this.differentiatesItself;
  }

  /** @internal Whether the gradients are its own. */
  get differentiatesItself(): boolean {
    return this.computeGradients !== Optimizer.prototype.computeGradients;
  }

  /** Takes what it remembers out of the books of `tf.memory()`. Nothing has to be disposed of. */
  dispose(): void {
    this.#loop.dispose();
  }

  /** The loss of `f` and its gradients by the names of the variables: `variableGrads`. */
  computeGradients(
    f: () => Tensor,
    varList?: VariableList,
  ): { value: Scalar; grads: Record<string, Tensor> } {
    return variableGrads(f, varList);
  }

  /**
   * Moves variables by gradients, such as those of `computeGradients`.
   * @param variableGradients by the variables' names, or a list of names and tensors
   * @throws LanegradError for a name that no variable has, and gradients of other shapes than the variables'
   */
  applyGradients(variableGradients: Record<string, Tensor> | readonly NamedTensor[]): void {
    this.#loop.applyGradients(variableGradients);
  }

  /** The learning rate of the coming step and the options that it was made with, as far as they say something. */
  getConfig(): ConfigDict {
    return { learningRate: this.learningRate, ...(this.#config as ConfigDict) };
  }

  /**
   * What it remembers: `iter`, the steps done (int32, []), then each slot of each weight that is trained (float32,
   * of the weight's shape), slot by slot. The order and, but for the weights', the names are TensorFlow.js's.
   * @param variables those of the model it was compiled for last, by default
   */
  async getWeights(variables?: readonly Weights[] | null): Promise<NamedTensor[]> {
    const slots = this.#slots.tensorsOf(variables ?? this.#moved);
    return [await this.saveIterations(), ...slots];
  }

  /** The steps done, as what is remembered begins with them. For classes of one's own. */
  async saveIterations(): Promise<NamedTensor> {
    return { name: 'iter', tensor: scalar(this.iterations, 'int32') };
  }

  /** Takes the steps done of what `getWeights` gave, and gives the rest. For classes of one's own. */
  protected async extractIterations(weightValues: readonly NamedTensor[]): Promise<NamedTensor[]> {
    this.iterations = stepsIn(this.className, weightValues);
    return weightValues.slice(1);
  }

  /** @internal Whether these are of the number and shapes that `setWeights` takes; one of a class of one's own says itself. */
  fits(weights: readonly NamedTensor[], variables = this.#moved): boolean {
    if (this.setWeights !== Optimizer.prototype.setWeights) return weights.length > 0;
    const [, ...slots] = weights.map(({ tensor }) => tensor.shape);
    return weights.length > 0 && this.#slots.fit(slots, variables);
  }

  /**
   * Takes what `getWeights` gave, of this optimizer or of one like it; one that has moved nothing yet takes it with its
   * first step. Of one that had moved nothing these are its steps alone: then it remembers nothing more.
   * @param variables those of the model it was compiled for last, by default
   * @throws LanegradError when there are more or fewer, or of other shapes.
   */
  async setWeights(weights: readonly NamedTensor[], variables?: readonly Weights[] | null): Promise<void> {
    const steps = stepsIn(this.className, weights);
    this.#slots.take(weights.slice(1), this.#trained && (variables ?? this.#moved));
    this.iterations = steps;
  }

  get #moved(): readonly Weights[] {
    return this.#trained?.movedVariables ?? [];
  }
}
