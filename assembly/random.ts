// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011),
// four counters at a time. Element i depends on i, the step, its part and the key only, so neither the
// chunk nor the thread that computes it matters.

import { transposeColumns } from './pack';
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
  const key0 = own.hasKey ? own.key : random.key0;
  const key1 = own.hasKey ? 0 : random.key1;
  for (; n > 0; n -= block) {
    const counter = (start / block) * 4;
    fillBlock(y, counter, random.step, own.stream, random.part, key0, key1, min(n, block), false);
    start += block;
    y += block * 4;
  }
}

/**
 * The words of successive counters, four of each; a counter's other words are 0.
 * @param n a multiple of 16
 */
export function randomWords(y: usize, counter: i32, key0: u32, key1: u32, n: i32): void {
  for (; n > 0; n -= block) {
    fillBlock(y, counter, 0, 0, 0, key0, key1, block, true);
    transposeColumns(y, y + 16, y + 32, y + 48, y, 16, 4);
    counter += 4;
    y += block * 4;
  }
}

/** The first n numbers, or words, of four counters: they differ in their lowest word, the others are c1, c2 and c3. */
function fillBlock(
  y: usize,
  counter: i32,
  c1: i32,
  c2: i32,
  c3: i32,
  key0: u32,
  key1: u32,
  n: i32,
  asWords: bool,
): void {
  const p = changetype<Philox>(0);
  let x0 = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(c1);
  let x2 = i32x4.splat(c2);
  let x3 = i32x4.splat(c3);
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
  if (!asWords) {
    x0 = p.unit(x0);
    x1 = p.unit(x1);
    x2 = p.unit(x2);
    x3 = p.unit(x3);
  }
  storeFirst(y, x0, n);
  storeFirst(y + 16, x1, n - 4);
  storeFirst(y + 32, x2, n - 8);
  storeFirst(y + 48, x3, n - 12);
}
