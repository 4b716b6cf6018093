// Batches of which each rank of a cluster has read its own samples alone.

import { LanegradError } from '../../errors.ts';
import { FeedBatch, type Feeds } from '../batch.ts';
import { type Cluster, gather } from './cluster.ts';
import { startOfSamples } from './parts.ts';

/**
 * The batch of which these are this rank's samples: as if it were whole, and these at their place in it.
 * @param feeds undefined where this rank has no more
 * @param microBatches parts of a batch
 * @returns undefined where no rank has more
 * @throws LanegradError where a rank has not the samples of its parts
 */
export function ownBatch(
  cluster: Cluster,
  feeds: Feeds | undefined,
  microBatches: number,
): FeedBatch | undefined {
  const { rank, size } = cluster;
  const counts = new Float64Array(size);
  counts[rank] = feeds?.samples ?? 0;
  gather(cluster, counts, (of) => of);
  const count = counts.reduce((sum, own) => sum + own);
  if (count === 0) return undefined;
  const parts = Math.min(microBatches, count);
  const startOf = (of: number) => startOfSamples(count, parts, size, of);
  for (let of = 0; of < size; of++) {
    const expected = startOf(of + 1) - startOf(of);
    if (counts[of] === expected && expected > 0) continue;
    throw new LanegradError(
      `fitDataset: with readsOwn a rank reads the samples of its own parts: of a batch of ${count} in ${parts} parts ` +
        `rank ${of} of ${size} has ${expected}; it read ${counts[of] || 'none'}.`,
    );
  }
  const batch = new FeedBatch(feeds!);
  batch.select(-startOf(rank), count);
  return batch;
}
