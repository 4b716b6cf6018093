// What the tests of TensorFlow.js's tf.data import from its modules: `tf.data`, and iterators as a dataset makes them.

import { array } from '../../src/data/creators.ts';

export * from '../../src/data/index.ts';

/** A promise of an iterator, for the `iterator` of datasets of one's own. */
export const iteratorFromItems = (items) => array(items).iterator();
