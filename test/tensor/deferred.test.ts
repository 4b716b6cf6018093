// What is promised of arrays that are computed when somebody looks.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { compiledBy, ramp } from './programs.ts';

afterEach(() => vi.restoreAllMocks());

describe('when', () => {
  test('nothing is compiled until somebody looks, and then one program', () => {
    const x = ramp(3, 5);
    let y = x;
    expect(compiledBy(() => (y = x.mul(2).add(1).exp().sum()))).toBe(0);
    expect(compiledBy(() => y.dataSync())).toBe(1);
    const expected = [...x.dataSync()].reduce((sum, v) => sum + Math.exp(2 * v + 1), 0);
    expect(Math.abs(y.dataSync()[0] / expected - 1)).toBeLessThan(1e-6);
  });

  test('errors belong to the line that caused them', () => {
    expect(() => ramp(2, 3).matMul(ramp(2, 3))).toThrow('matMul: inner sizes 3 and 2 differ');
  });

  test('numbers that differ from pass to pass find the same program', () => {
    const pass = (i: number) => ramp(4).mul(i).add(tf.scalar(i)).sum().dataSync()[0];
    pass(0);
    expect(compiledBy(() => [1, 2, 3].map(pass))).toBe(0);
    expect(pass(3)).not.toBe(pass(2));
  });

  test('a step that cuts its batch out of the data finds the same program wherever that lies, and the weights in parts', () => {
    const data = ramp(12, 3);
    const w = tf.variable(ramp(3, 2));
    const optimizer = tf.train.sgd(0.1);
    const lossAt = (i: number) => (): tf.Scalar => {
      const batch = data.slice([3 * i, 0], [3, 3]).reshape([3, 3]);
      const [left, right] = [w.slice([0, 0], [3, 1]), w.slice([0, 1], [3, 1])];
      return batch.matMul(left).square().mean().add(batch.matMul(right).mul(i).mean()).asScalar();
    };
    const step = (i: number) => optimizer.minimize(lossAt(i), true)!.dataSync()[0];
    step(0);
    const before = [...w.dataSync()];
    const gradient = tf.variableGrads(lossAt(1)).grads[w.name].dataSync();
    expect(compiledBy(() => step(1))).toBe(0);
    for (const [i, value] of w.dataSync().entries())
      expect(value).toBeCloseTo(before[i] - 0.1 * gradient[i], 6);
    expect(compiledBy(() => [2, 3].map(step))).toBe(0);
    w.dispose();
  });

  test('parts of what a function is differentiated by are no data', () => {
    const x = ramp(4);
    const ofPart = (x: tf.Tensor) => x.slice([1], [2]).square().sum();
    const expected = [0, 2 * Math.sin(1), 2 * Math.sin(2), 0];
    const ofGradient = tf.grad((x) => tf.grad(ofPart)(x).slice([0], [2]).square().sum());
    for (const [i, value] of tf.grad(ofPart)(x).dataSync().entries())
      expect(value).toBeCloseTo(expected[i], 6);
    expect(ofGradient(x).dataSync()[1]).toBeCloseTo(8 * Math.sin(1), 5);
  });

  test('another structure is another program, be it only which inputs are the same', () => {
    const [a, b] = [ramp(4), ramp(4).mul(2)];
    b.dataSync();
    expect(a.mul(a).sum().dataSync()[0]).not.toBe(a.mul(b).sum().dataSync()[0]);
    expect([...a.mul(b).sub(a).dataSync()]).not.toEqual([...a.mul(b).sub(b).dataSync()]);
  });
});

describe('state that is never read itself', () => {
  /** Programs that `steps` passes make room for, and what the last one reads. */
  const passes = (step: () => tf.Tensor, steps: number) => {
    let last: tf.Tensor | undefined;
    const compiled = compiledBy(() => {
      for (let i = 0; i < steps; i++) {
        last?.dispose();
        last = tf.tidy(step);
        last.dataSync();
      }
    });
    return { compiled, last: [...last!.dataSync()] };
  };

  test('of variables is computed once in each pass of a loop, by the same programs', () => {
    const x = ramp(4);
    const mean = tf.variable(tf.zeros([4]));
    const { compiled, last } = passes(() => {
      mean.assign(mean.mul(0.5).add(x.mul(0.5)));
      return mean.sum();
    }, 30);
    expect(compiled).toBe(1);
    expect(last[0]).toBeCloseTo(x.sum().dataSync()[0], 5);
    mean.dispose();
  });

  test('of variables in a chain that is computed in parts is kept where one part ends', () => {
    const valuesAfter = (steps: number, read: (place: tf.Variable, speed: tf.Variable) => void) => {
      const [place, speed] = [tf.variable(ramp(4)), tf.variable(tf.ones([4]))];
      for (let i = 0; i < steps; i++) {
        tf.tidy(() => {
          speed.assign(speed.sub(place.mul(0.01)));
          place.assign(place.add(speed.mul(0.1)));
        });
        read(place, speed);
      }
      const values = [...place.dataSync(), ...speed.dataSync()];
      tf.dispose([place, speed]);
      return values;
    };
    let atTheEnd: number[] = [];
    expect(compiledBy(() => (atTheEnd = valuesAfter(300, () => {})))).toBe(1);
    const inEachStep = valuesAfter(300, (...both) => {
      for (const each of both) each.dataSync();
    });
    expect(atTheEnd).toEqual(inEachStep);
  });

  test('of tensors that a script hands on, too', () => {
    let [place, speed] = [tf.zeros([3]), tf.ones([3])];
    const expected = { place: 0, speed: 1 };
    const { compiled, last } = passes(() => {
      const next = speed.mul(0.9).sub(place.mul(0.1));
      speed = tf.keep(next);
      place = tf.keep(place.add(next.mul(0.05)));
      expected.speed = expected.speed * 0.9 - expected.place * 0.1;
      expected.place += expected.speed * 0.05;
      return place.mul(1);
    }, 30);
    expect(compiled).toBeLessThanOrEqual(3);
    expect(last[0]).toBeCloseTo(expected.place, 5);
  });

  test('of an optimizer written by hand, of which only the loss is read', () => {
    const [x, y] = [ramp(8, 3), ramp(8, 1)];
    const make = () => [tf.variable(tf.zeros([3, 1])), tf.variable(tf.zeros([3, 1]))] as const;
    const [w, m] = make();
    const step = (w: tf.Variable, m: tf.Variable) => () => {
      const { value, grads } = tf.variableGrads(() => x.matMul(w).sub(y).square().mean() as tf.Scalar, [w]);
      m.assign(m.mul(0.9).add(grads[w.name].mul(0.1)));
      w.assign(w.sub(m.mul(0.1)));
      return value;
    };
    const { compiled, last } = passes(step(w, m), 200);
    expect(compiled).toBe(3);
    // Read in each step, state is the same to the last bit.
    const [w2, m2] = make();
    const reading = step(w2, m2);
    const all = () => {
      const value = reading();
      for (const each of [w2, m2]) each.dataSync();
      return value;
    };
    expect(passes(all, 200).last).toEqual(last);
    expect([...w2.dataSync()]).toEqual([...w.dataSync()]);
    tf.dispose([w, m, w2, m2]);
  });
});

describe('how often', () => {
  test('what a gradient of one’s own shows is kept as well', () => {
    const shown = tf.customGrad((x: tf.Tensor) => ({
      value: x.matMul(x).relu(),
      gradFunc: (dy: tf.Tensor) => dy,
    }));
    const pass = () => {
      const hidden = shown(ramp(8, 8));
      const loss = hidden.sum();
      loss.dataSync();
      return hidden.dataSync();
    };
    const first = pass();
    pass();
    // The run that gives the sum has kept what the hidden layer shows.
    expect(compiledBy(pass)).toBe(0);
    const hidden = shown(ramp(8, 8));
    hidden.sum().dataSync();
    expect((hidden.inputs[0] as tf.Tensor).numbers).toBeDefined();
    expect([...hidden.dataSync()]).toEqual([...first]);
  });

  test('what a run passed by and is wanted later is kept from the next run on', () => {
    const pass = () => {
      const hidden = ramp(8, 8).matMul(ramp(8, 8)).relu();
      const loss = hidden.sum();
      return [loss.dataSync()[0], hidden.dataSync()[3], hidden.numbers];
    };
    const first = pass();
    pass();
    // Reading the loss alone gives numbers to the hidden layer now.
    const hidden = ramp(8, 8).matMul(ramp(8, 8)).relu();
    hidden.sum().dataSync();
    expect(hidden.numbers).toBeDefined();
    expect(hidden.dataSync()[3]).toBe(first[1]);
  });

  test('a chain that nobody reads is cut, and a cut changes no bit', () => {
    const step = (x: tf.Tensor) => x.mul(0.9).add(0.1).tanh();
    let unread = ramp(5);
    let read = ramp(5);
    for (let i = 0; i < 1000; i++) {
      unread = step(unread);
      read = step(read);
      read.dataSync();
    }
    expect(unread.depth).toBeLessThan(500);
    expect([...unread.dataSync()]).toEqual([...read.dataSync()]);
  });

  test('a loop that is cut anywhere soon knows its programs, where it goes on with more than the cut computes', () => {
    const [kernel, x] = [ramp(6, 8), ramp(1, 4)];
    const pass = () => {
      let [state, output] = [tf.zeros([1, 2]), tf.zeros([1, 2])];
      for (let i = 0; i < 90; i++) {
        [state, output] = tf.tidy(() => {
          const gates = tf.split(x.concat(output, 1).matMul(kernel), 4, 1);
          const next = state.mul(gates[0].sigmoid()).add(gates[1].sigmoid().mul(gates[2].tanh()));
          return [next, next.tanh().mul(gates[3].sigmoid())];
        });
      }
      return [...output.dataSync()];
    };
    const first = pass();
    pass();
    expect(compiledBy(() => expect(pass()).toEqual(first))).toBe(0);
  });

  test.each([
    ['outside of all scopes', 20, (loop: () => tf.Tensor) => loop()],
    ['within one', 21, (loop: () => tf.Tensor) => tf.tidy(loop)],
  ])('pieces of a loop %s that nobody reads end alike: few programs compute it', (_, rows, run) => {
    const [x, y] = [ramp(rows, 3), ramp(rows, 1)];
    const pass = () => {
      let [w, speed] = [tf.zeros([3, 1]), tf.zeros([3, 1])];
      for (let i = 0; i < 100; i++) {
        const slope = tf.matMul(x, x.matMul(w).sub(y), true).mul(2 / rows);
        speed = speed.mul(0.9).add(slope);
        w = w.sub(speed.mul(0.01));
      }
      return w;
    };
    const read = () => [...run(pass).dataSync()];
    expect(compiledBy(read)).toBeLessThan(5);
    read();
    expect(compiledBy(read)).toBe(0);
  });

  test('a loop that nobody reads computes the same bits whenever it runs', () => {
    const x = tf.randomNormal([40], 0, 1, 'float32', 1);
    const loop = () => {
      let [a, n] = [tf.randomNormal([30, 40], 0, 1, 'float32', 3), tf.zeros([30])];
      for (let i = 0; i < 60; i++) {
        // A sum of what is scaled is simpler where it is not cut from that.
        const s = a.mul(x).mul(1.01).sum(1).mul(0.01);
        n = n.add(s);
        a = a.mul(0.99).add(s.expandDims(1).mul(x)).sub(n.mean());
      }
      return [...n.dataSync(), ...a.dataSync()];
    };
    const first = loop();
    for (let i = 0; i < 3; i++) expect(loop()).toEqual(first);
  });

  test('a function of many operations is one program, with all that it gives', () => {
    let x = ramp(5, 5);
    const pass = () => {
      const [q, r] = tf.linalg.qr(x);
      x = r.matMul(q);
      return [...q.dataSync(), ...r.dataSync()];
    };
    expect(compiledBy(pass)).toBe(1);
    expect(compiledBy(() => x.dataSync())).toBe(1);
    expect(compiledBy(pass)).toBe(0);
  });

  test('random numbers are the same however late they are looked at', () => {
    const draw = (early: boolean) => {
      tf.setSeed(5);
      const a = tf.randomNormal([4]).mul(2);
      if (early) a.dataSync();
      const b = tf.randomUniform([4]).add(a);
      return [...b.dataSync(), ...a.dataSync()];
    };
    expect(draw(true)).toEqual(draw(false));
  });

  test('views of numbers share them', () => {
    const x = ramp(4, 6);
    expect(x.reshape([24]).dataSync().buffer).toBe(x.dataSync().buffer);
    expect(x.slice([2, 0], [1, 6]).dataSync().buffer).toBe(x.dataSync().buffer);
    expect(x.slice([0, 2], [4, 2]).arraySync()).toEqual(
      (x.arraySync() as number[][]).map((row) => row.slice(2, 4)),
    );
  });

  test('a value and its gradients that are read one by one are one program', () => {
    const sources = [ramp(3, 4), ramp(4, 2), ramp(2)];
    const cost = tf.valueAndGrads((x, w, b) => tf.add(x.matMul(w).tanh(), b).square().mean());
    const reading = (take: (found: { value: tf.Tensor; grads: tf.Tensor[] }) => tf.Tensor[]) =>
      compiledBy(() => tf.tidy(() => take(cost(sources)).map((each) => each.dataSync())));
    expect(reading(({ value, grads }) => [value, ...grads])).toBe(1);
    expect(reading(({ value, grads }) => [grads[2], value, grads[0], grads[1]])).toBe(0);
    const letGo = ({ value, grads }: { value: tf.Tensor; grads: tf.Tensor[] }) => {
      tf.dispose(grads);
      return [value];
    };
    // Another program, which computes no gradient.
    expect(reading(letGo)).toBe(1);
  });

  test('parts that are read one by one need no program each', () => {
    const x = ramp(9, 6);
    const expected = x.mul(1.5).arraySync() as number[][];
    const read = (act: () => unknown) => compiledBy(() => tf.tidy(() => expect(act()).toEqual(expected)));
    const rows = () => tf.unstack(x.mul(1.5));
    expect(read(() => rows().map((row) => row.arraySync()))).toBe(1);
    expect(read(() => rows().map((row) => row.reshape([2, 3]).clone().flatten().arraySync()))).toBe(1);
    const columns = tf.unstack(x.mul(1.5), 1);
    const sums = columns.map((column) => column.square().sum());
    expect(compiledBy(() => sums.map((sum) => sum.dataSync()))).toBe(2);
  });
});

describe('the books', () => {
  test('tidy disposes of what it does not return or keep', () => {
    const before = tf.memory().numTensors;
    let kept: tf.Tensor | undefined;
    let lost: tf.Tensor | undefined;
    const result = tf.tidy(() => {
      const x = ramp(3);
      lost = x.add(1);
      kept = tf.keep(x.mul(3));
      return { sums: [lost.sum()], nothing: null };
    });
    expect(tf.memory().numTensors - before).toBe(2);
    expect(lost?.isDisposed).toBe(true);
    expect(kept?.isDisposed).toBe(false);
    const sum = [...ramp(3).dataSync()].reduce((a, b) => a + b) + 3;
    expect(result.sums[0].dataSync()[0]).toBeCloseTo(sum, 6);
    tf.dispose([result, kept]);
    // The ramp of the line before.
    expect(tf.memory().numTensors - before).toBe(1);
  });

  test('keep hands models back, and refuses what nothing can be kept of', () => {
    const dense = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' });
    const model = tf.tidy(() => tf.keep(tf.sequential({ layers: [dense] }) as never) as tf.Sequential);
    expect((model.predict(tf.tensor2d([[1, 2]])) as tf.Tensor).dataSync()[0]).toBe(3);
    for (const value of [undefined, null, 1, [tf.scalar(1)]]) {
      expect(() => tf.keep(value as never)).toThrow('keep: takes a tensor; got ');
    }
  });

  test('what tidy is called with is a function, or a name and a function', () => {
    expect(tf.tidy('name', () => 1)).toBe(1);
    expect(() => tf.tidy(4 as never, () => 1)).toThrow('tidy: takes a function, or a name and a function.');
    expect(() => tf.tidy((() => 1) as never, () => 1)).toThrow('tidy: takes a function');
  });

  test('a scope goes to the one around it; async functions have none, and are told', async () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => tf.tidy(() => ramp(2)).add(1));
    expect(tf.memory().numTensors).toBe(before + 1);
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    await tf.tidy(async () => ramp(2));
    expect(said.mock.calls.flat()).toEqual([
      expect.stringContaining('Cannot return a Promise inside of tidy'),
    ]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  test('a function that returns its argument returns a tensor of its own', () => {
    const x = ramp(2);
    const y = x.reshape([2]);
    x.dispose();
    expect(y.isDisposed).toBe(false);
    expect(y.size).toBe(2);
  });

  test('clones, other shapes and variables share the numbers of what they were made of, read or not', () => {
    for (const look of [false, true]) {
      const before = tf.memory().numDataBuffers;
      const buffers = () => tf.memory().numDataBuffers - before;
      const x = ramp(6);
      if (look) x.dataSync();
      const others = [x.clone(), x.reshape([2, 3]), tf.variable(x)];
      expect(buffers()).toBe(1);
      x.dispose();
      expect(buffers()).toBe(1);
      tf.tidy(() => (others[2] as tf.Variable).assign(ramp(6).mul(2)));
      expect(buffers()).toBe(2);
      tf.dispose(others);
      expect(buffers()).toBe(0);
    }
  });

  test('bytes are those of the tensors that are there', () => {
    const before = tf.memory();
    const tensors = [ramp(10), tf.tensor([true, false])];
    expect(tf.memory().numBytes - before.numBytes).toBe(42);
    tf.dispose(tensors);
    expect(tf.memory()).toEqual(before);
  });
});

test('console.log and JSON show the numbers', () => {
  const x = tf.tensor2d([[1, 2]]);
  const inspect = (x as unknown as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')];
  expect(inspect.call(x)).toBe(x.toString(true));
  expect(inspect.call(x)).toContain('[1, 2]');
  expect(JSON.parse(JSON.stringify(x))).toEqual({ shape: [1, 2], dtype: 'float32', values: [[1, 2]] });
});

test('what changes nothing of a list of one is a tensor of its own', () => {
  const x = tf.tensor1d([1, 2]);
  const variable = tf.variable(x);
  const joined = [tf.concat([x]), tf.addN([x]), tf.concat([variable]), tf.addN([variable])];
  x.dispose();
  variable.assign(tf.tensor1d([5, 6]));
  for (const each of joined) {
    expect(each).not.toBeInstanceOf(tf.Variable);
    expect([...each.dataSync()]).toEqual([1, 2]);
  }
  const before = tf.memory().numTensors;
  tf.tidy(() => tf.concat([joined[0]])).dispose();
  expect([tf.memory().numTensors, joined[0].isDisposed]).toEqual([before, false]);
  variable.dispose();
});
