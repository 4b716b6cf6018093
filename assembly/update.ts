// The optimizers' steps, each one pass over a contiguous range of weights, gradients and slots.
//
// WebAssembly cannot flush denormals and they are a hundred times slower than other numbers, so none gets in and no
// slot decays to them: gradients are cut to zero below 1e-15, their means and velocities below 1e-30, and a square that
// is summed or averaged counts as 1e-30 at the least. None of this is visible beside any epsilon in use.

import { Rule } from './opcodes';
import { Share } from './share';
import { constant, cut, MultiplyAdd } from './vectors';

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
}

const minGradient = memory.data<f32>([1e-15]);
const minSlot = memory.data<f32>([1e-30]);

/** What the rules are made of. They take the constants above from a register: to load them each time costs 4 %. */
class Rules {
  /** x², or the square of `least` where x is smaller. */
  @inline square(x: v128, least: v128): v128 {
    const size = f32x4.pmax(f32x4.abs(x), least);
    return f32x4.mul(size, size);
  }

  /** slot ← decay·slot + x, cut to zero; returns it. */
  @inline decay(slot: usize, decay: v128, x: v128, least: v128): v128 {
    const kept = cut(this.multiplyAdd(v128.load(slot), decay, x), least);
    v128.store(slot, kept);
    return kept;
  }

  /** slot ← decay·slot + rest·square; returns it. */
  @inline average(slot: usize, decay: v128, rest: v128, square: v128): v128 {
    const mean = this.multiplyAdd(v128.load(slot), decay, f32x4.mul(rest, square));
    v128.store(slot, mean);
    return mean;
  }

  /** w ← w − rate·x */
  @inline step(w: usize, rate: v128, x: v128): void {
    v128.store(w, this.multiplySubtract(rate, x, v128.load(w)));
  }

  @inline multiplyAdd(x: v128, y: v128, sum: v128): v128 {
    return changetype<MultiplyAdd>(0).apply(x, y, sum);
  }

  @inline multiplySubtract(x: v128, y: v128, from: v128): v128 {
    return changetype<MultiplyAdd>(0).subtract(x, y, from);
  }
}

/** Vectors a thread takes at the least: a cache line of each array. */
const grain: i32 = 4;

export function update(address: usize, share: Share): void {
  const u = changetype<UpdateCommand>(address);
  const grains = (u.vectors + grain - 1) / grain;
  const first = share.start(grains) * grain;
  const last = min(u.vectors, share.end(grains) * grain);
  // Offsets in bytes, the same in every array.
  const begin = (<usize>first) << 4;
  const end = (<usize>last) << 4;
  // Handed on as arguments, the addresses stay in registers.
  switch (u.rule) {
    case Rule.sgd:
      return sgd(u, begin, end, u.w, u.g);
    case Rule.momentum:
      return momentum(u, begin, end, u.w, u.g, u.slot0);
    case Rule.nesterov:
      return nesterov(u, begin, end, u.w, u.g, u.slot0);
    case Rule.adagrad:
      return adagrad(u, begin, end, u.w, u.g, u.slot0);
    case Rule.rmsprop:
      return rmsprop<Uncentered>(u, begin, end, u.w, u.g, u.slot0, u.slot1, u.slot2);
    case Rule.rmspropCentered:
      return rmsprop<Centered>(u, begin, end, u.w, u.g, u.slot0, u.slot1, u.slot2);
    case Rule.adadelta:
      return adadelta(u, begin, end, u.w, u.g, u.slot0, u.slot1);
    case Rule.adam:
      return adam<Latest>(u, begin, end, u.w, u.g, u.slot0, u.slot1, u.slot2);
    case Rule.amsgrad:
      return adam<Largest>(u, begin, end, u.w, u.g, u.slot0, u.slot1, u.slot2);
    case Rule.adamax:
      return adamax(u, begin, end, u.w, u.g, u.slot0, u.slot1);
    default:
      throw new Error('unknown rule');
  }
}

// In the formulas below g is the gradient; the addresses of weights, gradients and slots have these letters too.

// w ← w − lr·g
function sgd(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const faint = constant(minGradient);
  for (let i = begin; i < end; i += 16) r.step(w + i, rate, cut(v128.load(g + i), faint));
}

// v ← αv + g, w ← w − lr·v; numbers: lr, α
function momentum(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize, v: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const alpha = u.number(1);
  const faint = constant(minGradient);
  const least = constant(minSlot);
  for (let i = begin; i < end; i += 16) {
    const velocity = r.decay(v + i, alpha, cut(v128.load(g + i), faint), least);
    r.step(w + i, rate, velocity);
  }
}

// v ← αv + g, w ← w − lr·(g + αv); numbers: lr, α
function nesterov(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize, v: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const alpha = u.number(1);
  const faint = constant(minGradient);
  const least = constant(minSlot);
  for (let i = begin; i < end; i += 16) {
    const gradient = cut(v128.load(g + i), faint);
    const velocity = r.decay(v + i, alpha, gradient, least);
    r.step(w + i, rate, r.multiplyAdd(alpha, velocity, gradient));
  }
}

// h ← h + g², w ← w − lr·g/√(h + ε); numbers: lr, ε
function adagrad(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize, h: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const epsilon = u.number(1);
  const faint = constant(minGradient);
  for (let i = begin; i < end; i += 16) {
    const raw = v128.load(g + i);
    const gradient = cut(raw, faint);
    const sum = f32x4.add(v128.load(h + i), r.square(raw, faint));
    v128.store(h + i, sum);
    r.step(w + i, rate, f32x4.div(gradient, f32x4.sqrt(f32x4.add(sum, epsilon))));
  }
}

/** RMSProp's h as it is. */
class Uncentered {
  @inline of(h: v128, m: usize, gradient: v128, gamma: v128, rest: v128, faint: v128): v128 {
    return h;
  }
}

/** The variance h − m², m ← γm + (1−γ)g. */
class Centered {
  @inline of(h: v128, m: usize, gradient: v128, gamma: v128, rest: v128, faint: v128): v128 {
    // The mean is squared too, so it is cut to zero where its square would be too small.
    const mean = changetype<Rules>(0).decay(m, gamma, f32x4.mul(rest, gradient), faint);
    // Rounding can take it a hair below zero.
    return f32x4.pmax(f32x4.sub(h, f32x4.mul(mean, mean)), f32x4.splat(0));
  }
}

// h ← γh + (1−γ)g², v ← αv + lr·g/√(h + ε), w ← w − v, centered or not; numbers: lr, γ, 1−γ, ε, α
function rmsprop<Moment>(
  u: UpdateCommand,
  begin: usize,
  end: usize,
  w: usize,
  g: usize,
  h: usize,
  v: usize,
  m: usize,
): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const gamma = u.number(1);
  const rest = u.number(2);
  const epsilon = u.number(3);
  const alpha = u.number(4);
  const faint = constant(minGradient);
  const least = constant(minSlot);
  for (let i = begin; i < end; i += 16) {
    const raw = v128.load(g + i);
    const gradient = cut(raw, faint);
    const square = r.average(h + i, gamma, rest, r.square(raw, faint));
    const moment = changetype<Moment>(0).of(square, m + i, gradient, gamma, rest, faint);
    const change = f32x4.div(f32x4.mul(rate, gradient), f32x4.sqrt(f32x4.add(moment, epsilon)));
    const velocity = r.decay(v + i, alpha, change, least);
    v128.store(w + i, f32x4.sub(v128.load(w + i), velocity));
  }
}

// h ← ρh + (1−ρ)g², d = g·√(s + ε)/√(h + ε), s ← ρs + (1−ρ)d², w ← w − lr·d; numbers: lr, ρ, 1−ρ, ε
function adadelta(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize, h: usize, s: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const rho = u.number(1);
  const rest = u.number(2);
  const epsilon = u.number(3);
  const faint = constant(minGradient);
  for (let i = begin; i < end; i += 16) {
    const raw = v128.load(g + i);
    const gradient = cut(raw, faint);
    const square = r.average(h + i, rho, rest, r.square(raw, faint));
    const before = f32x4.sqrt(f32x4.add(v128.load(s + i), epsilon));
    const d = f32x4.mul(gradient, f32x4.div(before, f32x4.sqrt(f32x4.add(square, epsilon))));
    r.average(s + i, rho, rest, r.square(d, faint));
    r.step(w + i, rate, d);
  }
}

/** Adam's v as it is. */
class Latest {
  @inline of(v: v128, largest: usize): v128 {
    return v;
  }
}

/** The largest v so far: AMSGrad. */
class Largest {
  @inline of(v: v128, largest: usize): v128 {
    // In this order a NaN in v stays.
    const larger = f32x4.pmax(v, v128.load(largest));
    v128.store(largest, larger);
    return larger;
  }
}

// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − κw − lrₜ·m/(√v + εₜ)
// with lrₜ = lr·√(1−β₂ᵗ)/(1−β₁ᵗ) and εₜ = ε·√(1−β₂ᵗ): the bias corrections, taken out of the loop.
// Numbers: lrₜ, β₁, 1−β₁, β₂, 1−β₂, εₜ, κ (the decoupled weight decay times the learning rate)
function adam<Moment>(
  u: UpdateCommand,
  begin: usize,
  end: usize,
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  largest: usize,
): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const beta1 = u.number(1);
  const rest1 = u.number(2);
  const beta2 = u.number(3);
  const rest2 = u.number(4);
  const epsilon = u.number(5);
  const decay = u.number(6);
  const faint = constant(minGradient);
  const least = constant(minSlot);
  for (let i = begin; i < end; i += 16) {
    const raw = v128.load(g + i);
    const gradient = cut(raw, faint);
    const mean = r.decay(m + i, beta1, f32x4.mul(rest1, gradient), least);
    const square = r.average(v + i, beta2, rest2, r.square(raw, faint));
    const root = f32x4.sqrt(changetype<Moment>(0).of(square, largest + i));
    const direction = f32x4.div(mean, f32x4.add(root, epsilon));
    const weight = v128.load(w + i);
    const decayed = r.multiplySubtract(decay, weight, weight);
    v128.store(w + i, r.multiplySubtract(rate, direction, decayed));
  }
}

// m ← β₁m + (1−β₁)g, s ← max(β₂s, |g|), w ← w − lr/(1−β₁ᵗ)·m/(s + ε); numbers: lr/(1−β₁ᵗ), β₁, 1−β₁, β₂, ε
function adamax(u: UpdateCommand, begin: usize, end: usize, w: usize, g: usize, m: usize, s: usize): void {
  const r = changetype<Rules>(0);
  const rate = u.number(0);
  const beta1 = u.number(1);
  const rest1 = u.number(2);
  const beta2 = u.number(3);
  const epsilon = u.number(4);
  const faint = constant(minGradient);
  const least = constant(minSlot);
  for (let i = begin; i < end; i += 16) {
    const gradient = cut(v128.load(g + i), faint);
    const mean = r.decay(m + i, beta1, f32x4.mul(rest1, gradient), least);
    const faded = r.decay(s + i, beta2, f32x4.splat(0), least);
    const largest = f32x4.pmax(f32x4.abs(gradient), faded);
    v128.store(s + i, largest);
    r.step(w + i, rate, f32x4.div(mean, f32x4.add(largest, epsilon)));
  }
}
