import type { Rule } from '../../assembly/opcodes.ts';
import { LanegradError } from '../errors.ts';
import type { LearningRate } from './schedules.ts';

export interface ClippingOptions {
  /** Every gradient's elements are held between −clipValue and clipValue. */
  readonly clipValue?: number;
  /** Every weight's gradient is scaled down to at most this norm. */
  readonly clipNorm?: number;
  /** All gradients together are scaled down to at most this norm. */
  readonly globalClipNorm?: number;
}

/** Writes a rule's numbers after the learning rate; `step` counts from 1. */
type WriteNumbers = (target: Float32Array, index: number, learningRate: number, step: number) => void;

export interface OptimizerSpecification extends ClippingOptions {
  readonly className: string;
  readonly rule: Rule;
  readonly learningRate: LearningRate;
  /** What each slot's elements begin as: one entry for each slot that the rule keeps. */
  readonly slotInitialValues: readonly number[];
  /** Writes all numbers of the coming step, the learning rate first. */
  readonly write: WriteNumbers;
  /** The options it was made with. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** βᵗ by repeated multiplication: `Math.pow` differs between engines. */
export class RunningPower {
  readonly #base: number;
  #exponent = 0;
  #value = 1;

  constructor(base: number) {
    this.#base = base;
  }

  at(exponent: number): number {
    if (exponent < this.#exponent) {
      this.#exponent = 0;
      this.#value = 1;
    }
    for (; this.#exponent < exponent; this.#exponent++) this.#value *= this.#base;
    return this.#value;
  }
}

/** An optimizer: a rule of the kernels, its numbers, and how gradients are clipped before. */
export class Optimizer {
  readonly className: string;
  readonly rule: Rule;
  readonly slotInitialValues: readonly number[];
  readonly clipValue: number | undefined;
  readonly clipNorm: number | undefined;
  readonly globalClipNorm: number | undefined;
  /** Steps done. Set it when training goes on from saved state. */
  iterations = 0;
  readonly #write: WriteNumbers;
  readonly #config: Readonly<Record<string, unknown>>;
  #learningRate: LearningRate;

  constructor(specification: OptimizerSpecification) {
    this.className = specification.className;
    this.rule = specification.rule;
    this.slotInitialValues = specification.slotInitialValues;
    this.#write = specification.write;
    this.#config = specification.config;
    for (const name of ['clipValue', 'clipNorm', 'globalClipNorm'] as const) {
      const value = specification[name];
      if (value === undefined || value > 0) continue;
      throw new LanegradError(`${this.className}: ${name} must be positive; got ${value}.`);
    }
    this.clipValue = specification.clipValue;
    this.clipNorm = specification.clipNorm;
    this.globalClipNorm = specification.globalClipNorm;
    this.#learningRate = this.#checked(specification.learningRate);
  }

  /** The learning rate of the coming step. May be set at any time, also while training runs. */
  get learningRate(): number {
    const rate = this.#learningRate;
    if (typeof rate === 'number') return rate;
    return typeof rate === 'function' ? rate(this.iterations) : rate.at(this.iterations);
  }

  set learningRate(rate: LearningRate) {
    this.#learningRate = this.#checked(rate);
  }

  /** The same as setting `learningRate`. */
  setLearningRate(rate: LearningRate): void {
    this.learningRate = rate;
  }

  /** Writes the numbers of the coming step for the kernel, and counts the step. */
  writeNumbers(target: Float32Array, index: number): void {
    const rate = this.learningRate;
    this.iterations++;
    this.#write(target, index, rate, this.iterations);
  }

  getConfig(): Record<string, unknown> {
    return { ...this.#config, learningRate: this.learningRate };
  }

  #checked(rate: LearningRate): LearningRate {
    if (typeof rate !== 'number' || (rate >= 0 && Number.isFinite(rate))) return rate;
    throw new LanegradError(`${this.className}: learningRate must be a number from 0 up; got ${rate}.`);
  }
}
