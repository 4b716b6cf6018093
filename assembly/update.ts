// The optimizers' steps, each one pass over a contiguous range of weights, gradients and slots.
//
// WebAssembly cannot flush denormals and they are a hundred times slower than other numbers, so state
// that decays towards them is cut to zero long before it gets there: gradients below 1e-17 (whose
// squares would be denormal) and slots below 1e-30. Neither is visible beside any epsilon in use.

import { Rule } from './opcodes';
import { Share } from './share';

@unmanaged
class UpdateCommand {
  opcode: i32;
  rule: i32;
  w: usize;
  g: usize;
  slot0: usize;
  slot1: usize;
  slot2: usize;
  /** Vectors of four weights. */
  vectors: i32;
  /** The step's numbers: the learning rate first, then those that the rule names. */
  numbers: usize;

  /** A number of the step, in all lanes. */
  @inline number(i: usize): v128 {
    return v128.load32_splat(this.numbers + (i << 2));
  }

  /** The gradient at offset i, cut to zero; but NaN stays NaN, so that the loss shows it. */
  @inline gradient(i: usize): v128 {
    const x = v128.load(this.g + i);
    return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-17)));
  }

  /** w ← w − x */
  @inline subtract(i: usize, x: v128): void {
    v128.store(this.w + i, f32x4.sub(v128.load(this.w + i), x));
  }
}

class Slot {
  /** slot ← decay·slot + x, cut to zero; returns it. */
  @inline decay(slot: usize, decay: v128, x: v128): v128 {
    const value = f32x4.add(f32x4.mul(v128.load(slot), decay), x);
    const kept = v128.andnot(value, f32x4.lt(f32x4.abs(value), f32x4.splat(1e-30)));
    v128.store(slot, kept);
    return kept;
  }
}

/** Vectors a thread takes at the least: a cache line of each array. */
const grain: i32 = 4;

export function update(address: usize, share: Share): void {
  const command = changetype<UpdateCommand>(address);
  const grains = (command.vectors + grain - 1) / grain;
  const first = share.start(grains) * grain;
  const last = min(command.vectors, share.end(grains) * grain);
  // Offsets in bytes, the same in every array.
  const begin = (<usize>first) << 4;
  const end = (<usize>last) << 4;
  switch (command.rule) {
    case Rule.sgd:
      return sgd(command, begin, end);
    case Rule.momentum:
      return momentum(command, begin, end);
    case Rule.nesterov:
      return nesterov(command, begin, end);
    case Rule.adagrad:
      return adagrad(command, begin, end);
    case Rule.rmsprop:
      return rmsprop<Uncentered>(command, begin, end);
    case Rule.rmspropCentered:
      return rmsprop<Centered>(command, begin, end);
    case Rule.adadelta:
      return adadelta(command, begin, end);
    case Rule.adam:
      return adam<Latest>(command, begin, end);
    case Rule.amsgrad:
      return adam<Largest>(command, begin, end);
    case Rule.adamax:
      return adamax(command, begin, end);
    default:
      throw new Error('unknown rule');
  }
}

// w ← w − lr·g
function sgd(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  for (let i = begin; i < end; i += 16) u.subtract(i, f32x4.mul(rate, u.gradient(i)));
}

// v ← αv + g, w ← w − lr·v; numbers: lr, α
function momentum(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const alpha = u.number(1);
  for (let i = begin; i < end; i += 16) {
    const v = changetype<Slot>(0).decay(u.slot0 + i, alpha, u.gradient(i));
    u.subtract(i, f32x4.mul(rate, v));
  }
}

// v ← αv + g, w ← w − lr·(g + αv); numbers: lr, α
function nesterov(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const alpha = u.number(1);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const v = changetype<Slot>(0).decay(u.slot0 + i, alpha, g);
    u.subtract(i, f32x4.mul(rate, f32x4.add(g, f32x4.mul(alpha, v))));
  }
}

// h ← h + g², w ← w − lr·g/√(h + ε); numbers: lr, ε
function adagrad(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const epsilon = u.number(1);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const h = changetype<Slot>(0).decay(u.slot0 + i, f32x4.splat(1), f32x4.mul(g, g));
    u.subtract(i, f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(h, epsilon))));
  }
}

/** RMSProp's h as it is. */
class Uncentered {
  @inline of(u: UpdateCommand, i: usize, h: v128, g: v128, gamma: v128, rest: v128): v128 {
    return h;
  }
}

/** The variance h − m², m ← γm + (1−γ)g. */
class Centered {
  @inline of(u: UpdateCommand, i: usize, h: v128, g: v128, gamma: v128, rest: v128): v128 {
    const m = changetype<Slot>(0).decay(u.slot2 + i, gamma, f32x4.mul(rest, g));
    // Rounding can take it a hair below zero.
    return f32x4.pmax(f32x4.sub(h, f32x4.mul(m, m)), f32x4.splat(0));
  }
}

// h ← γh + (1−γ)g², v ← αv + lr·g/√(h + ε), w ← w − v, centered or not; numbers: lr, γ, 1−γ, ε, α
function rmsprop<Moment>(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const gamma = u.number(1);
  const rest = u.number(2);
  const epsilon = u.number(3);
  const alpha = u.number(4);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const h = changetype<Slot>(0).decay(u.slot0 + i, gamma, f32x4.mul(rest, f32x4.mul(g, g)));
    const moment = changetype<Moment>(0).of(u, i, h, g, gamma, rest);
    const change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(moment, epsilon)));
    u.subtract(i, changetype<Slot>(0).decay(u.slot1 + i, alpha, change));
  }
}

// h ← ρh + (1−ρ)g², d = g·√(u + ε)/√(h + ε), u ← ρu + (1−ρ)d², w ← w − lr·d; numbers: lr, ρ, 1−ρ, ε
function adadelta(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const rho = u.number(1);
  const rest = u.number(2);
  const epsilon = u.number(3);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const h = changetype<Slot>(0).decay(u.slot0 + i, rho, f32x4.mul(rest, f32x4.mul(g, g)));
    const before = f32x4.sqrt(f32x4.add(v128.load(u.slot1 + i), epsilon));
    const d = f32x4.mul(g, f32x4.div(before, f32x4.sqrt(f32x4.add(h, epsilon))));
    changetype<Slot>(0).decay(u.slot1 + i, rho, f32x4.mul(rest, f32x4.mul(d, d)));
    u.subtract(i, f32x4.mul(rate, d));
  }
}

/** Adam's v as it is. */
class Latest {
  @inline of(u: UpdateCommand, i: usize, v: v128): v128 {
    return v;
  }
}

/** The largest v so far: AMSGrad. */
class Largest {
  @inline of(u: UpdateCommand, i: usize, v: v128): v128 {
    // In this order a NaN in v stays.
    const largest = f32x4.pmax(v, v128.load(u.slot2 + i));
    v128.store(u.slot2 + i, largest);
    return largest;
  }
}

// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − κw − lrₜ·m/(√v + εₜ)
// with lrₜ = lr·√(1−β₂ᵗ)/(1−β₁ᵗ) and εₜ = ε·√(1−β₂ᵗ): the bias corrections, taken out of the loop.
// Numbers: lrₜ, β₁, 1−β₁, β₂, 1−β₂, εₜ, κ (the decoupled weight decay times the learning rate)
function adam<Moment>(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const beta1 = u.number(1);
  const rest1 = u.number(2);
  const beta2 = u.number(3);
  const rest2 = u.number(4);
  const epsilon = u.number(5);
  const decay = u.number(6);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const m = changetype<Slot>(0).decay(u.slot0 + i, beta1, f32x4.mul(rest1, g));
    const v = changetype<Slot>(0).decay(u.slot1 + i, beta2, f32x4.mul(rest2, f32x4.mul(g, g)));
    const root = f32x4.sqrt(changetype<Moment>(0).of(u, i, v));
    const change = f32x4.div(f32x4.mul(rate, m), f32x4.add(root, epsilon));
    u.subtract(i, f32x4.add(f32x4.mul(decay, v128.load(u.w + i)), change));
  }
}

// m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε); numbers: lr/(1−β₁ᵗ), β₁, 1−β₁, β₂, ε
function adamax(u: UpdateCommand, begin: usize, end: usize): void {
  const rate = u.number(0);
  const beta1 = u.number(1);
  const rest1 = u.number(2);
  const beta2 = u.number(3);
  const epsilon = u.number(4);
  const zero = f32x4.splat(0);
  for (let i = begin; i < end; i += 16) {
    const g = u.gradient(i);
    const m = changetype<Slot>(0).decay(u.slot0 + i, beta1, f32x4.mul(rest1, g));
    const faded = changetype<Slot>(0).decay(u.slot1 + i, beta2, zero);
    const largest = f32x4.pmax(f32x4.abs(g), faded);
    v128.store(u.slot1 + i, largest);
    u.subtract(i, f32x4.div(f32x4.mul(rate, m), f32x4.add(largest, epsilon)));
  }
}
