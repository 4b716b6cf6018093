// Softmax along the last axis, and its fusion with cross-entropy; all shifted by the row's maximum, so
// that no exponential overflows. Softmax(x)ᵢ = e^(xᵢ−m) / Σⱼ e^(xⱼ−m), m = max x.

import { SoftmaxForm } from './opcodes';
import { Share } from './share';
import { Exp, Log } from './vector-math';
import { constant, cut, laneMask, maxLanes, storeFirst, storeLanes, sumLanes } from './vectors';

@unmanaged
class SoftmaxCommand {
  opcode: i32;
  form: i32;
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
}

@unmanaged
class CrossEntropyCommand {
  opcode: i32;
  logits: usize;
  /** Probabilities that each row should have. */
  targets: usize;
  /** Each row's loss; for the gradient, what flows back into it. */
  loss: usize;
  /** The gradient of the logits, where it is computed. */
  dLogits: usize;
  rows: i32;
  columns: i32;
}

const minExponent = memory.data<f32>([-86]);
const minGradient = memory.data<f32>([1e-20]);

class Elementary {
  /** e^x, or zero where it would be denormal: no probability that small is seen, and denormals are slow. */
  @inline exp(x: v128): v128 {
    const least = constant(minExponent);
    const y = changetype<Exp>(0).apply(f32x4.pmax(x, least));
    return v128.andnot(y, f32x4.lt(x, least));
  }

  @inline log(x: f32): f32 {
    return f32x4.extract_lane(changetype<Log>(0).apply(f32x4.splat(x)), 0);
  }
}

export function softmax(address: usize, share: Share): void {
  const command = changetype<SoftmaxCommand>(address);
  const rowBytes = (<usize>command.columns) << 2;
  const end = share.end(command.rows);
  for (let row = share.start(command.rows); row < end; row++) {
    const x = command.x + <usize>row * rowBytes;
    const y = command.y + <usize>row * rowBytes;
    const maximum = rowMaximum(x, command.columns);
    if (command.form == SoftmaxForm.probabilities) writeProbabilities(x, y, maximum, command.columns);
    else writeLogarithms(x, y, maximum, command.columns);
  }
}

/** Loss of a row: Σ t·(log Σ e^(x−m) − (x − m)). */
export function softmaxCrossEntropy(address: usize, share: Share): void {
  const command = changetype<CrossEntropyCommand>(address);
  const rowBytes = (<usize>command.columns) << 2;
  const end = share.end(command.rows);
  for (let row = share.start(command.rows); row < end; row++) {
    const x = command.logits + <usize>row * rowBytes;
    const t = command.targets + <usize>row * rowBytes;
    const maximum = rowMaximum(x, command.columns);
    const shift = changetype<Elementary>(0).log(rowSumOfExponentials(x, maximum, command.columns));
    store<f32>(command.loss + ((<usize>row) << 2), rowCrossEntropy(x, t, maximum, shift, command.columns));
  }
}

/** dx = (softmax(x)·Σt − t)·dLoss. */
export function softmaxCrossEntropyGradient(address: usize, share: Share): void {
  const command = changetype<CrossEntropyCommand>(address);
  const rowBytes = (<usize>command.columns) << 2;
  const end = share.end(command.rows);
  for (let row = share.start(command.rows); row < end; row++) {
    const dx = command.dLogits + <usize>row * rowBytes;
    const t = command.targets + <usize>row * rowBytes;
    const x = command.logits + <usize>row * rowBytes;
    writeProbabilities(x, dx, rowMaximum(x, command.columns), command.columns);
    const dLoss = load<f32>(command.loss + ((<usize>row) << 2));
    subtractTargets(dx, t, dLoss, command.columns);
  }
}

function rowMaximum(x: usize, n: i32): f32 {
  const least = f32x4.splat(-Infinity);
  let maximum = least;
  for (; n >= 4; n -= 4) {
    maximum = f32x4.pmax(v128.load(x), maximum);
    x += 16;
  }
  if (n > 0) maximum = f32x4.pmax(v128.bitselect(v128.load(x), least, laneMask(n)), maximum);
  return maxLanes(maximum);
}

function rowSumOfExponentials(x: usize, maximum: f32, n: i32): f32 {
  const shift = f32x4.splat(maximum);
  let sum = f32x4.splat(0);
  for (; n >= 4; n -= 4) {
    sum = f32x4.add(sum, changetype<Elementary>(0).exp(f32x4.sub(v128.load(x), shift)));
    x += 16;
  }
  if (n > 0) {
    const last = changetype<Elementary>(0).exp(f32x4.sub(v128.load(x), shift));
    sum = f32x4.add(sum, v128.and(last, laneMask(n)));
  }
  return sumLanes(sum);
}

function writeProbabilities(x: usize, y: usize, maximum: f32, columns: i32): void {
  const shift = f32x4.splat(maximum);
  let sum = f32x4.splat(0);
  let target = y;
  let n = columns;
  for (; n >= 4; n -= 4) {
    const exponential = changetype<Elementary>(0).exp(f32x4.sub(v128.load(x), shift));
    sum = f32x4.add(sum, exponential);
    v128.store(target, exponential);
    x += 16;
    target += 16;
  }
  if (n > 0) {
    const exponential = changetype<Elementary>(0).exp(f32x4.sub(v128.load(x), shift));
    sum = f32x4.add(sum, v128.and(exponential, laneMask(n)));
    storeLanes(target, exponential, n);
  }
  scaleRow(y, 1 / sumLanes(sum), columns);
}

function scaleRow(y: usize, factor: f32, n: i32): void {
  const scale = f32x4.splat(factor);
  for (; n >= 4; n -= 4) {
    v128.store(y, f32x4.mul(v128.load(y), scale));
    y += 16;
  }
  if (n > 0) storeLanes(y, f32x4.mul(v128.load(y), scale), n);
}

function writeLogarithms(x: usize, y: usize, maximum: f32, n: i32): void {
  const logSum = changetype<Elementary>(0).log(rowSumOfExponentials(x, maximum, n));
  const shift = f32x4.splat(maximum);
  const normaliser = f32x4.splat(logSum);
  for (; n > 0; n -= 4) {
    const value = f32x4.sub(f32x4.sub(v128.load(x), shift), normaliser);
    storeFirst(y, value, n);
    x += 16;
    y += 16;
  }
}

function rowCrossEntropy(x: usize, t: usize, maximum: f32, logSum: f32, n: i32): f32 {
  const shift = f32x4.splat(maximum);
  const normaliser = f32x4.splat(logSum);
  const zero = f32x4.splat(0);
  let sum = zero;
  for (; n > 0; n -= 4) {
    const surprise = f32x4.sub(normaliser, f32x4.sub(v128.load(x), shift));
    const target = v128.load(t);
    // A target of zero costs nothing, even where the logit is minus infinity.
    let mask = f32x4.ne(target, zero);
    if (n < 4) mask = v128.and(mask, laneMask(n));
    sum = f32x4.add(sum, v128.and(f32x4.mul(target, surprise), mask));
    x += 16;
    t += 16;
  }
  return sumLanes(sum);
}

function subtractTargets(dx: usize, t: usize, dLoss: f32, columns: i32): void {
  const total = f32x4.splat(rowSum(t, columns));
  const scale = f32x4.splat(dLoss);
  for (let n = columns; n > 0; n -= 4) {
    const difference = f32x4.sub(f32x4.mul(v128.load(dx), total), v128.load(t));
    const product = f32x4.mul(difference, scale);
    // Cut to zero before the products of the backward pass turn it into denormals, which are slow.
    storeFirst(dx, cut(product, constant(minGradient)), n);
    dx += 16;
    t += 16;
  }
}

function rowSum(x: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (; n >= 4; n -= 4) {
    sum = f32x4.add(sum, v128.load(x));
    x += 16;
  }
  if (n > 0) sum = f32x4.add(sum, v128.and(v128.load(x), laneMask(n)));
  return sumLanes(sum);
}
