// Which programs of tensors are kept, and which go.

import { expect, test } from 'vitest';
import { type Kept, KnownPrograms } from '../../src/tensor/known-programs.ts';
import { Signature } from '../../src/tensor/structure.ts';

class FakeProgram {
  isDisposed = false;

  constructor(readonly bytes: number) {}

  dispose(): void {
    this.isDisposed = true;
  }
}

interface Fake extends Kept {
  isOutdated: boolean;
}

const fake = (bytes = 1) => ({ program: new FakeProgram(bytes), isOutdated: false }) as unknown as Fake;

function signatureOf(...parts: unknown[]): Signature {
  const signature = new Signature();
  for (const part of parts) signature.add(part);
  return signature;
}

/** Programs by their numbers; those that there are need not be made. */
function programs(bytes?: number) {
  const known = new KnownPrograms<Fake>();
  const find = (number: number) => known.find(signatureOf('program', number), () => fake(bytes));
  return { known, find };
}

test('a program is made once for a signature', () => {
  const { known, find } = programs();
  const [first, second] = [find(1), find(2)];
  expect(first).not.toBe(second);
  expect(find(1)).toBe(first);
  expect(find(2)).toBe(second);
  expect(known.made).toBe(2);
});

test('signatures of one hash are told apart', () => {
  const known = new KnownPrograms<Fake>();
  const alike = (name: string) =>
    ({ hash: 7, name, isSameAs: (other: { name: string }) => other.name === name }) as unknown as Signature;
  const find = () => ['a', 'b', 'c'].map((name) => known.find(alike(name), () => fake()));
  const made = find();
  expect(new Set([...made, ...find()]).size).toBe(3);
  expect(known.made).toBe(3);
});

test('one that is outdated gives way to one that is made of it, and is not counted again', () => {
  const known = new KnownPrograms<Fake>();
  const before = known.find(signatureOf('a'), () => fake());
  before.isOutdated = true;
  const given: unknown[] = [];
  const after = known.find(signatureOf('a'), (old) => {
    given.push(old);
    return fake();
  });
  expect(given[0]).toBe(before);
  expect([before.program.isDisposed, after.program.isDisposed]).toEqual([true, false]);
  expect(known.find(signatureOf('a'), () => fake())).toBe(after);
  expect(known.made).toBe(1);
});

test('one that was disposed of elsewhere is made anew, of nothing', () => {
  const known = new KnownPrograms<Fake>();
  known.find(signatureOf('a'), () => fake()).program.dispose();
  const given: unknown[] = [];
  known.find(signatureOf('a'), (old) => {
    given.push(old);
    return fake();
  });
  expect(given).toEqual([undefined]);
});

test('512 are kept; for one more an eighth of them goes, those that were found longest ago', () => {
  const { find } = programs();
  const made = Array.from({ length: 512 }, (_, i) => find(i));
  for (let i = 0; i < 10; i++) find(i);
  const isGone = () => made.map(({ program }) => program.isDisposed);
  expect(isGone()).not.toContain(true);
  find(512);
  expect(isGone()).toEqual(made.map((_, i) => i >= 10 && i < 75));
  expect(find(0)).toBe(made[0]);
});

test('they take a quarter of a gigabyte; the bytes of those that went are free for others', () => {
  const { known, find } = programs(2 ** 26);
  const made = [0, 1, 2, 3].map(find);
  made[0].isOutdated = true;
  // In the place of another it is no more than before.
  made[0] = find(0);
  const isGone = () => made.map(({ program }) => program.isDisposed);
  expect(isGone()).toEqual([false, false, false, false]);
  made.push(find(4));
  expect(isGone()).toEqual([false, true, false, false, false]);
  made.push(find(5));
  expect(isGone()).toEqual([false, true, true, false, false, false]);
  expect(known.made).toBe(6);
});
