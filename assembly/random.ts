// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011),
// four counters at a time. Element i depends on i, the step, its part and the key only, so neither the
// chunk nor the thread that computes it matters.

import { constant, storeFirst } from './vectors';

/** What a trainer keeps of its random numbers: `key0, key1, step, part` as 32-bit words. */
@unmanaged
class RandomState {
  key0: u32;
  key1: u32;
  step: u32;
  part: u32;
}

/** What a random node adds: its stream, and a key of its own where it was given a seed. */
@unmanaged
class RandomStream {
  stream: u32;
  hasKey: u32;
  key: u32;
}

const multiplier0 = memory.data<u32>([0xd2511f53]);
const multiplier1 = memory.data<u32>([0xcd9e8d57]);
/** 2⁻²⁴. */
const unitOfLastBit = memory.data<f32>([5.9604644775390625e-8]);
const weyl0: u32 = 0x9e3779b9;
const weyl1: u32 = 0xbb67ae85;
/** Numbers made from one set of four counters. */
const block: i32 = 16;

class Philox {
  /** The low halves of the four 64-bit products. */
  @inline low(evens: v128, odds: v128): v128 {
    return v128.shuffle<i32>(evens, odds, 0, 2, 4, 6);
  }

  @inline high(evens: v128, odds: v128): v128 {
    return v128.shuffle<i32>(evens, odds, 1, 3, 5, 7);
  }

  /** A float in [0, 1) from the top 24 bits of a word. */
  @inline unit(word: v128): v128 {
    return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 8)), constant(unitOfLastBit));
  }
}

/**
 * Uniform numbers in [0, 1). Element i is word (i / 4) % 4 of counter (i / 16)·4 + i % 4.
 * @param start index of the first element, a multiple of 16
 */
export function randomUniform(y: usize, state: usize, stream: usize, start: i32, n: i32): void {
  const random = changetype<RandomState>(state);
  const own = changetype<RandomStream>(stream);
  for (; n > 0; n -= block) {
    fillBlock(y, random, own, (start / block) * 4, min(n, block));
    start += block;
    y += block * 4;
  }
}

function fillBlock(y: usize, random: RandomState, own: RandomStream, counter: i32, n: i32): void {
  const p = changetype<Philox>(0);
  let x0 = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(random.step);
  let x2 = i32x4.splat(own.stream);
  let x3 = i32x4.splat(random.part);
  let key0 = own.hasKey ? own.key : random.key0;
  let key1 = own.hasKey ? 0 : random.key1;
  for (let round = 0; round < 10; round++) {
    const m0 = constant(multiplier0);
    const m1 = constant(multiplier1);
    const product0Low = i64x2.extmul_low_i32x4_u(x0, m0);
    const product0High = i64x2.extmul_high_i32x4_u(x0, m0);
    const product1Low = i64x2.extmul_low_i32x4_u(x2, m1);
    const product1High = i64x2.extmul_high_i32x4_u(x2, m1);
    x0 = v128.xor(v128.xor(p.high(product1Low, product1High), x1), i32x4.splat(key0));
    x2 = v128.xor(v128.xor(p.high(product0Low, product0High), x3), i32x4.splat(key1));
    x1 = p.low(product1Low, product1High);
    x3 = p.low(product0Low, product0High);
    key0 += weyl0;
    key1 += weyl1;
  }
  storeFirst(y, p.unit(x0), n);
  storeFirst(y + 16, p.unit(x1), n - 4);
  storeFirst(y + 32, p.unit(x2), n - 8);
  storeFirst(y + 48, p.unit(x3), n - 12);
}
