import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isPlain, shown } from '../src/errors.ts';

describe('isPlain', () => {
  it.each([{}, Object.create(null), runInNewContext('({ a: 1 })')])(
    '%# is an object of no class',
    (value) => {
      expect(isPlain(value)).toBe(true);
    },
  );

  it.each([null, undefined, 1, 'text', [], new Map(), new Date(), Object.create({}), runInNewContext('[1]')])(
    '%# is none',
    (value) => {
      expect(isPlain(value)).toBe(false);
    },
  );

  it('has sentences show the keys of what comes from another frame', () => {
    expect(shown(runInNewContext('({ a: 1 })'))).toBe('an object with a');
  });
});
