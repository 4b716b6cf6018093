// Whose weights are whose where ranks split what an optimizer remembers: all, each once, as even as vectors allow.

import { expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import type { Optimizer } from '../../../src/optimizers/optimizer.ts';
import { inPlace } from '../../../src/state/range.ts';
import type { Cluster } from '../../../src/training/distributed/cluster.ts';
import { Shard } from '../../../src/training/distributed/shard.ts';

async function trained(optimizer: 'adam' | 'lamb'): Promise<tf.Sequential> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'a', units: 11, inputShape: [5] }),
      tf.layers.batchNormalization({ name: 'b' }),
      tf.layers.dense({ name: 'c', units: 3, trainable: false }),
      tf.layers.dense({ name: 'd', units: 2 }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  await model.fit(tf.zeros([2, 5]), tf.zeros([2, 2]), { verbose: 0 });
  return model;
}

/** Two models that were used by themselves, so that their weights lie apart. */
async function apart(optimizer: 'adam' | 'lamb'): Promise<tf.Sequential> {
  const parts = [
    tf.sequential({ layers: [tf.layers.dense({ name: 'e', units: 7, inputShape: [5] })] }),
    tf.sequential({ layers: [tf.layers.dense({ name: 'f', units: 6, inputShape: [7] })] }),
  ];
  for (const [i, part] of parts.entries()) part.predict(tf.zeros([1, [5, 7][i]]));
  const model = tf.sequential({ layers: parts });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  await model.fit(tf.zeros([2, 5]), tf.zeros([2, 6]), { verbose: 0 });
  return model;
}

/** The floats that each rank has, by the weights that they are of, from the first weight's begin. */
function sharesOf(model: tf.Sequential, size: number): string[] {
  const all = inPlace(model.variables);
  const begin = Math.min(...all.map(({ range }) => range.offset));
  return Array.from({ length: size }, (_, rank) => {
    const cluster = { rank, size, exchange: () => {} } as unknown as Cluster;
    const shard = new Shard(cluster, model.optimizer as Optimizer, all, inPlace(model.movedVariables));
    const own = shard.own.map(({ members, range }) => {
      const first = (range.offset - begin) / 4;
      return `${first} to ${first + range.shape.reduce((a, b) => a * b, 1)} of ${members.map(({ name }) => name).join(' ')}`;
    });
    shard.end();
    return `rank ${rank}: ${own.join(', ') || 'nothing'}`;
  });
}

test.each([
  ['adam', 1],
  ['adam', 2],
  ['adam', 5],
  ['adam', 20],
  ['lamb', 2],
  ['lamb', 5],
] as const)('%s on %i ranks', async (optimizer, size) => {
  expect(sharesOf(await trained(optimizer), size).join('\n')).toMatchSnapshot();
});

test.each(['adam', 'lamb'] as const)(
  'of weights that lie apart each float is of one rank: %s',
  async (optimizer) => {
    const model = await apart(optimizer);
    const all = inPlace(model.variables);
    expect(new Set(all.map(({ block }) => block)).size).toBe(2);
    for (const size of [2, 3, 5]) {
      const owners = new Map<object, number[]>();
      for (const { block, range, footprint } of all) {
        const counts = owners.get(block) ?? [];
        for (let i = 0; i < footprint; i++) counts[range.offset / 4 + i] = 0;
        owners.set(block, counts);
      }
      for (let rank = 0; rank < size; rank++) {
        const cluster = { rank, size, exchange: () => {} } as unknown as Cluster;
        const shard = new Shard(cluster, model.optimizer as Optimizer, all, all);
        for (const { range } of shard.own) {
          const floats = Math.ceil(range.shape.reduce((a, b) => a * b, 1) / 4) * 4;
          for (let i = 0; i < floats; i++) owners.get(range.block)![range.offset / 4 + i]++;
        }
        shard.end();
      }
      for (const counts of owners.values()) expect(counts.every((count) => count === 1)).toBe(true);
    }
  },
);
