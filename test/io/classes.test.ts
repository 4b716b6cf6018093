import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { layerClasses } from '../../src/layers/classes.ts';

/** TensorFlow.js's class names begin with a capital and write out what a factory's name shortens. */
const plain = (name: string) => name.toLowerCase();

test('every layer that can be made can be loaded', () => {
  const known = new Set(Object.keys(layerClasses).map(plain));
  const factories = Object.keys(tf.layers).filter((name) => name !== 'Layer');
  expect(factories.filter((name) => !known.has(plain(name)))).toEqual([]);
});
