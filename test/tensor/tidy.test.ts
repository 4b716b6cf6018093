// When scopes end, loops have come to where their passes begin: what goes on from there is computed in pieces that are alike.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { collected } from '../garbage.ts';
import { compiledBy, ramp } from './programs.ts';

/** Two fields that react on each other, longer than what a chain keeps of what it passes. */
function react(size: number, closed: (step: () => tf.Tensor[]) => tf.Tensor[], look = false): number[] {
  let [u, v] = [tf.ones([size]), ramp(size)];
  for (let i = 0; i < 40; i++) {
    const next = closed(() => {
      const both = u.mul(v.square());
      return [u.sub(both.mul(0.1)).add(tf.sub(1, u).mul(0.06)), v.add(both.mul(0.1)).sub(v.mul(0.12))];
    });
    tf.dispose([u, v]);
    [u, v] = next;
    if (look) for (const field of next) field.dataSync();
  }
  return [...u.dataSync().slice(0, 9), ...v.dataSync().slice(0, 9)];
}

const byEngine = (step: () => tf.Tensor[]) => {
  tf.engine().startScope();
  const made = step();
  tf.engine().endScope(made);
  return made;
};

test.each([
  ['tidy', 1200, (step: () => tf.Tensor[]) => tf.tidy(step)],
  ["the engine's scopes", 1300, byEngine],
])('what %s hands on from pass to pass is of one program', (_, size, closed) => {
  let chained: number[] = [];
  expect(compiledBy(() => (chained = react(size, closed)))).toBe(1);
  expect(chained).toEqual(react(size, closed, true));
});

/** A Boltzmann machine with so many units, of which variables hold what it learns in 40 passes. */
function learn(units: number, closed: (step: () => void) => void, look = false): number[] {
  const data = ramp(6, 4);
  const [weights, visible, hidden] = [ramp(4, units), tf.zeros([4]), tf.zeros([units])].map((each) =>
    tf.variable(each),
  );
  for (let i = 0; i < 40; i++) {
    closed(() => {
      const up = data.matMul(weights).add(hidden).sigmoid();
      const down = up.matMul(weights, false, true).add(visible).sigmoid();
      const again = down.matMul(weights).add(hidden).sigmoid();
      const change = data.matMul(up, true).sub(down.matMul(again, true));
      weights.assign(weights.add(change.mul(0.01)));
      visible.assign(visible.add(data.sub(down).mean(0).mul(0.1)));
      hidden.assign(hidden.add(up.sub(again).mean(0).mul(0.1)));
    });
    if (look) weights.dataSync();
  }
  const learnt = [...weights.dataSync(), ...visible.dataSync(), ...hidden.dataSync()];
  tf.dispose([weights, visible, hidden]);
  return learnt;
}

test.each([
  ['within tidy', 1, 3, (step: () => void) => tf.tidy(step)],
  // The first pass, the others, and what is left of the last when each variable is read.
  ['outside of all scopes', 4, 5, (step: () => void) => step()],
])('variables that change in turn %s are of %i programs', (_, programs, units, closed) => {
  let chained: number[] = [];
  expect(compiledBy(() => (chained = learn(units, closed)))).toBe(programs);
  for (const [i, value] of learn(units, closed, true).entries()) expect(chained[i]).toBeCloseTo(value, 6);
});

test('what a scope within another hands on is not computed, nor what is not deep', () => {
  const x = ramp(4);
  const deep = (x: tf.Tensor) =>
    tf.tidy(() => Array.from({ length: 20 }).reduce<tf.Tensor>((y) => y.mul(1.1).add(1), x));
  expect(compiledBy(() => tf.tidy(() => [deep(x), x][1]))).toBe(0);
  expect(compiledBy(() => tf.tidy(() => x.mul(2).add(1).exp()))).toBe(0);
  expect(compiledBy(() => deep(x))).toBe(1);
});

test('a scope within a function that is differentiated belongs to one program with all of it', () => {
  const x = ramp(4);
  const powers = (x: tf.Tensor) =>
    tf.tidy(() => Array.from({ length: 20 }).reduce<tf.Tensor>((y) => y.mul(x).add(1), x));
  expect(compiledBy(() => tf.grad(powers)(x).dataSync())).toBe(1);
});

test('a scope that stays open keeps nothing that variables held before', async () => {
  const held: WeakRef<tf.Tensor>[] = [];
  tf.engine().startScope();
  const assigned = tf.variable(tf.zeros([4]));
  for (let i = 0; i < 3; i++) {
    held.push(new WeakRef(assigned.version));
    tf.tidy(() => assigned.assign(assigned.add(i)));
    assigned.dataSync();
  }
  tf.tidy(() => {
    const [disposed, moved] = [tf.variable(tf.ones([4]).exp()), tf.variable(tf.ones([4]).exp())];
    held.push(new WeakRef(disposed.version), new WeakRef(moved.version));
    expect(moved.weights.isSettled).toBe(false);
    tf.dispose([disposed, moved]);
  });
  await collected(held);
  tf.engine().endScope();
  expect(assigned.arraySync()).toEqual([3, 3, 3, 3]);
});

test('a scope that stays open keeps nothing that was disposed of, nor batches that a training has read', async () => {
  const made: WeakRef<tf.Tensor>[] = [];
  const noted = (tensor: tf.Tensor) => {
    made.push(new WeakRef(tensor));
    return tensor;
  };
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const batch = () => ({ xs: noted(tf.ones([4, 2])), ys: noted(tf.ones([4, 1])) });
  tf.engine().startScope();
  await model.fitDataset(
    tf.data.generator(function* () {
      for (let i = 0; i < 3; i++) yield batch();
    }),
    { epochs: 1, verbose: 0 },
  );
  tf.dispose(tf.tidy(() => noted(tf.ones([4]))));
  expect(made).toHaveLength(7);
  await collected(made);
  tf.engine().endScope();
});

test('scopes hand on variables that hold what is deep, made in them or before', () => {
  const x = ramp(4);
  const deep = (x: tf.Tensor) => Array.from({ length: 20 }).reduce<tf.Tensor>((y) => y.mul(1.1).add(1), x);
  const made = tf.tidy(() => tf.variable(deep(x)));
  const expected = deep(x).dataSync();
  expect(made.dataSync()).toEqual(expected);
  const both = tf.tidy(() => {
    made.assign(deep(x.mul(1)));
    return [made, deep(x)];
  });
  for (const each of both) expect(each.dataSync()).toEqual(expected);
  tf.dispose([made, both]);
});

test('a tidy that throws computes nothing on its way out', () => {
  const total = tf.variable(ramp(1500));
  const { numTensors } = tf.memory();
  const fail = () => {
    let sum = total.mul(2);
    for (let i = 0; i < 20; i++) sum = sum.mul(0.9).add(i) as typeof sum;
    total.assign(sum);
    throw new Error('as asked');
  };
  expect(compiledBy(() => expect(() => tf.tidy(fail)).toThrow('as asked'))).toBe(0);
  expect(tf.memory().numTensors).toBe(numTensors);
  // What was assigned before counts all the same.
  expect(total.dataSync()[0]).toBeCloseTo(ramp(1).dataSync()[0] * 2 * 0.9 ** 20 + sumOfRest(), 3);
  total.dispose();
});

/** What 20 times · 0.9 + i makes of 0. */
function sumOfRest(): number {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum = sum * 0.9 + i;
  return sum;
}
