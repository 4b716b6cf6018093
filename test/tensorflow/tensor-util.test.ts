import { expect, test } from 'vitest';
import { scalar, tensor_util } from '../../src/node.ts';

test('tensors in containers, each once, and in lists', () => {
  const [a, b] = [scalar(1), scalar(2)];
  expect(tensor_util.getTensorsInContainer({ a, list: [a, [b]], text: 'a' })).toEqual([a, b]);
  expect([tensor_util.isTensorInList(a, [b, a]), tensor_util.isTensorInList(a, [b])]).toEqual([true, false]);
});
