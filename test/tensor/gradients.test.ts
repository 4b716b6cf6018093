import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { programsMade } from '../../src/tensor/evaluate.ts';
import { bytesKeptBy } from '../garbage.ts';

const close = (got: tf.Tensor, expected: readonly number[], tolerance = 1e-5) => {
  const numbers = [...got.dataSync()];
  expect(numbers.length).toBe(expected.length);
  for (const [i, value] of numbers.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
};

describe('functions of tensors', () => {
  test('grad, and what each element counts for', () => {
    const slope = tf.grad((x) => x.square());
    close(slope([1, 2, 3]), [2, 4, 6]);
    close(slope([1, 2, 3], [1, 0, -1]), [2, 0, -6]);
    expect(() => slope([1, 2], [1])).toThrow('shape returned by the function, [2]; got [1].');
  });

  test("by a layer's weights, where what getWeights gave stands for them", () => {
    const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' });
    const model = tf.sequential({ layers: [layer] });
    const x = tf.tensor2d([[3, 4]]);
    const before = tf.memory().numTensors;
    const [kernel, bias] = model.getWeights();
    const found = tf.grads(() => model.predict(x) as tf.Tensor)([kernel, bias]);
    close(found[0], [3, 4]);
    close(found[1], [1]);
    // The function's own argument comes first: (b + 1)²·9 at b = 0, where the model's bias is 2.
    const two = tf.tensor1d([2]);
    (bias as tf.Variable).assign(two);
    const slope = tf.grad((b) =>
      b
        .add(1)
        .square()
        .mul(model.predict(x) as tf.Tensor),
    )(bias);
    close(slope, [18]);
    tf.dispose([kernel, bias, two, ...found, slope]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('grads, valueAndGrad, valueAndGrads', () => {
    const [da, db] = tf.grads((a, b) => a.mul(b).sum())([tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]);
    close(da, [3, 4]);
    close(db, [1, 2]);
    const { value, grad } = tf.valueAndGrad((x) => x.exp().sum())([0, 1]);
    close(value, [1 + Math.E]);
    close(grad, [1, Math.E]);
    const both = tf.valueAndGrads((a, b) => a.div(b))([6, 3]);
    close(both.value, [2]);
    close(both.grads[0], [1 / 3]);
    close(both.grads[1], [-2 / 3]);
  });

  test('gradients of gradients', () => {
    close(tf.grad(tf.grad((x) => x.mul(x).mul(x)))([1, 2]), [6, 12]);
  });

  test('looking at a value meanwhile changes nothing', () => {
    const slope = (look: boolean) =>
      tf.grad((x) => {
        const y = x.square();
        if (look) y.dataSync();
        return y.mul(x);
      })([1, 2]);
    expect([...slope(true).dataSync()]).toEqual([...slope(false).dataSync()]);
  });

  test('what does not depend says so', () => {
    expect(() => tf.grad(() => tf.scalar(1))(2)).toThrow(
      'Cannot compute gradient of y=f(x) with respect to x',
    );
    expect(() => tf.grad(3 as unknown as (x: tf.Tensor) => tf.Tensor)).toThrow('must be a function');
  });

  test('what is made meanwhile is disposed of', () => {
    const before = tf.memory().numTensors;
    const slope = tf.grad((x) => x.mul(2).exp().sum())([1, 2]);
    // The gradient alone; the argument was numbers.
    expect(tf.memory().numTensors).toBe(before + 1);
    slope.dispose();
  });
});

test('what was made before a function is constant to it, read or not', () => {
  for (const look of [false, true]) {
    const x = tf.tensor1d([2, 3]);
    const squares = x.square();
    if (look) squares.dataSync();
    close(tf.grad((each) => squares.mul(each))(x), [4, 9]);
    expect(() => tf.grad(() => squares)(x)).toThrow('Cannot compute gradient');
  }
});

test('gradients flow through conversions to integers, as in TensorFlow.js', () => {
  const flags = tf.tensor1d([true, false], 'bool');
  close(tf.grad((x) => x.sum())(flags), [1, 1]);
  close(tf.grad((x) => x.toInt().toFloat().mul(3))([1.7, -2]), [3, 3]);
});

test('ones and zeros like a tensor depend on it by nothing', () => {
  close(tf.grad((x) => tf.onesLike(x))([1, 2]), [0, 0]);
  close(tf.grad((x) => tf.zerosLike(x).add(x))([1, 2]), [1, 1]);
});

test('customGrad takes the place of the gradient, also of one that is read', () => {
  const double = tf.customGrad((x, save) => {
    (save as (t: tf.Tensor[]) => void)([x as tf.Tensor]);
    return { value: (x as tf.Tensor).square(), gradFunc: (dy, [kept]) => dy.mul(kept.abs()).mul(10) };
  });
  close(tf.grad((x) => double(x).mul(3))([-1, 2]), [30, 60]);
  close(double(tf.scalar(3)), [9]);
});

describe('customGrad looks at what gradFunc gives', () => {
  const x = tf.tensor1d([1, 2]);
  const gradientOf = (given: unknown) => () =>
    tf.grad((x) => tf.customGrad((x) => ({ value: x as tf.Tensor, gradFunc: () => given as tf.Tensor }))(x))(
      x,
    );

  test.each([
    ['too few', [], /the same number of tensors as inputs passed to f\(...\): 1; got 0/],
    ['numbers', [1], /returns a list of only tensors/],
    [
      'another shape',
      tf.scalar(1),
      'customGrad: gradFunc must give float32 of shape [2] for input 0; got float32 of shape [].',
    ],
    [
      'another type',
      tf.ones([2], 'int32'),
      'customGrad: gradFunc must give float32 of shape [2] for input 0; got int32 of shape [2].',
    ],
  ])('%s', (_, given, message) => {
    expect(gradientOf(given)).toThrow(message);
  });

  test('as far as somebody asks for it', () => {
    const scaled = tf.customGrad((x, factor) => ({
      value: tf.mul(x as tf.Tensor, factor as tf.Tensor),
      gradFunc: (dy) => [dy.mul(factor as tf.Tensor), tf.scalar(0, 'int32')],
    }));
    close(tf.grad((x) => scaled(x, [3, 4]))(x), [3, 4]);
    const variable = tf.variable(x);
    expect(() => tf.variableGrads(() => scaled([3, 4], variable).sum(), [variable])).toThrow('for input 1');
    variable.dispose();
  });
});

test('the books have of a customGrad its value, and what it saved is there for the gradient', () => {
  const cubed = tf.customGrad((x, save) => {
    const squared = (x as tf.Tensor).square();
    (save as (t: tf.Tensor[]) => void)([squared]);
    return { value: squared.mul(x as tf.Tensor), gradFunc: (dy, [kept]) => dy.mul(kept).mul(3) };
  });
  const plusOne = tf.customGrad((x) => ({
    value: cubed(x as tf.Tensor).add(1),
    gradFunc: (dy) => dy.mul(2),
  }));
  for (const [f, gradient] of [[cubed, 12] as const, [plusOne, 2] as const]) {
    const x = tf.scalar(2);
    const before = tf.memory().numTensors;
    f(x);
    expect(tf.memory().numTensors - before).toBe(1);
    close(tf.grad(f)(x), [gradient]);
    expect(tf.memory().numTensors - before).toBe(2);
  }
});

describe('variables', () => {
  test('an operation reads what there is when it is called', () => {
    const v = tf.variable(tf.scalar(2));
    const before = v.mul(3);
    v.assign(tf.scalar(10));
    expect([before.dataSync()[0], v.mul(3).dataSync()[0], v.dataSync()[0]]).toEqual([6, 30, 10]);
    v.dispose();
  });

  test('no gradient flows through what one is assigned, as in fit', () => {
    const x = tf.tensor1d([1, 2]);
    const [slope, size] = [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(0))];
    const scaled = () => {
      const y = x.mul(slope).sum();
      size.assign(y);
      return y.div(size);
    };
    // 3 · slope / 9, and not always 1.
    close(tf.variableGrads(scaled, [slope]).grads[slope.name], [1 / 3]);
    tf.train.sgd(3).minimize(scaled, false, [slope]);
    close(slope, [2]);
    close(tf.grad((z) => scaled().mul(z).mul(z.mul(2)))(tf.scalar(1)), [4]);
    tf.dispose([slope, size]);
  });

  test('a million changes that nobody reads stay a short chain', () => {
    const v = tf.variable(tf.scalar(1));
    for (let i = 0; i < 3000; i++) v.assign(v.mul(0.999));
    expect(v.dataSync()[0]).toBeCloseTo(0.999 ** 3000, 5);
    v.dispose();
  });

  test('shape and type are kept', () => {
    const v = tf.variable(tf.zeros([2]), true, 'pair');
    expect(() => v.assign(tf.zeros([3]))).toThrow(
      'pair: shape of the new value ([3]) and previous value ([2])',
    );
    expect(() => v.assign(tf.tensor1d([1, 2], 'int32'))).toThrow('pair: dtype of the new value (int32)');
    expect(() => tf.variable(tf.zeros([2]), true, 'pair')).toThrow(
      'Variable with name pair was already registered',
    );
    v.dispose();
    tf.variable(tf.zeros([2]), true, 'pair').dispose();
  });

  test('a list of variables that do not train is refused before anything is computed', () => {
    const fixed = tf.variable(tf.scalar(5), false);
    const loss = vi.fn(() => fixed.square() as tf.Tensor);
    expect(() => tf.variableGrads(loss, [fixed])).toThrow('at least one of the input variables');
    expect(loss).not.toHaveBeenCalled();
    fixed.dispose();
  });

  test('variableGrads has them in the order in which they were made, those of layers too', () => {
    const before = tf.variable(tf.scalar(1), true, 'made_before');
    const layer = tf.layers.lstm({ units: 2, name: 'made_between' });
    const x = tf.ones([1, 3, 2]);
    layer.apply(x);
    const after = tf.variable(tf.scalar(1), true, 'made_after');
    const loss = () => (layer.apply(x) as tf.Tensor).mul(after).mul(before).sum();
    const names = ['kernel', 'recurrent_kernel', 'bias'].map((name) => `made_between/${name}`);
    const { grads } = tf.variableGrads(loss);
    expect(Object.keys(grads)).toEqual(['made_before', ...names, 'made_after']);
  });

  test('variableGrads finds those that a loss depends on', () => {
    const [a, b, fixed] = [
      tf.variable(tf.scalar(2), true, 'a'),
      tf.variable(tf.scalar(3), true, 'b'),
      tf.variable(tf.scalar(5), false, 'fixed'),
    ];
    const { value, grads } = tf.variableGrads(() => a.square().mul(fixed) as tf.Tensor);
    expect(value.dataSync()[0]).toBe(20);
    expect(Object.keys(grads)).toEqual(['a']);
    close(grads.a, [20]);
    expect(() => tf.variableGrads(() => tf.scalar(1))).toThrow(
      'Cannot find a connection between any variable',
    );
    expect(() => tf.variableGrads(() => a.mul([1, 2]) as tf.Tensor)).toThrow('must return a scalar');
    expect(() => tf.variableGrads(() => a.square() as tf.Tensor, [fixed])).toThrow(
      'at least one of the input variables to be trainable',
    );
    tf.dispose([a, b, fixed]);
  });
});

test('what was read of weights stands for them where variables are asked for', () => {
  const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' });
  const model = tf.sequential({ layers: [layer] });
  const loss = () => (model.apply(tf.ones([3, 2])) as tf.Tensor).mean() as tf.Scalar;
  const [kernel, bias] = model.trainableWeights.map((weight) => weight.read());
  const { grads } = tf.variableGrads(loss, [kernel as tf.Variable]);
  expect(Object.values(grads).map((gradient) => gradient.arraySync())).toEqual([[[1], [1]]]);
  for (let i = 0; i < 2; i++) tf.train.sgd(0.25).minimize(loss, false, [kernel as tf.Variable]);
  expect(model.getWeights().map((weight) => weight.arraySync())).toEqual([[[0.5], [0.5]], [0]]);
  expect([...bias.dataSync()]).toEqual([0]);
});

describe('other shapes of other shapes', () => {
  const squares = (x: tf.Tensor) => x.reshape([4]).reshape([1, 4]).square().sum().asScalar();
  const expected = [
    [2, 4],
    [6, 8],
  ];

  test('of a variable lead to it, in functions and in layers', () => {
    const v = tf.variable(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(tf.grad(squares)(v).arraySync()).toEqual(expected);
    expect(tf.variableGrads(() => squares(v), [v]).grads[v.name].arraySync()).toEqual(expected);
    const flat = tf.layers.flatten();
    const ofLayer = () => (flat.apply(v.expandDims(0)) as tf.Tensor).square().sum().asScalar();
    expect(tf.variableGrads(ofLayer, [v]).grads[v.name].arraySync()).toEqual(expected);
    tf.train.sgd(0.5).minimize(() => squares(v));
    expect(v.arraySync()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    v.dispose();
  });

  test('made outside lead to the one that is asked for, and no further', () => {
    const x = tf.tensor1d([0.5, 1, 1.5, 2]);
    const square = x.mul(2).reshape([2, 2]);
    expect(
      tf
        .grad((c) => c.reshape([1, 4]).square().sum())(square)
        .arraySync(),
    ).toEqual(expected);
    const ofX = tf.grad((x) => square.reshape([1, 4]).sum().add(x.sum()));
    expect(ofX(x).arraySync()).toEqual([1, 1, 1, 1]);
  });
});

test('views of weights that a step reads and moves are of before the step', () => {
  const v = tf.variable(tf.tensor1d([1, 2]));
  const w = tf.variable(tf.tensor1d([0, 0]));
  const part = tf.variable(tf.tensor1d([0]));
  const optimizer = tf.train.sgd(0.5);
  optimizer.minimize(() => v.square().sum(), false, [v]);
  v.assign(tf.tensor1d([1, 2]));
  w.assign(v);
  part.assign(v.slice([1], [1]));
  const copy = v.clone();
  optimizer.minimize(() => v.mul(w).sum().add(part.sum()).add(copy.sum()).asScalar(), false, [v]);
  expect([...v.dataSync()]).toEqual([0.5, 1]);
  expect([w, part, copy].map((each) => [...each.dataSync()])).toEqual([[1, 2], [2], [1, 2]]);
  const first = tf.variable(tf.tensor1d([3]));
  const costs = [0, 1, 2].map(
    () => optimizer.minimize(() => first.reshape([]), true, [first])!.dataSync()[0],
  );
  expect(costs).toEqual([3, 2.5, 2]);
  tf.dispose([v, w, part, first]);
});

test('a proxy of a tensor, as stores of pages make them, is one more operand', () => {
  const slope = tf.grad((x) => {
    const doubled = x.mul(2);
    return new Proxy(doubled, {}).mul(doubled).sum();
  });
  // Of (2x)².
  close(slope([1, 2, 3]), [8, 16, 24]);
});

test('a loop of gradients that awaits nothing keeps none', () => {
  const w = tf.variable(tf.ones([4, 4]));
  const optimizer = tf.train.sgd(0.01);
  const step = () => {
    const { value, grads } = tf.variableGrads(() => w.square().mean().asScalar(), [w]);
    optimizer.applyGradients(grads);
    tf.dispose([value, grads]);
  };
  const steps = 500;
  for (let i = 0; i < steps; i++) step();
  const kept = bytesKeptBy(() => {
    for (let i = 0; i < steps; i++) step();
  });
  // The tensors of a step have some 5,000.
  expect(kept / steps).toBeLessThan(1000);
  w.dispose();
});

test('gradients that were collected over several turns are found by one program', async () => {
  const w = tf.variable(tf.ones([5, 3]));
  const total = async (batches: number) => {
    const all: tf.Tensor[] = [];
    for (let i = 0; i < batches; i++) {
      all.push(tf.variableGrads(() => w.square().mul(i).mean().asScalar(), [w]).grads[w.name]);
      await undefined;
    }
    return tf.addN(all).mean().dataSync()[0];
  };
  await total(3);
  await total(4);
  let made = 0;
  const counted = async () => {
    const before = programsMade();
    await total(5);
    made = programsMade() - before;
  };
  await counted();
  // That of the sum of five alone.
  expect(made).toBe(1);
  w.dispose();
});
