// When ranks begin to add up what they contribute. That the sums are right is tested with real ranks, in test/mpi.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';
import type { Cluster, Exchange } from '../../src/training/cluster.ts';

const over: Exchange = { isDone: () => true, wait: () => {} };

/** The first of two ranks; the other one has nothing to say. Notes what begins. */
function firstOfTwo(begun: string[]): Cluster {
  return {
    rank: 0,
    size: 2,
    version: tf.version.lanegrad,
    exchange: () => {},
    begin: () => over,
    beginAllReduce: (values) => {
      begun.push(`sum of ${values.length}`);
      return over;
    },
    fail: () => {},
  };
}

/** What a step of training does, in order: sums that begin, and runs of programs in between. */
async function eventsOf(units: number): Promise<string[]> {
  const events: string[] = [];
  const cluster = firstOfTwo(events);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 256, inputShape: [1024], useBias: false }),
      tf.layers.dense({ units, useBias: false }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const { run } = engine();
  vi.spyOn(engine(), 'run').mockImplementation((...given) => {
    if (events.length > 0) events.push('run');
    run.apply(engine(), given);
  });
  await model.fit(tf.ones([4, 1024]), tf.ones([4, units]), { cluster, deterministic: false, verbose: 0 });
  return events;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the sum of what ranks contribute', () => {
  test('of the last layer begins while the gradient of the first is computed', async () => {
    const events = await eventsOf(1024);
    // Two losses in whole vectors behind 256 · 1024 weights, then 1024 · 256.
    expect(events.filter((event) => event !== 'run')).toEqual(['sum of 262152', 'sum of 262144']);
    const [first, second] = ['sum of 262152', 'sum of 262144'].map((event) => events.indexOf(event));
    // The own piece of the second is put in place by a run of its own.
    expect(events.slice(first, second).filter((event) => event === 'run').length).toBeGreaterThan(1);
  });

  test('waits until all are there where they are few', async () => {
    const events = await eventsOf(8);
    expect(events.filter((event) => event !== 'run')).toEqual([`sum of ${1024 * 256 + 256 * 8 + 8}`]);
  });
});
