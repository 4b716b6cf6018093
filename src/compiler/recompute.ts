// What a map computes and later maps read is computed there again, where that takes fewer bytes through the caches: one
// array less is written, and another one is read in its place. What fits into a chunk stays in the caches anyway.

import { Layout } from '../../assembly/opcodes.ts';
import type { LaneValue, Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { isCheap } from '../graph/ops/cheap.ts';
import { parameterOp } from '../graph/ops/sources.ts';
import { root } from './arrays.ts';
import { nodesOf, type Stage } from './fuse.ts';
import { joinedTarget } from './lowering/joins.ts';
import { MapRoom, readingsOf } from './map-room.ts';

/**
 * Adds nodes to the stages that read them, and takes them from their own where nothing else of it does.
 * @param kept values that must be there as arrays in any case
 * @returns the stages that have nodes then
 */
export function recompute(stages: readonly Stage[], kept: ReadonlySet<Value>): readonly Stage[] {
  if (!stages.some(({ lanes }) => lanes.some(isLarge))) return stages;
  const stageOf = new Map(stages.flatMap((stage, i) => nodesOf(stage).map((node) => [node, i] as const)));
  const readers = readingStages(stages);
  const recomputed = new Set<Value>();
  for (const [i, stage] of stages.entries()) {
    const isThere = (array: Value) => !recomputed.has(array) && (stageOf.get(array) ?? -1) < i;
    for (const lane of [...stage.lanes]) {
      if (!isLarge(lane) || !isCheap(lane) || !isOfOneArray(lane, isThere)) continue;
      if (stageOf.get(lane) !== i || kept.has(lane) || joinedTarget(lane)) continue;
      const later = [...(readers.get(lane) ?? [])].filter((reader) => reader !== stage);
      if (later.length === 0 || !later.every((reader) => canCompute(reader, lane))) continue;
      for (const { lanes } of later) lanes.splice(lanes.findIndex(isReaderOf(lane)), 0, lane);
      if (!readers.get(lane)!.has(stage)) stage.lanes.splice(stage.lanes.indexOf(lane), 1);
      recomputed.add(lane);
    }
  }
  return stages.filter((stage) => nodesOf(stage).length > 0);
}

/** Whether an array is more than a map works on at once. */
const isLarge = ({ size }: LaneValue): boolean => size > Layout.mapChunk;

/** The stages that read each array. */
function readingStages(stages: readonly Stage[]): Map<Value, Set<Stage>> {
  const readers = new Map<Value, Set<Stage>>();
  for (const stage of stages) {
    for (const input of nodesOf(stage).flatMap(({ inputs }) => inputs)) {
      const array = root(input);
      readers.set(array, (readers.get(array) ?? new Set()).add(stage));
    }
  }
  return readers;
}

/** Whether a node is of arrays that are there and stay as they are, one of its size and others that are smaller. */
function isOfOneArray(lane: LaneValue, isThere: (array: Value) => boolean): boolean {
  const readings = readingsOf(lane);
  const large = readings.filter(({ array }) => array.size >= lane.size);
  return (
    large.length === 1 &&
    large[0].array.size === lane.size &&
    readings.every(({ array }) => isThere(array) && !isMadeBy(array, parameterOp))
  );
}

const isReaderOf =
  (array: Value) =>
  ({ inputs }: Value): boolean =>
    inputs.some((input) => root(input) === array);

/** Whether what a stage reads of a node is the element at hand, in a map that has room for computing it. */
function canCompute({ kernel, lanes }: Stage, lane: LaneValue): boolean {
  if (kernel && isReaderOf(lane)(kernel)) return false;
  const readings = lanes.filter(isReaderOf(lane)).flatMap(readingsOf);
  const room = new MapRoom();
  for (const each of lanes) room.take(each);
  return (
    room.isFor(lane) &&
    readings.every(
      ({ array, source, access }) => array !== lane || (access?.kind === 'linear' && source === array),
    )
  );
}
