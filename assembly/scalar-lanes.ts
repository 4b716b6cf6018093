// The element-wise instructions that are done one element at a time: elementary functions that training seldom needs,
// from AssemblyScript's library (musl's, of + − × ÷ √ and bit operations alone), and integers that are divided.
// Largest errors over all floats are told in the test that holds them.

import { Lane } from './opcodes';

/** Runs one instruction on n elements. */
export function runScalarLane(lane: i32, y: usize, a: usize, b: usize, n: i32): void {
  for (; n > 0; n--) {
    if (lane >= Lane.floorDivInt32) store<i32>(y, ofIntegers(lane, load<i32>(a), load<i32>(b)));
    else store<f32>(y, ofFloats(lane, load<f32>(a), load<f32>(b)));
    y += 4;
    a += 4;
    b += 4;
  }
}

function ofFloats(lane: i32, a: f32, b: f32): f32 {
  switch (lane) {
    case Lane.asin:
      return Mathf.asin(a);
    case Lane.acos:
      return Mathf.acos(a);
    case Lane.atan:
      return Mathf.atan(a);
    case Lane.atan2:
      return Mathf.atan2(a, b);
    case Lane.mod:
      return floorMod(a, b);
    default:
      throw new Error('unknown lane');
  }
}

/** a − b·⌊a/b⌋ without rounding: what is left has the sign of b. */
function floorMod(a: f32, b: f32): f32 {
  const rest = a % b;
  return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
}

function ofIntegers(lane: i32, a: i32, b: i32): i32 {
  if (lane == Lane.powInt32) return b < 0 ? reciprocalPower(a, b) : a ** b;
  // Nothing is divided by zero, nor the least integer by −1, which processors trap.
  if (b == 0) return 0;
  if (b == -1) return lane == Lane.modInt32 ? 0 : -a;
  const rest = a % b;
  const isBelow = rest != 0 && rest < 0 != b < 0;
  if (lane == Lane.modInt32) return isBelow ? rest + b : rest;
  return a / b - <i32>isBelow;
}

/** Fractions are dropped: what is left of a^b, b < 0, is 1, −1 or 0. */
function reciprocalPower(a: i32, b: i32): i32 {
  if (a == 1) return 1;
  if (a == -1) return b & 1 ? -1 : 1;
  return 0;
}
