// What an optimizer keeps of weights, where several processes split it.

import { expect, test } from 'vitest';
import { Range } from '../../src/state/range.ts';
import { Slots } from '../../src/state/slots.ts';
import { Weights } from '../../src/state/weights.ts';
import { countingBytes } from '../garbage.ts';

const floats = 4096;

function twoSlots() {
  const values = new Float32Array(floats);
  const variable = new Weights({ name: 'w', shape: [floats], values });
  Weights.settle([variable], 'a test');
  const slots = new Slots([0, 1]);
  slots.add([variable]);
  const numbers = Float32Array.from({ length: floats }, (_, i) => i);
  slots.write(0, variable, numbers);
  const part = (from: number, to: number) => new Range('w', [to - from], variable.block, from * 4);
  return { variable, slots, numbers, part };
}

test('a part takes the memory of a part, and holds what it held', async () => {
  const { slots, numbers, part } = await countingBytes((heldBytes) => {
    const made = twoSlots();
    const before = heldBytes();
    made.slots.narrow([made.variable.block], [made.part(1024, 2048)]);
    expect(heldBytes() - before).toBe(-2 * 3 * 1024 * 4);
    return made;
  });
  expect(slots.ownOf(part(1100, 1200))).toEqual([numbers.slice(1100, 1200), new Float32Array(100).fill(1)]);
});

test('what others have can be read only while it is lent', () => {
  const { variable, slots, numbers, part } = twoSlots();
  slots.narrow([variable.block], [part(1024, 2048)]);
  expect(() => slots.read(0, variable)).toThrow('split among the ranks of a cluster while fit runs');
  for (const range of [part(0, 16), part(1020, 1030), part(2040, 2050)])
    expect(() => slots.beside(range, 0)).toThrow('split among the ranks');
  slots.borrow();
  for (const range of [part(0, 1024), part(2048, floats)]) {
    const [first, second] = slots.borrowedOf(range);
    first.set(numbers.subarray(range.offset / 4, range.offset / 4 + first.length));
    second.fill(1);
  }
  expect(slots.read(0, variable)).toEqual(numbers);
  expect(slots.read(1, variable)).toEqual(new Float32Array(floats).fill(1));
  slots.giveBack();
  expect(() => slots.read(0, variable)).toThrow('split among the ranks');
});

test('a process may have no part, and everything again', () => {
  const { variable, slots, numbers, part } = twoSlots();
  slots.narrow([variable.block], []);
  slots.borrow();
  slots.borrowedOf(part(0, floats))[0].set(numbers);
  slots.widen();
  expect(slots.read(0, variable)).toEqual(numbers);
  expect(slots.read(1, variable)).toEqual(new Float32Array(floats));
  expect(slots.beside(part(0, floats), 0).read()).toEqual(numbers);
});
