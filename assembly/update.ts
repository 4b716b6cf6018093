// The optimizers' steps, each one pass over a contiguous range of weights, gradients and slots.
//
// WebAssembly cannot flush denormals and they are a hundred times slower than other numbers, so state
// that decays towards them is cut to zero long before it gets there: gradients below 1e-17 (whose
// squares would be denormal) and slots below 1e-30. Neither is visible beside any epsilon in use.

import { Rule } from './opcodes';
import { shareStart } from './share';

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
}

/** Vectors a thread takes at the least: a cache line of each array. */
const grain: i32 = 4;

class Step {
  @inline flush(x: v128, least: f32): v128 {
    return v128.and(x, f32x4.ge(f32x4.abs(x), f32x4.splat(least)));
  }

  /** Cut to zero; but NaN stays NaN, so that the loss shows it. */
  @inline gradient(g: usize): v128 {
    const x = v128.load(g);
    return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-17)));
  }

  /** slot ← decay·slot + rate·x. */
  @inline decay(slot: usize, decay: v128, x: v128, rate: v128): v128 {
    const value = f32x4.add(f32x4.mul(v128.load(slot), decay), f32x4.mul(x, rate));
    const kept = v128.andnot(value, f32x4.lt(f32x4.abs(value), f32x4.splat(1e-30)));
    v128.store(slot, kept);
    return kept;
  }

  @inline subtract(w: usize, x: v128): void {
    v128.store(w, f32x4.sub(v128.load(w), x));
  }
}

// w ← w − lr·g
class Sgd {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    t.subtract(w, f32x4.mul(n0, t.gradient(g)));
  }
}

// v ← αv + g, w ← w − lr·v; numbers: lr, α
class Momentum {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const velocity = t.decay(s0, n1, t.gradient(g), f32x4.splat(1));
    t.subtract(w, f32x4.mul(n0, velocity));
  }
}

// v ← αv + g, w ← w − lr·(g + αv); numbers: lr, α
class Nesterov {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const alpha = n1;
    const velocity = t.decay(s0, alpha, gradient, f32x4.splat(1));
    const ahead = f32x4.add(gradient, f32x4.mul(alpha, velocity));
    t.subtract(w, f32x4.mul(n0, ahead));
  }
}

// h ← h + g², w ← w − lr·g/√(h + ε); numbers: lr, ε
class Adagrad {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const one = f32x4.splat(1);
    const h = t.decay(s0, one, f32x4.mul(gradient, gradient), one);
    const root = f32x4.sqrt(f32x4.add(h, n1));
    t.subtract(w, f32x4.div(f32x4.mul(n0, gradient), root));
  }
}

// h ← γh + (1−γ)g², v ← αv + lr·g/√(h + ε), w ← w − v; numbers: lr, γ, 1−γ, ε, α
class RmsProp {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const h = t.decay(s0, n1, f32x4.mul(gradient, gradient), n2);
    const root = f32x4.sqrt(f32x4.add(h, n3));
    const change = f32x4.div(f32x4.mul(n0, gradient), root);
    t.subtract(w, t.decay(s1, n4, change, f32x4.splat(1)));
  }
}

// as RMSProp, with the variance h − m² under the root; m ← γm + (1−γ)g
class RmsPropCentered {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const gamma = n1;
    const rest = n2;
    const h = t.decay(s0, gamma, f32x4.mul(gradient, gradient), rest);
    const m = t.decay(s2, gamma, gradient, rest);
    // Rounding can take h − m² a hair below zero.
    const variance = f32x4.pmax(f32x4.splat(0), f32x4.sub(h, f32x4.mul(m, m)));
    const root = f32x4.sqrt(f32x4.add(variance, n3));
    const change = f32x4.div(f32x4.mul(n0, gradient), root);
    t.subtract(w, t.decay(s1, n4, change, f32x4.splat(1)));
  }
}

// h ← ρh + (1−ρ)g², d = g·√(u + ε)/√(h + ε), u ← ρu + (1−ρ)d², w ← w − lr·d; numbers: lr, ρ, 1−ρ, ε
class Adadelta {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const rho = n1;
    const rest = n2;
    const epsilon = n3;
    const h = t.decay(s0, rho, f32x4.mul(gradient, gradient), rest);
    const before = f32x4.sqrt(f32x4.add(v128.load(s1), epsilon));
    const change = f32x4.mul(gradient, f32x4.div(before, f32x4.sqrt(f32x4.add(h, epsilon))));
    t.decay(s1, rho, f32x4.mul(change, change), rest);
    t.subtract(w, f32x4.mul(n0, change));
  }
}

// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − κw − lrₜ·m/(√v + εₜ)
// with lrₜ = lr·√(1−β₂ᵗ)/(1−β₁ᵗ) and εₜ = ε·√(1−β₂ᵗ): the bias corrections, taken out of the loop.
// Numbers: lrₜ, β₁, 1−β₁, β₂, 1−β₂, εₜ, κ (the decoupled weight decay times the learning rate)
class Adam {
  @inline moments(g: usize, s0: usize, s1: usize, n1: v128, n2: v128, n3: v128, n4: v128): v128 {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    t.decay(s0, n1, gradient, n2);
    return t.decay(s1, n3, f32x4.mul(gradient, gradient), n4);
  }

  @inline move(w: usize, s0: usize, v: v128, n0: v128, n5: v128, n6: v128): void {
    const t = changetype<Step>(0);
    const root = f32x4.add(f32x4.sqrt(v), n5);
    const change = f32x4.div(f32x4.mul(n0, v128.load(s0)), root);
    t.subtract(w, f32x4.add(f32x4.mul(n6, v128.load(w)), change));
  }

  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const v = changetype<Adam>(0).moments(g, s0, s1, n1, n2, n3, n4);
    changetype<Adam>(0).move(w, s0, v, n0, n5, n6);
  }
}

// as Adam, with the largest v so far
class AmsGrad {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const v = changetype<Adam>(0).moments(g, s0, s1, n1, n2, n3, n4);
    const largest = f32x4.pmax(v128.load(s2), v);
    v128.store(s2, largest);
    changetype<Adam>(0).move(w, s0, largest, n0, n5, n6);
  }
}

// m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε); numbers: lr/(1−β₁ᵗ), β₁, 1−β₁, β₂, ε
class Adamax {
  @inline apply(
    w: usize,
    g: usize,
    s0: usize,
    s1: usize,
    s2: usize,
    n0: v128,
    n1: v128,
    n2: v128,
    n3: v128,
    n4: v128,
    n5: v128,
    n6: v128,
  ): void {
    const t = changetype<Step>(0);
    const gradient = t.gradient(g);
    const m = t.decay(s0, n1, gradient, n2);
    const decayed = t.flush(f32x4.mul(v128.load(s1), n3), 1e-30);
    const u = f32x4.pmax(decayed, f32x4.abs(gradient));
    v128.store(s1, u);
    t.subtract(w, f32x4.div(f32x4.mul(n0, m), f32x4.add(u, n4)));
  }
}

function updateRange<R>(command: UpdateCommand, thread: i32, threads: i32): void {
  const grains = (command.vectors + grain - 1) / grain;
  const begin = shareStart(grains, thread, threads) * grain;
  const end = min(command.vectors, shareStart(grains, thread + 1, threads) * grain);
  const first = (<usize>begin) << 4;
  let w = command.w + first;
  let g = command.g + first;
  let s0 = command.slot0 + first;
  let s1 = command.slot1 + first;
  let s2 = command.slot2 + first;
  // Loaded once: the compiler cannot know that the loop's stores leave them alone.
  const numbers = command.numbers;
  const n0 = v128.load32_splat(numbers);
  const n1 = v128.load32_splat(numbers, 4);
  const n2 = v128.load32_splat(numbers, 8);
  const n3 = v128.load32_splat(numbers, 12);
  const n4 = v128.load32_splat(numbers, 16);
  const n5 = v128.load32_splat(numbers, 20);
  const n6 = v128.load32_splat(numbers, 24);
  for (let i = begin; i < end; i++) {
    changetype<R>(0).apply(w, g, s0, s1, s2, n0, n1, n2, n3, n4, n5, n6);
    w += 16;
    g += 16;
    s0 += 16;
    s1 += 16;
    s2 += 16;
  }
}

export function update(address: usize, thread: i32, threads: i32): void {
  const command = changetype<UpdateCommand>(address);
  switch (command.rule) {
    case Rule.sgd:
      return updateRange<Sgd>(command, thread, threads);
    case Rule.momentum:
      return updateRange<Momentum>(command, thread, threads);
    case Rule.nesterov:
      return updateRange<Nesterov>(command, thread, threads);
    case Rule.adagrad:
      return updateRange<Adagrad>(command, thread, threads);
    case Rule.rmsprop:
      return updateRange<RmsProp>(command, thread, threads);
    case Rule.rmspropCentered:
      return updateRange<RmsPropCentered>(command, thread, threads);
    case Rule.adadelta:
      return updateRange<Adadelta>(command, thread, threads);
    case Rule.adam:
      return updateRange<Adam>(command, thread, threads);
    case Rule.amsgrad:
      return updateRange<AmsGrad>(command, thread, threads);
    case Rule.adamax:
      return updateRange<Adamax>(command, thread, threads);
    default:
      throw new Error('unknown rule');
  }
}
