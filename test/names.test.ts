import { describe, expect, it } from 'vitest';
import { LanegradError } from '../src/errors.ts';
import { lookUp, nearestName, numbered } from '../src/names.ts';

const activations = { relu: 1, sigmoid: 2, softmax: 3, tanh: 4 };

describe('nearestName', () => {
  it.each([
    ['rleu', 'relu'],
    ['Relu', 'relu'],
    ['sigmod', 'sigmoid'],
    ['soft_max', 'softmax'],
    ['tan', 'tanh'],
  ])('%s is near %s', (name, expected) => {
    expect(nearestName(name, Object.keys(activations))).toBe(expected);
  });

  it('gives nothing when no name is near', () => {
    expect(nearestName('convolution', Object.keys(activations))).toBeUndefined();
    expect(nearestName('relu', [])).toBeUndefined();
  });

  it('takes no name of which half is another', () => {
    expect(nearestName('KerasLayer', ['InputLayer'])).toBeUndefined();
  });

  it('takes the first of equally near names', () => {
    expect(nearestName('ab', ['ac', 'ad'])).toBe('ac');
  });
});

describe('lookUp', () => {
  it('finds a name', () => {
    expect(lookUp('activation', 'tanh', activations)).toBe(4);
  });

  it('suggests the nearest name', () => {
    expect(() => lookUp('activation', 'sigmod', activations)).toThrow(
      new LanegradError('Unknown activation "sigmod". Did you mean "sigmoid"?'),
    );
  });

  it('lists all names when none is near', () => {
    expect(() => lookUp('activation', 'convolution', activations)).toThrow(
      new LanegradError('Unknown activation "convolution". Known: relu, sigmoid, softmax, tanh.'),
    );
  });

  it('does not find what every object inherits', () => {
    expect(() => lookUp('activation', 'constructor', activations)).toThrow(
      'Unknown activation "constructor".',
    );
    expect(() => lookUp('activation', '__proto__', activations)).toThrow('Unknown activation "__proto__".');
  });
});

describe('numbered', () => {
  it('gives no two names alike, also where a name looks numbered', () => {
    expect(numbered(['acc', 'acc', 'acc_1', 'acc'])).toEqual(['acc', 'acc_2', 'acc_1', 'acc_3']);
    expect(numbered(['a', 'b'])).toEqual(['a', 'b']);
  });
});
