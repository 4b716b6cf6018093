// Normalisation, merging, global pooling, padding, cropping and enlarging, against PyTorch.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import type { ModelArtifacts } from '../../src/io/artifacts.ts';
import { expectAsTorch, type TorchCase } from './against-torch.ts';

interface LayerCase extends TorchCase {
  readonly layer: string;
  readonly options: object;
}

const cases: LayerCase[] = JSON.parse(
  readFileSync(new URL('../reference/torch-layers.json', import.meta.url), 'utf8'),
);
const factories = tf.layers as unknown as Readonly<Record<string, (options: object) => tf.Layer>>;

describe('outputs, gradients and moving statistics are those of PyTorch', () => {
  test.each(
    cases.map((each) => {
      const shapes = each.inputs.map(({ shape }) => `[${shape}]`).join(' ');
      const name = `${each.layer} ${JSON.stringify(each.options)} of ${shapes}`;
      return [each.training ? `${name}, training` : name, each] as const;
    }),
  )('%s', (_, { layer, options, ...torch }) => expectAsTorch(factories[layer](options), torch));
});

test.each(cases.map((each) => [`${each.layer} ${JSON.stringify(each.options)}`, each] as const))(
  '%s comes back from its saved form, computing the same bits',
  async (_, { layer, options, inputs }) => {
    const symbols = inputs.map(({ shape }) => tf.input({ shape: shape.slice(1) }));
    const made = factories[layer](options);
    const output = symbols.length === 1 ? made.apply(symbols[0]) : made.apply(symbols);
    const model = tf.model({ inputs: symbols, outputs: output });
    const saved: ModelArtifacts[] = [];
    await model.save({ save: async (artifacts) => void saved.push(artifacts) });
    const loaded = await tf.loadLayersModel({ load: async () => saved[0] });
    const x = inputs.map(({ shape, values }) => tf.tensor([...values], [...shape]));
    expect((loaded.predict(x) as tf.Tensor).dataSync()).toEqual((model.predict(x) as tf.Tensor).dataSync());
  },
);

const images = tf.input({ shape: [4, 5, 3] });

test.each([
  [
    () => tf.layers.permute({ dims: [1, 1], name: 'p' }),
    'p: dims must be a list that holds each axis from 1 up once; got [1,1].',
  ],
  [
    () => tf.layers.permute({ dims: [2, 1], name: 'p' }).apply(images),
    'p: dims lists 2 axes; input [null,4,5,3] has 3.',
  ],
  [
    () => tf.layers.zeroPadding2d({ padding: [-1, 1], name: 'z' }),
    'z: padding must be a non-negative integer, two, or two pairs of them; got [-1,1].',
  ],
  [
    () => tf.layers.cropping2d({ cropping: 2, name: 'c' }).apply(images),
    'c: cropping [[2,2],[2,2]] leaves nothing of [null,4,5,3].',
  ],
  [
    () => tf.layers.upSampling2d({ interpolation: 'cubic' as 'nearest', name: 'u' }),
    "u: interpolation must be 'nearest' or 'bilinear'; got 'cubic'.",
  ],
  [
    () => tf.layers.upSampling2d({ size: [2, 0], name: 'u' }),
    'u: size must be a positive integer, or two of them; got [2,0].',
  ],
  [
    () => tf.layers.upSampling2d({ dataFormat: 'channelsMiddle' as 'channelsLast', name: 'u' }),
    "u: dataFormat must be 'channelsLast' or 'channelsFirst'; got 'channelsMiddle'.",
  ],
  [
    () => tf.layers.globalMaxPooling1d({ name: 'g' }).apply(images),
    'g: takes input of rank 3; got [null,4,5,3].',
  ],
  [
    () => tf.layers.dot({ axes: 1, name: 'd' }).apply([images, tf.input({ shape: [3] })]),
    'd: inputs must agree along axes 1 and 1; got shapes [null,4,5,3], [null,3].',
  ],
  [
    () => tf.layers.dot({ axes: 0, name: 'd' }).apply([images, images]),
    'd: axes must be from 1 to 3 for an input of rank 4; got 0.',
  ],
  [() => tf.layers.subtract({ name: 's' }).apply([images, images, images]), 's: takes two inputs; got 3.'],
])('wrong options are sentences %#', (make, sentence) => {
  expect(make).toThrow(sentence);
});
