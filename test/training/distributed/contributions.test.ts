// Vectors of what parts of a step contribute.

import { expect, test } from 'vitest';
import { Contributions } from '../../../src/training/distributed/contributions.ts';

test.each([
  ['one array is another', [[2, 3], [5]]],
  ['there is one more', [[2, 3], [4], [4]]],
  ['there is one less', [[2, 3]]],
])('parts must contribute the same arrays: %s', (_, shapes) => {
  const contributions = new Contributions([[2, 3], [4]]);
  expect(() => contributions.requireShapes([[2, 3], [4]])).not.toThrow();
  expect(() => contributions.requireShapes(shapes)).toThrow('parts of a step contribute different arrays');
});
