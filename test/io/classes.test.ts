import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { registerBuiltInLayers } from '../../src/layers/base/classes.ts';
import { layerClass } from '../../src/layers/base/registry.ts';

test('every layer that can be made can be loaded', () => {
  registerBuiltInLayers();
  const factories = Object.keys(tf.layers).filter(
    (name) => !['Layer', 'RNNCell', 'input'].includes(name) && !/Pool\dd$|^avgPooling/.test(name),
  );
  expect(factories.filter((name) => !layerClass(name))).toEqual([]);
});
