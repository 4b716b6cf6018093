// Options of everything that describes them: what is given is read or is a sentence, and is documented.
// An option that must be given has a value in `needed`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { registerBuiltInLayers } from '../../src/layers/base/classes.ts';
import type { LayerClass } from '../../src/layers/base/layer.ts';
import { Layer as LayerBase } from '../../src/layers/base/layer.ts';
import { layerClass } from '../../src/layers/base/registry.ts';

registerBuiltInLayers();
type Options = Readonly<Record<string, unknown>>;
type Factory = (options?: Options) => tf.Layer;

/** What layers need at least. */
const needed: Readonly<Record<string, () => Options>> = {
  units: () => ({ units: 2 }),
  activation: () => ({ activation: 'relu' }),
  filters: () => ({ filters: 2 }),
  kernelSize: () => ({ kernelSize: 2 }),
  rate: () => ({ rate: 0.5 }),
  targetShape: () => ({ targetShape: [-1] }),
  scale: () => ({ scale: 2 }),
  pieces: () => ({ pieces: 2 }),
  axes: () => ({ axes: 1 }),
  n: () => ({ n: 2 }),
  dims: () => ({ dims: [2, 1] }),
  cropping: () => ({ cropping: 1 }),
  inputDim: () => ({ inputDim: 3 }),
  outputDim: () => ({ outputDim: 3 }),
  stddev: () => ({ stddev: 1 }),
  heightFactor: () => ({ heightFactor: 0.1 }),
  widthFactor: () => ({ widthFactor: 0.1 }),
  factor: () => ({ factor: 0.1 }),
  layer: () => ({ layer: tf.layers.lstm({ units: 2 }) }),
  cell: () => ({ cell: tf.layers.lstmCell({ units: 2 }) }),
  numBins: () => ({ numBins: 3 }),
  numTokens: () => ({ numTokens: 3 }),
  height: () => ({ height: 2 }),
  width: () => ({ width: 2 }),
  cells: () => ({ cells: [tf.layers.lstmCell({ units: 2 })] }),
};

/** TensorFlow.js's second names of some, and what makes no layer. */
const aliases = /Pool\dd$|^avgPooling|cropping2D|^input$/;

const factories = Object.entries(tf.layers as unknown as Record<string, Factory & { prototype?: object }>)
  .filter(([, factory]) => !(factory.prototype instanceof LayerBase) && factory !== (LayerBase as unknown))
  .filter(([name]) => !aliases.test(name))
  .map(([name, factory]) => [name, factory, layerClass(name) as LayerClass] as const);

/** A layer's options without which it cannot be made. */
function least(Class: LayerClass): Options {
  if (Class.className === 'InputLayer') return { inputShape: [2] };
  // Or binBoundaries.
  if (Class.className === 'Discretization') return { numBins: 3 };
  const names = Object.entries(Class.options).filter(([, { isNeeded }]) => isNeeded);
  return Object.assign({}, ...names.map(([name]) => needed[name]()));
}

const nonsense: readonly unknown[] = [
  Symbol('s'),
  () => undefined,
  'no such thing',
  '__proto__',
  'constructor',
  '',
  -1,
  0,
  2.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  true,
  {},
  { className: 'nothing', config: {} },
  { className: 'constructor', config: {} },
  Object.create(null),
  [],
  [null],
  [[]],
  [-1, 2],
  ['a', 'b', 'c'],
  new Date(0),
  tf.tensor1d([1, 2]),
];

describe.each(factories)('%s', (_, make, Class) => {
  test('an unknown option is a sentence that suggests the nearest', () => {
    expect(() => make({ ...least(Class), nam: 'x' })).toThrow(
      /: there is no option nam; did you mean name\?/,
    );
    expect(() => make({ ...least(Class), qqqqqqqqqqqq: 1 })).toThrow(
      /: there is no option qqqqqqqqqqqq\. Known are name, /,
    );
  });

  test('null is the same as nothing', () => {
    const options = Object.keys(Class.options).filter(
      (name) => !(name in least(Class)) && !Class.options[name].kind.takesNull,
    );
    const nothing = Object.fromEntries(options.map((name) => [name, null]));
    const [a, b] = [make({ ...least(Class), ...nothing }), make(least(Class))].map((layer) => ({
      ...layer.options,
      name: '',
      ...(Object.keys(least(Class)).length && { layer: '', cell: '', cells: '' }),
    }));
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });

  test.each(Object.keys(Class.options))('%s: nonsense is read or is a sentence', (option) => {
    for (const value of nonsense) {
      const options = { ...least(Class), [option]: value };
      try {
        make(options);
      } catch (error) {
        expect(error).toBeInstanceOf(tf.LanegradError);
        expect((error as Error).message).toMatch(
          new RegExp(`: ${option}|^${Class.className}: |^input_\\d+: `),
        );
      }
    }
  });

  test('what it must have is asked for', () => {
    if (Class.className === 'InputLayer') return;
    if (Object.keys(least(Class)).length > 0) expect(() => make()).toThrow(/ must be .*; got undefined\./);
    for (const name of Object.keys(least(Class))) {
      const { [name]: _, ...others } = least(Class);
      expect(() => make(others)).toThrow(new RegExp(`: ${name} must be .*; got undefined\\.`));
    }
  });

  test('what getConfig tells makes the same layer', () => {
    const layer = make(least(Class));
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    const again = Class.fromConfig(Class, config);
    expect(JSON.parse(JSON.stringify(again.getConfig()))).toEqual(config);
  });
});

test('names are taken in any spelling', () => {
  const layer = tf.layers.conv2d({
    filters: 2,
    kernelSize: 3,
    padding: 'SAME' as 'same',
    dataFormat: 'channels_last' as 'channelsLast',
    activation: 'leaky_relu',
    kernelInitializer: 'he_normal',
    kernelConstraint: 'max_norm',
    biasRegularizer: 'L1L2',
  });
  expect(layer.getConfig()).toMatchObject({
    padding: 'same',
    dataFormat: 'channelsLast',
    activation: 'leakyReLU',
    kernelInitializer: { className: 'VarianceScaling' },
    kernelConstraint: { className: 'MaxNorm', config: { maxValue: 2, axis: 0 } },
    biasRegularizer: { className: 'L1L2', config: { l1: 0.01, l2: 0.01 } },
    strides: [1, 1],
  });
});

test('a class of one’s own takes any option, and hands what it does not know to nobody', () => {
  class Own extends tf.layers.Layer<{ readonly units: number; readonly name?: string }> {
    static readonly className = 'Own';
  }
  expect(new Own({ units: 3 }).options.units).toBe(3);
  expect(new Own({ units: 3, name: 'mine' }).getConfig()).toMatchObject({
    units: 3,
    name: 'mine',
    trainable: true,
  });
  expect(() => new Own({ units: 3, name: 4 as unknown as string })).toThrow(
    'Own: name must be a string; got 4.',
  );
});

test('0 and 1 are flags, as scripts say them', () => {
  const loose = tf.layers as unknown as Record<string, (options: object) => tf.Layer>;
  expect(loose.dense({ units: 1, useBias: 0, trainable: 1 }).getConfig()).toMatchObject({
    useBias: false,
    trainable: true,
  });
  expect(() => loose.dense({ units: 1, useBias: 2 })).toThrow('useBias must be true or false; got 2.');
});

test('every option that is described is documented', () => {
  const root = join(import.meta.dirname, '../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const bare = files.flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.filter(
      (line, i) => /^ {2}\w+: (optional|required|byName)\(/.test(line) && !lines[i - 1].trim().endsWith('*/'),
    );
  });
  expect(bare).toEqual([]);
});

test('an option that there is not is none where it is undefined or null, as scripts hand on what they were not given', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const compile = (sampleWeights: unknown) =>
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', sampleWeights } as never);
  for (const none of [undefined, null]) {
    compile(none);
    tf.layers.dense({ units: 1, l2: none } as never);
  }
  expect(() => compile([1, 2])).toThrow('compile: there is no option sampleWeights');
});

test('weights of classes do nothing where a model is compiled, and a sentence says where they belong', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', classWeight: [1, 2] });
  expect(warn.mock.calls).toEqual([['compile: classWeight does nothing; fit takes it.']]);
  vi.restoreAllMocks();
});
