// Models as files describe them, and what cannot be described.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const { dense } = tf.layers;

function chain(): tf.Sequential {
  return tf.sequential({
    name: 'chain',
    layers: [
      tf.layers.rescaling({ name: 'scale', scale: 0.5, inputShape: [3, 2], inputDType: 'uint8' }),
      tf.layers.timeDistributed({
        name: 'times',
        layer: dense({ name: 'each', units: 2, activation: 'softplus', kernelInitializer: 'glorotNormal' }),
      }),
      tf.layers.lstm({
        name: 'lstm',
        units: 2,
        recurrentActivation: 'hardSigmoid',
        kernelRegularizer: 'l1l2',
      }),
      dense({
        name: 'out',
        units: 1,
        trainable: false,
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 3 }),
      }),
    ],
  });
}

/** A model inside, twice; a layer applied to what it made; outputs that are another's inputs. */
function network(): tf.LayersModel {
  const [left, right] = ['left', 'right'].map((name) => tf.input({ name, shape: [2] }));
  const inner = tf.sequential({
    name: 'inner',
    layers: [dense({ name: 'in_inner', units: 2, inputShape: [2] })],
  });
  const [a, b] = [left, right].map((each) => inner.apply(each) as tf.SymbolicTensor);
  const again = dense({ name: 'again', units: 2 });
  const twice = again.apply(again.apply(a)) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'sum' }).apply([twice, b, left]) as tf.SymbolicTensor;
  const parts = tf.layers.reshape({ name: 'row', targetShape: [1, 2] }).apply(sum);
  const [, state] = tf.layers
    .gru({ name: 'gru', units: 2, returnState: true })
    .apply(parts as tf.SymbolicTensor) as unknown as tf.SymbolicTensor[];
  return tf.model({ name: 'network', inputs: [left, right], outputs: [state, b] });
}

describe.each([
  ['a chain', chain],
  ['a network', network],
] as const)('%s', (_, make) => {
  test('is described', () => {
    const whole = JSON.stringify(make().toJSON(undefined, false), undefined, 1);
    // What holds nothing else stands in one line.
    const text = whole.replace(/[[{][^[\]{}]*[\]}]/g, (part) => part.replace(/\s+/g, ' '));
    expect(text).toMatchSnapshot();
  });

  test('and made again of that', async () => {
    const model = make();
    const again = await tf.models.modelFromJSON(JSON.parse(JSON.stringify(model.toJSON(undefined, false))));
    expect(again.toJSON(undefined, false)).toEqual(model.toJSON(undefined, false));
  });
});

interface Described {
  readonly config: { layers: { class_name: string; config: Record<string, unknown> }[] };
}
const rebuilt = async (model: Described) =>
  (await tf.models.modelFromJSON(model as never)).toJSON(undefined, false) as unknown as Described;

test.each([
  [{}, 'float32'],
  [{ dtype: 'int32' }, 'int32'],
])(
  'a chain that begins with an input, as Keras writes it: that is its first layer, and its input has the name',
  async (type, dtype) => {
    const made = chain().toJSON(undefined, false) as unknown as Described;
    const [, ...layers] = JSON.parse(JSON.stringify(made.config.layers)) as Described['config']['layers'];
    const input = {
      class_name: 'InputLayer',
      config: { name: 'in', batch_input_shape: [null, 3, 2], ...type },
    };
    const described = { ...made, config: { ...made.config, layers: [input, ...layers] } };
    const again = await rebuilt(described);
    const model = await tf.models.modelFromJSON(described as never);
    expect([model.inputNames, model.inputs[0].name]).toEqual([['in'], 'in']);
    const shapes = again.config.layers.map(({ config }) => [
      config.name,
      config.batch_input_shape,
      config.dtype,
    ]);
    expect(shapes).toEqual([
      ['in', [null, 3, 2], dtype],
      ['times', undefined, undefined],
      ['lstm', undefined, undefined],
      ['out', undefined, undefined],
    ]);
  },
);

test('a network whose layers come in another order', async () => {
  const made = network().toJSON(undefined, false) as unknown as Described;
  const [left, right, ...layers] = JSON.parse(
    JSON.stringify(made.config.layers),
  ) as Described['config']['layers'];
  const reversed = { ...made, config: { ...made.config, layers: [left, right, ...layers.reverse()] } };
  const names = ({ config }: Described) => config.layers.map((layer) => layer.config.name).sort();
  expect(names(await rebuilt(reversed))).toEqual(names(made));
});

describe('what cannot be told is said', () => {
  const head = (of: tf.SymbolicTensor) => dense({ name: 'head', units: 1 }).apply(of) as tf.SymbolicTensor;
  const within = (name: string, layers: tf.layers.Layer[]) => tf.sequential({ name, layers });

  test('a layer in two models inside', async () => {
    const shared = dense({ name: 'shared', units: 2, inputShape: [2] });
    const input = tf.input({ shape: [2] });
    const [one, two] = [within('one', [shared]), within('two', [shared])];
    const model = tf.model({
      name: 'outer',
      inputs: input,
      outputs: head(two.apply(one.apply(input)) as tf.SymbolicTensor),
    });
    await expect(model.save(tf.io.withSaveHandler(async () => ({}) as never))).rejects.toThrow(
      'outer: its layer shared stands in one and in two, and would be two layers once it is loaded.',
    );
  });

  test('a model applied twice has its layers once', async () => {
    const input = tf.input({ shape: [2] });
    const inner = within('inner', [dense({ name: 'own', units: 2, inputShape: [2] })]);
    const model = tf.model({
      inputs: input,
      outputs: head(inner.apply(inner.apply(input)) as tf.SymbolicTensor),
    });
    let saved = 0;
    const count = async () => {
      saved++;
      return {} as never;
    };
    await model.save(tf.io.withSaveHandler(count));
    expect(saved).toBe(1);
  });

  test('two layers of one name', async () => {
    const input = tf.input({ shape: [2] });
    const first = dense({ name: 'head', units: 2 }).apply(input) as tf.SymbolicTensor;
    const model = tf.model({ name: 'outer', inputs: input, outputs: head(first) });
    await expect(model.save(tf.io.withSaveHandler(async () => ({}) as never))).rejects.toThrow(
      'outer: two of its layers are named head; only one of a name can be saved.',
    );
  });

  const isTooDeep = 'd: option deep is nested more than 100 deep, or holds itself; it cannot be saved.';
  test.each<[string, number, string | undefined, (inner: unknown) => unknown]>([
    ['lists', 100, undefined, (inner) => [inner]],
    ['lists', 101, isTooDeep, (inner) => [inner]],
    ['objects', 100, undefined, (inner) => ({ inner })],
    ['objects', 101, isTooDeep, (inner) => ({ inner })],
  ])('an option of %s that is nested %i deep', (_, depth, sentence, around) => {
    class Deep extends tf.layers.Layer {
      static readonly className = 'Deep';
      override getConfig(): tf.serialization.ConfigDict {
        let deep: unknown = 1;
        for (let i = 0; i < depth; i++) deep = around(deep);
        return { ...super.getConfig(), deep: deep as tf.serialization.ConfigDictValue };
      }
      override call(inputs: tf.Tensor): tf.Tensor {
        return inputs;
      }
    }
    const model = tf.sequential({ layers: [new Deep({ name: 'd', inputShape: [1] } as never)] });
    const act = () => model.toJSON(undefined, false);
    if (sentence) expect(act).toThrow(sentence);
    else expect(act).not.toThrow();
  });
});

test('numbers that Keras wrote as scalars of NumPy are numbers', async () => {
  const model = tf.sequential({ layers: [tf.layers.leakyReLU({ alpha: 0.5, inputShape: [2] })] });
  const described = JSON.parse(JSON.stringify(model.toJSON(undefined, false))) as Described;
  described.config.layers[0].config.alpha = { type: 'ndarray', value: 0.25 };
  expect((await rebuilt(described)).config.layers[0].config.alpha).toBe(0.25);
});
