import { describe, expect, test } from 'vitest';
import { answering, longNames } from '../../src/training/log-names.ts';

describe('long names of logs', () => {
  test('are those of accuracies, whatever stands around them', () => {
    const logs = { acc: 1, acc_1: 2, a_acc: 3, a_acc_1: 4, val_acc: 5, loss: 6, accuse: 7 };
    expect(answering(longNames(Object.keys(logs)), logs)).toMatchObject({
      ...{ accuracy: 1, accuracy_1: 2, a_accuracy: 3, a_accuracy_1: 4, val_accuracy: 5 },
    });
  });

  test('are not kept, copied or written', () => {
    const logs = answering(longNames(['acc', 'val_acc']), { acc: 1 }, { val_acc: 2 });
    expect([Object.keys(logs), { ...logs }, JSON.parse(JSON.stringify(logs))]).toEqual([
      ['acc', 'val_acc'],
      { acc: 1, val_acc: 2 },
      { acc: 1, val_acc: 2 },
    ]);
  });

  test('are left to metrics that are called so, and there are none without an accuracy', () => {
    expect(longNames(['acc', 'accuracy'])).toBeUndefined();
    expect(longNames(['loss', 'val_mae'])).toBeUndefined();
  });
});
