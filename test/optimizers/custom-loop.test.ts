// Loops that users write: minimize, computeGradients, applyGradients.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { compiledBy } from '../tensor/programs.ts';

const x = tf.tensor2d([[0, 0], [0, 1], [1, 0], [1, 1]]); // biome-ignore format: four points
const y = tf.tensor2d([[0], [1], [1], [0]]);

function network() {
  tf.setSeed(3);
  const weights = [[2, 4], [4], [4, 1], [1]].map((shape) => tf.variable(tf.randomNormal(shape)));
  const [w1, b1, w2, b2] = weights;
  const predict = () => x.matMul(w1).add(b1).tanh().matMul(w2).add(b2).sigmoid();
  return { weights, predict, loss: () => predict().sub(y).square().mean() as tf.Tensor };
}

const optimizers: [string, () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(0.5)],
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['rmsprop', () => tf.train.rmsprop(0.01)],
  ['adam', () => tf.train.adam(0.02)],
  ['adamax', () => tf.train.adamax(0.02)],
];

describe.each(optimizers)('%s', (_, make) => {
  test('minimize, and computeGradients with applyGradients, go the same way to the bit', () => {
    const [a, b] = [network(), network()];
    const [one, other] = [make(), make()];
    for (let step = 0; step < 20; step++) {
      const cost = one.minimize(a.loss, true)!;
      const { value, grads } = other.computeGradients(b.loss, b.weights);
      other.applyGradients(grads);
      expect(cost.dataSync()[0]).toBe(value.dataSync()[0]);
    }
    for (const [i, w] of a.weights.entries()) expect([...w.dataSync()]).toEqual([...b.weights[i].dataSync()]);
    tf.dispose([a.weights, b.weights]);
  });
});

test('fit and minimize go the same way to the bit', async () => {
  const mine = network();
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [2] }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  model.setWeights(mine.weights.map((w) => tf.tensor(w.dataSync().slice(), w.shape)));
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs: 30, batchSize: 4, shuffle: false, verbose: 0 });
  const optimizer = tf.train.adam(0.02);
  for (let i = 0; i < 30; i++) optimizer.minimize(mine.loss, false, mine.weights);
  const trained = model.getWeights();
  for (const [i, w] of mine.weights.entries()) expect([...w.dataSync()]).toEqual([...trained[i].dataSync()]);
  tf.dispose(mine.weights);
});

test('a loss may be a variable itself', () => {
  const v = tf.variable(tf.scalar(2));
  const cost = tf.train.sgd(0.25).minimize(() => v, true)!;
  expect([cost.dataSync()[0], v.dataSync()[0]]).toEqual([2, 1.75]);
  const { value, grads } = tf.variableGrads(() => v);
  expect([value.dataSync()[0], grads[v.name].dataSync()[0]]).toEqual([1.75, 1]);
  tf.dispose(v);
});

test('learns, compiles once, and leaves nothing in the books', () => {
  const { weights, loss, predict } = network();
  const optimizer = tf.train.adam(0.05);
  optimizer.minimize(loss);
  const tensors = tf.memory().numTensors;
  const learn = () => {
    for (let i = 0; i < 400; i++) optimizer.minimize(loss);
  };
  expect(compiledBy(learn)).toBe(0);
  expect(tf.memory().numTensors).toBe(tensors);
  expect([...predict().dataSync()].map(Math.round)).toEqual([0, 1, 1, 0]);
  expect(optimizer.iterations).toBe(401);
  tf.dispose(weights);
});

test('gradients that are collected are computed as they come; those that move something are not computed twice', () => {
  const { weights, loss } = network();
  const optimizer = tf.train.sgd(0.1);
  const first = optimizer.computeGradients(loss, weights);
  optimizer.applyGradients(first.grads);
  const collected = [1, 2, 3].map(() => optimizer.computeGradients(loss, weights).grads);
  const [name] = weights.map((w) => w.name);
  expect(first.grads[name].numbers).toBeUndefined();
  expect(collected.map((grads) => grads[name].numbers !== undefined)).toEqual([true, true, false]);
  tf.dispose([weights, first, collected]);
});

test('an array that was taken before a step holds what was there', () => {
  const { weights, loss } = network();
  const optimizer = tf.train.sgd(0.5);
  optimizer.minimize(loss);
  const was = [...weights[2].dataSync()];
  const taken = weights[2].mul(1);
  optimizer.minimize(loss);
  expect([...taken.dataSync()]).toEqual(was);
  expect([...weights[2].dataSync()]).not.toEqual(was);
  tf.dispose(weights);
});

test('gradients are of what a variable held when they were taken, whatever it is assigned before they are used', () => {
  const v = tf.variable(tf.scalar(1));
  const optimizer = tf.train.sgd(0.1);
  for (const expected of [0.3, 0.09]) {
    const { grads } = optimizer.computeGradients(() => v.square() as tf.Tensor, [v]);
    v.assign(v.mul(0.5));
    optimizer.applyGradients(grads);
    expect(v.dataSync()[0]).toBeCloseTo(expected, 6);
  }
  tf.dispose(v);
});

test('a step reads what a variable held before the step itself assigned another value', () => {
  const [v, w] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(3))];
  const optimizer = tf.train.sgd(0.1);
  const loss = () => v.mul(w) as tf.Tensor;
  optimizer.minimize(loss, false, [v, w]);
  optimizer.minimize(
    () => {
      const cost = loss();
      w.assign(w.mul(0));
      return cost;
    },
    false,
    [v],
  );
  expect(v.dataSync()[0]).toBeCloseTo(0.7 - 0.29, 6);
  expect(w.dataSync()[0]).toBe(0);
  tf.dispose([v, w]);
});

test('what is kept of a step is that of before it moved', () => {
  const { weights, loss } = network();
  const optimizer = tf.train.sgd(0.5);
  let kept: tf.Tensor | undefined;
  const before = loss().dataSync()[0];
  optimizer.minimize(() => {
    const cost = loss();
    kept = tf.keep(cost.mul(2));
    return cost;
  });
  expect(kept!.dataSync()[0]).toBeCloseTo(2 * before, 6);
  tf.dispose([weights, kept]);
});

test('gradients of one’s own are those that move, with what the step keeps and assigns', () => {
  const twice = tf.customGrad((x) => ({
    value: (x as tf.Tensor).square(),
    gradFunc: (dy) => dy.mul(100),
  }));
  const w = tf.variable(tf.scalar(3));
  const seen = tf.variable(tf.scalar(0), false);
  const { numTensors } = tf.memory();
  let kept: tf.Tensor | undefined;
  const loss = tf.train.sgd(0.1).minimize(() => {
    seen.assign(w);
    kept = tf.keep(w.mul(2));
    return twice(w);
  }, true)!;
  expect([loss, w, seen, kept!].map((each) => each.dataSync()[0])).toEqual([9, -7, 3, 6]);
  expect(tf.memory().numTensors - numTensors).toBe(2);
});

test('what was made before a step is constant to it, read or not', () => {
  for (const look of [false, true]) {
    const w = tf.variable(tf.scalar(3));
    const square = w.square();
    if (look) square.dataSync();
    tf.train.sgd(0.1).minimize(() => square.mul(w));
    expect(w.dataSync()[0]).toBeCloseTo(3 - 0.9, 6);
  }
});

test('disposeVariables takes what optimizers remember out of the books too', () => {
  tf.disposeVariables();
  const before = tf.memory();
  const w = tf.variable(tf.zeros([5]));
  tf.tidy(() => void tf.train.adam(0.1).minimize(() => w.sub(1).square().sum()));
  expect(tf.memory().numTensors).toBeGreaterThan(before.numTensors + 2);
  tf.disposeVariables();
  // The argument of `variable` is left.
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors + 1, numBytes: before.numBytes + 20 });
});

test('what an optimizer remembers is in the books once for each variable, until it is disposed of', () => {
  const [v, w] = [tf.variable(tf.zeros([5])), tf.variable(tf.zeros([3]))];
  const optimizer = tf.train.adam(0.1);
  const before = tf.memory();
  const added = (loss: () => tf.Tensor) => {
    tf.tidy(() => void optimizer.minimize(loss));
    const { numTensors, numBytes } = tf.memory();
    return [numTensors - before.numTensors, numBytes - before.numBytes];
  };
  const squares = (x: tf.Tensor) => x.sub(1).square().sum();
  const twoOfFive = [2, 2 * 5 * 4];
  expect(added(() => squares(v))).toEqual(twoOfFive);
  expect(added(() => squares(v.mul(2)))).toEqual(twoOfFive);
  expect(added(() => squares(v).add(squares(w)))).toEqual([4, 2 * (5 + 3) * 4]);
  optimizer.dispose();
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  expect(added(() => squares(v.abs()))).toEqual(twoOfFive);
  optimizer.dispose();
  tf.dispose([v, w]);
});

test('the same loss moves the variables that are asked for, each time', () => {
  const variables = ['left', 'right'].map((name) => tf.variable(tf.scalar(1), true, name));
  const [a, b] = variables;
  const optimizer = tf.train.sgd(0.25);
  const loss = () => a.square().add(b.square()) as tf.Tensor;
  const moved = [[a], [b], [a, b], undefined].map((which) => {
    optimizer.minimize(loss, false, which);
    return variables.map((each) => each.dataSync()[0]);
  });
  expect(moved).toEqual([
    [0.5, 1],
    [0.5, 0.5],
    [0.25, 0.25],
    [0.125, 0.125],
  ]);
  tf.dispose(variables);
});

test('the same step assigns to the variable that it names, each time', () => {
  const v = tf.variable(tf.scalar(1));
  const seen = [tf.variable(tf.scalar(0), false), tf.variable(tf.scalar(0), false)];
  const optimizer = tf.train.sgd(0.25);
  for (const each of [seen[0], seen[0], seen[0], seen[1]])
    optimizer.minimize(() => {
      each.assign(v.mul(8) as tf.Scalar);
      return v.square() as tf.Tensor;
    });
  expect(seen.map((each) => each.dataSync()[0])).toEqual([2, 1]);
  tf.dispose([v, seen]);
});

test('a loss may read whole numbers that a variable holds', () => {
  const v = tf.variable(tf.tensor1d([1, 2, 3]));
  const place = tf.variable(tf.tensor1d([1], 'int32'));
  tf.train.sgd(0.25).minimize(() =>
    v
      .gather(place as tf.Tensor1D)
      .square()
      .sum(),
  );
  expect([...v.dataSync()]).toEqual([1, 1, 3]);
  tf.dispose([v, place]);
});

test('two optimizers move their own variables', () => {
  const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
  const loss = () => a.sub(3).square().add(b.add(3).square()) as tf.Tensor;
  const [one, other] = [tf.train.sgd(0.1), tf.train.sgd(0.2)];
  one.minimize(loss, false, [a]);
  expect([a.dataSync()[0], b.dataSync()[0]].map((v) => Number(v.toFixed(5)))).toEqual([1.4, 1]);
  other.minimize(loss, false, [b]);
  expect([a.dataSync()[0], b.dataSync()[0]].map((v) => Number(v.toFixed(5)))).toEqual([1.4, -0.6]);
  tf.dispose([a, b]);
});

test('wrong losses are sentences', () => {
  const v = tf.variable(tf.tensor1d([1, 2]));
  const optimizer = tf.train.sgd(0.1);
  expect(() => optimizer.minimize(() => v.square() as tf.Tensor)).toThrow(
    'must return a scalar, but it returned a rank-1 tensor',
  );
  expect(() => optimizer.minimize(() => tf.scalar(1))).toThrow(
    'Cannot find a connection between any variable',
  );
  expect(() => optimizer.minimize(1 as never)).toThrow('must be a function');
  expect(() => optimizer.applyGradients({ nobody: tf.scalar(1) })).toThrow(
    'there is no variable of the name nobody',
  );
  expect(() => optimizer.applyGradients({ [v.name]: tf.scalar(1) })).toThrow('its gradient has []');
  v.dispose();
});

test('a variable that a step read, assigned and did not move is moved by the next', () => {
  const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
  const optimizer = tf.train.sgd(0.01);
  optimizer.minimize(
    () => {
      b.assign(b.add(1));
      return a.mul(b).sum() as tf.Scalar;
    },
    false,
    [a],
  );
  // a is [1, 2] − 0.01·[4, 5]; the gradient of b is a.
  optimizer.minimize(() => a.mul(b).sum() as tf.Scalar, false, [b]);
  const moved = [...b.dataSync()];
  expect(moved[0]).toBeCloseTo(4 - 0.01 * 0.96, 5);
  expect(moved[1]).toBeCloseTo(5 - 0.01 * 1.95, 5);
  tf.dispose([a, b]);
});

test('a variable that gradients do not reach can be read behind a step that assigned it', () => {
  const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
  tf.train.sgd(0.01).minimize(() => {
    b.assign(b.add(1));
    return a.mul(b.round()).sum() as tf.Scalar;
  });
  expect([...b.add(0).dataSync()]).toEqual([4, 5]);
  tf.dispose([a, b]);
});

test('a step may make a variable and assign to it', () => {
  const moved = tf.variable(tf.scalar(2));
  let made!: tf.Variable;
  tf.train.sgd(0.1).minimize(
    () => {
      made = tf.variable(tf.scalar(1));
      made.assign(made.add(moved));
      return moved.mul(made);
    },
    false,
    [moved],
  );
  expect(made.arraySync()).toBe(3);
  expect(moved.arraySync()).toBeCloseTo(1.7, 6);
});
