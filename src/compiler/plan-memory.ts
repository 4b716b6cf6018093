// Gives every array that must exist in memory a place in one arena; arrays that are never alive at the
// same time share it.

import { hasEffect, type LaneValue, nextWalk, type Storage, type Value } from '../graph/graph.ts';
import { isKernel } from '../graph/op.ts';
import { elementBytes, root } from './arrays.ts';
import { nodesOf, type Stage } from './fuse.ts';
import { joinedAmong, joinedTarget } from './lowering/joins.ts';
import { readingsOf } from './map-room.ts';
import { type Lifetime, placeApart, placeGreedily } from './place.ts';

/** Where arrays are: bytes from the start of the arena, or a place of their own. */
export interface MemoryPlan {
  readonly arenaBytes: number;
  /** Offset of each array in the arena. A lane value without one lives in a register. */
  readonly offsets: ReadonlyMap<Value, number>;
  /** Where arrays are that have a place outside of the arena. */
  readonly pinned: ReadonlyMap<Value, Storage>;
}

interface PlanOptions {
  /** Values that are read after the run. */
  readonly outputs: readonly Value[];
  readonly inputs: readonly Value[];
  readonly pins: ReadonlyMap<Value, Storage>;
  /** Whether arrays that are never alive together share memory. */
  readonly isSharing: boolean;
}

const bytesOf = (value: Value) => value.size * elementBytes(value);

export function planMemory(stages: readonly Stage[], options: PlanOptions): MemoryPlan {
  const stageOf = firstStages(stages);
  const lastUse = lastUses(stages, options.outputs);
  const lifetimes = new Map<Value, Lifetime>();
  const live = (bytes: number, first: number, last: number): Lifetime => ({ bytes, first, last, offset: 0 });

  for (const input of options.inputs) {
    lifetimes.set(input, live(bytesOf(input), 0, stages.length));
  }
  for (const [value, stage] of stageOf) {
    if (joinedTarget(value)) continue;
    const last = lastUse[value.id] ?? stage;
    const inMemory = isKernel(value) || value.op.kind === 'result' ? !hasEffect(value) : last > stage;
    if (inMemory && !options.pins.has(value)) lifetimes.set(value, live(bytesOf(value), stage, last));
  }
  const shared = shareResults(stages, lastUse, lifetimes, options.pins);

  const lent = options.isSharing ? lendPins(lifetimes, options.pins, stageOf) : [];
  if (options.isSharing) computeInPlace(stages, lifetimes);

  const all = [...new Set(lifetimes.values())];
  const arenaBytes = options.isSharing ? placeGreedily(all) : placeApart(all);
  const offsets = new Map<Value, number>();
  for (const [value, { offset }] of lifetimes) offsets.set(value, offset);
  const pinned = new Map([...options.pins, ...lent]);
  for (const [product, result] of shared) {
    if (pinned.has(result)) pinned.set(product, pinned.get(result)!);
    else offsets.set(product, offsets.get(result)!);
  }
  return { arenaBytes, offsets, pinned };
}

/** The stage from which on each value has a place: of an array that others write columns of, the first of theirs. */
function firstStages(stages: readonly Stage[]): Map<Value, number> {
  const first = new Map<Value, number>();
  stages.forEach((stage, i) => {
    // What is computed again is in a register there.
    for (const value of nodesOf(stage)) if (!first.has(value)) first.set(value, i);
  });
  for (const array of joinedAmong(first.keys()).values()) {
    first.set(array, Math.min(...array.inputs.map((columns) => first.get(columns)!)));
  }
  return first;
}

/**
 * Lends the places of pinned arrays: until such an array is computed, another that is needed no longer than that may lie
 * there, if nothing of the run before is kept there. So weights in panels lie where their gradient will be, and fewer
 * bytes go through the caches. Removes the lifetimes of arrays that have found a place; returns these places.
 */
function lendPins(
  lifetimes: Map<Value, Lifetime>,
  pins: ReadonlyMap<Value, Storage>,
  stageOf: ReadonlyMap<Value, number>,
): Map<Value, Storage> {
  const lent = new Map<Value, Storage>();
  // The smallest that fits comes first.
  const scratch = [...pins].filter(([, { isScratch }]) => isScratch);
  if (scratch.length === 0) return lent;
  const free = new Map(scratch.sort(([a], [b]) => a.size - b.size));
  const fitting = (bytes: number, last: number): Value | undefined => {
    for (const later of free.keys()) if (bytesOf(later) >= bytes && stageOf.get(later)! > last) return later;
    return undefined;
  };
  for (const [value, { bytes, last }] of [...lifetimes].sort(([, a], [, b]) => b.bytes - a.bytes)) {
    const pin = fitting(bytes, last);
    if (!pin) continue;
    lent.set(value, free.get(pin)!);
    free.delete(pin);
    lifetimes.delete(value);
  }
  return lent;
}

/** Stages by the numbers of nodes. */
type LastUses = readonly (number | undefined)[];

/** The last stage that reads each array from memory; what its own stage reads stays in registers. */
function lastUses(stages: readonly Stage[], outputs: readonly Value[]): LastUses {
  const lastUse: number[] = [];
  stages.forEach((stage, i) => {
    const nodes = nodesOf(stage);
    const walk = nextWalk();
    for (const node of nodes) node.walk = walk;
    for (const { inputs } of nodes) {
      for (const input of inputs) {
        const source = root(input);
        if (source.walk !== walk) lastUse[source.id] = i;
      }
    }
  });
  for (const output of outputs) lastUse[root(output).id] = stages.length;
  return lastUse;
}

/**
 * What a map computes lies where an array lies that it is the last to read, so that fewer bytes go through the caches.
 * Makes one lifetime of both.
 */
function computeInPlace(stages: readonly Stage[], lifetimes: Map<Value, Lifetime>): void {
  for (const [i, { kernel, lanes }] of stages.entries()) {
    if (kernel) continue;
    for (const [array, reader] of readInPlace(lanes)) {
      const lifetime = lifetimes.get(array);
      if (lifetime?.last !== i) continue;
      const heir = lanes.slice(reader).find((lane) => lifetimes.get(lane)?.first === i);
      if (!heir || bytesOf(heir) !== lifetime.bytes) continue;
      lifetime.last = lifetimes.get(heir)!.last;
      lifetimes.set(heir, lifetime);
    }
  }
}

/** The arrays of which a map reads nothing but the element at hand, each with the last of its nodes that reads it. */
function readInPlace(lanes: readonly LaneValue[]): Map<Value, number> {
  const elsewhere = new Set<Value>();
  const readers = new Map<Value, number>();
  for (const [i, lane] of lanes.entries()) {
    for (const { array, offset, access } of readingsOf(lane)) {
      readers.set(array, i);
      if (access?.kind !== 'linear' || offset !== 0) elsewhere.add(array);
    }
  }
  for (const array of elsewhere) readers.delete(array);
  return readers;
}

/**
 * A product that only its own epilogue reads is written where an epilogue's result will be, if nothing
 * reads the product after that result is written. Removes its lifetime; returns product → result.
 */
function shareResults(
  stages: readonly Stage[],
  lastUse: LastUses,
  lifetimes: Map<Value, Lifetime>,
  pins: ReadonlyMap<Value, Storage>,
): Map<Value, Value> {
  const shared = new Map<Value, Value>();
  for (const [i, { kernel, lanes }] of stages.entries()) {
    if (!kernel || lanes.length === 0 || pins.has(kernel) || (lastUse[kernel.id] ?? i) > i) continue;
    const lastReader = lanes.findLastIndex((lane) => lane.inputs.some((input) => root(input) === kernel));
    const result = lanes.slice(lastReader).find((lane) => lifetimes.has(lane) || pins.has(lane));
    if (!result) continue;
    shared.set(kernel, result);
    lifetimes.delete(kernel);
  }
  return shared;
}
