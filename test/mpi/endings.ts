// What every MPI must come to, whichever launches the ranks.

import { expect, test } from 'vitest';
import type { Order, Result } from './train.ts';

/** How ranks failed. */
type Failure = (count: number, order: Order) => Promise<{ said: string; seconds: number }>;

/** A rank that hangs, and one whose callback throws. */
export function testEndings(failure: Failure): void {
  test('a rank that no longer answers ends all once the time is up, in a sentence', async () => {
    const sabotage = { rank: 1, call: 12, signal: 'SIGSTOP' };
    const { said, seconds } = await failure(2, { sabotage, timeout: 2 });
    expect(said).toContain('rank 0 waited 2 s for rank 1, which does not answer. All ranks end.');
    expect(seconds).toBeLessThan(20);
  });

  test('an error in a callback ends all, and all say why', async () => {
    const { said } = await failure(2, { callbacks: 'throw' });
    expect(said).toContain('Error: the disk is full');
    expect(said).toContain('mpi: rank 0 failed: the disk is full');
  });

  test('a rank that is busy while another fails says why, too', async () => {
    const sabotage = { rank: 1, call: 28, goesOn: true, command: ['sleep', '0.3'] };
    const { said } = await failure(2, { callbacks: 'throw', sabotage });
    expect(said).toContain('mpi: rank 0 failed: the disk is full. Rank 1 ends too.');
  });
}

/** Expects a training to have gone as another did, but for rounding. */
export function expectCloseHistory({ history }: Result, expected: Result): void {
  for (const [name, values] of Object.entries(expected.history))
    for (const [i, value] of values.entries()) expect(history[name][i]).toBeCloseTo(value, 2);
}
