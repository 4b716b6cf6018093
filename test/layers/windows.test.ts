// Convolution and pooling layers against PyTorch: outputs, gradients of inputs and of weights; what they say
// to wrong options and to shapes that become empty.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { constant, input } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import type { ModelArtifacts } from '../../src/io/artifacts.ts';
import { ProgramTrace } from '../../src/state/trace.ts';
import { Weights } from '../../src/state/weights.ts';
import reference from '../reference/torch-windows.json' with { type: 'json' };

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

interface LayerCase {
  readonly layer: keyof typeof tf.layers;
  readonly options: object;
  readonly x: Numbers & { readonly gradient: number[] };
  readonly weights: readonly (Numbers & { readonly gradient: number[] })[];
  readonly y: Numbers;
  readonly scales: number[];
}

const cases = reference as unknown as readonly LayerCase[];

/** A layer with given weights (or options for its own), applied to one input. */
function built({ layer, options, x, weights }: LayerCase): tf.Layer {
  const make = tf.layers[layer] as (options: object) => tf.Layer;
  const made = make({ ...options, weights: weights.map(({ values, shape }) => tf.tensor(values, shape)) });
  made.ensureBuilt([null, ...x.shape.slice(1)]);
  return made;
}

/** Output, then gradients of the input and of the weights, of the loss Σ y·scales. */
function computed(layerCase: LayerCase): { shape: readonly number[]; arrays: Float32Array[] } {
  const { x, scales } = layerCase;
  const layer = built(layerCase);
  Weights.settle(layer.variables, 'a test');
  const graph = new Graph();
  const trace = new ProgramTrace(graph);
  return trace.run(() => {
    const image = input(graph, 0, x.shape);
    const [y] = layer.trace(trace, [image]);
    const loss = sum(mul(y, constant(graph, scales, y.shape)));
    const parameters = layer.variables.map((variable) => variable.read());
    const gradients = differentiate(loss, [image, ...parameters]).map((gradient) => gradient!);
    const outputs = [y, ...gradients];
    const program = new Program(outputs, [], { inputs: [image] });
    engine().write(program.addressOf(image), Float32Array.from(x.values));
    program.run();
    const arrays = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size));
    program.dispose();
    return { shape: y.shape, arrays };
  });
}

function expectClose(got: Float32Array, expected: readonly number[], what: string): void {
  expect(got.length, what).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(got[i] - value) / scale, `${what}[${i}]`).toBeLessThan(1e-6);
  }
}

describe.each(cases.map((each) => [`${each.layer} ${JSON.stringify(each.options)}`, each] as const))(
  '%s',
  (_, layerCase) => {
    test('agrees with PyTorch, gradients included', () => {
      const { shape, arrays } = computed(layerCase);
      const { x, y, weights } = layerCase;
      expect(shape).toEqual(y.shape);
      expectClose(arrays[0], y.values, 'output');
      expectClose(arrays[1], x.gradient, 'gradient of the input');
      for (const [i, { gradient }] of weights.entries()) {
        expectClose(arrays[i + 2], gradient, `gradient of weight ${i}`);
      }
    });

    test('comes back from its saved form, computing the same bits', async () => {
      const { x } = layerCase;
      const symbol = tf.input({ shape: x.shape.slice(1) });
      const model = tf.model({ inputs: symbol, outputs: built(layerCase).apply(symbol) });
      let saved!: ModelArtifacts;
      await model.save({
        save: async (artifacts) => {
          saved = artifacts;
        },
      });
      const loaded = await tf.loadLayersModel({ load: async () => saved });
      const images = tf.tensor(x.values, x.shape);
      const outputs = [model, loaded].map((each) => (each.predict(images) as tf.Tensor).dataSync());
      expect(outputs[1]).toEqual(outputs[0]);
    });
  },
);

const image = (...shape: number[]) => tf.input({ shape });
const { averagePooling1d, conv1d, conv2d, conv2dTranspose, depthwiseConv2d, maxPooling2d, separableConv2d } =
  tf.layers;

describe('wrong options', () => {
  const basic = { filters: 4, kernelSize: 3, name: 'c' };
  test.each([
    [
      () => conv2d({ ...basic, kernelSize: 0 }),
      'c: kernelSize must be a positive integer, or two of them; got 0.',
    ],
    [
      () => conv2d({ ...basic, kernelSize: [3, 3, 3] }),
      'c: kernelSize must be a positive integer, or two of them; got [3,3,3].',
    ],
    [
      () => conv2d({ filters: 4, name: 'c' } as never),
      'c: kernelSize must be a positive integer, or two of them; got undefined.',
    ],
    [() => conv1d({ ...basic, kernelSize: 1.5 }), 'c: kernelSize must be a positive integer; got 1.5.'],
    [() => conv2d({ ...basic, filters: 0 }), 'c: filters must be a positive integer; got 0.'],
    [
      () => conv2d({ ...basic, strides: [1, 0] }),
      'c: strides must be a positive integer, or two of them; got [1,0].',
    ],
    [
      () => conv2d({ ...basic, dilationRate: -1 }),
      'c: dilationRate must be a positive integer, or two of them; got -1.',
    ],
    [
      () => conv2d({ ...basic, strides: 2, dilationRate: [1, 2] }),
      'c: strides and dilationRate cannot both be more than 1; got [2,2] and [1,2].',
    ],
    [
      () => conv2d({ ...basic, padding: 'full' } as never),
      "c: padding must be 'valid' or 'same'; got 'full'.",
    ],
    [
      () => conv1d({ ...basic, padding: 'full' } as never),
      "c: padding must be 'valid', 'same' or 'causal'; got 'full'.",
    ],
    [
      () => conv2d({ ...basic, dataFormat: 'channelsMiddle' } as never),
      "c: dataFormat must be 'channelsLast' or 'channelsFirst'; got 'channelsMiddle'.",
    ],
    [() => conv2d({ ...basic, groups: 0 }), 'c: groups must be a positive integer; got 0.'],
    [
      () => conv2d({ ...basic, groups: 2 }).apply(image(5, 5, 3)),
      'c: groups must divide the 3 channels and the 4 filters; got 2.',
    ],
    [() => conv2dTranspose({ ...basic, groups: 2 }), 'c: takes no groups; got 2.'],
    [
      () => conv2d(basic).apply(image(28, 28)),
      'c: takes input with known channels, [null,height,width,channels]; got [null,28,28].',
    ],
    [
      () => conv1d(basic).apply(tf.input({ shape: [4, null] })),
      'c: takes input with known channels, [null,length,channels]; got [null,4,null].',
    ],
    [
      () => conv2d(basic).apply(image(2, 5, 1)),
      'c: conv2d: a window of [3,3] does not fit into an image of [2,5]: nothing would be left.',
    ],
    [
      () => conv2d({ ...basic, dilationRate: 3 }).apply(image(6, 6, 1)),
      'c: conv2d: a window of [3,3] with dilation [3,3] does not fit into an image of [6,6]: nothing would be left.',
    ],
    [
      () => depthwiseConv2d({ kernelSize: 3, depthMultiplier: 0, name: 'd' }),
      'd: depthMultiplier must be a positive integer; got 0.',
    ],
    [() => separableConv2d({ ...basic, filters: 2.5 }), 'c: filters must be a positive integer; got 2.5.'],
    [
      () => separableConv2d({ ...basic, kernelSize: 4 }).apply(image(3, 3, 1)),
      'c: depthwiseConv2d: a window of [4,4] does not fit into an image of [3,3]: nothing would be left.',
    ],
    [
      () => maxPooling2d({ poolSize: 0, name: 'p' }),
      'p: poolSize must be a positive integer, or two of them; got 0.',
    ],
    [
      () => maxPooling2d({ strides: [2, -1], name: 'p' }),
      'p: strides must be a positive integer, or two of them; got [2,-1].',
    ],
    [
      () => maxPooling2d({ padding: 'causal' as 'same', name: 'p' }),
      "p: padding must be 'valid' or 'same'; got 'causal'.",
    ],
    [
      () => averagePooling1d({ poolSize: 4, name: 'p' }).apply(image(3, 2)),
      'p: averagePool2d: a window of [1,4] does not fit into an image of [1,3]: nothing would be left.',
    ],
    [
      () => maxPooling2d({ name: 'p' }).apply(image(5, 3)),
      'p: takes input with known channels, [null,height,width,channels]; got [null,5,3].',
    ],
  ])('%#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});
