import type { Value } from '../graph/graph.ts';
import { movementOps } from '../graph/ops/movement.ts';
import { broadcastAccess } from '../graph/shape.ts';

/**
 * Lets element-wise nodes read what a broadcast repeats in place of the repeated array, which then
 * need not exist. Rewires inputs; the values stay what they were.
 */
export function sinkBroadcasts(nodes: readonly Value[]): void {
  for (const node of nodes) {
    if (node.op.kind !== 'lane') continue;
    node.inputs = node.inputs.map((input) => {
      const isBroadcast = input.op.name === movementOps.broadcastTo.name;
      return isBroadcast && broadcastAccess(input.inputs[0].shape, node.shape) ? input.inputs[0] : input;
    });
  }
}
