// Groups nodes into stages, one command (or a few) each. Three forms of fusion: element-wise nodes of one
// shape share a map; a map that follows a product, a convolution or a pool runs on its rows while they are in
// cache; and what a kernel computes beside its own result is of its stage.

import {
  changedBy,
  hasEffect,
  type KernelValue,
  type LaneValue,
  type Storage,
  type Value,
} from '../graph/graph.ts';
import { isKernel, isLane, isMadeBy } from '../graph/op.ts';
import { randomUniformOp } from '../graph/ops/random-uniform.ts';
import { resultOp } from '../graph/ops/result.ts';
import { assignOp, parameterOp } from '../graph/ops/sources.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';
import { isPart, overlap, root } from './arrays.ts';
import { columnsOf } from './lowering/columns.ts';
import { MapRoom } from './map-room.ts';

/** What runs at one place of the program: a kernel node, then the element-wise nodes fused with it. */
export interface Stage {
  /** The node with commands of its own; undefined for a map that stands alone. */
  readonly kernel: KernelValue | undefined;
  /** Other arrays that the kernel's commands compute. */
  readonly results: Value<{ readonly index: number }>[];
  /** Element-wise nodes of one shape, in order. */
  readonly lanes: LaneValue[];
  /** How many threads share its commands, at the most; decided when all stages are there. */
  threads: number;
}

/** The nodes of a stage, in order. */
export const nodesOf = ({ kernel, results, lanes }: Stage): readonly Value[] =>
  kernel ? [kernel, ...results, ...lanes] : lanes;

/** The layers, losses and metrics that a stage's nodes are of, as text. */
export const scopesOf = (stage: Stage): string =>
  [
    ...new Set(
      nodesOf(stage)
        .map(({ scope }) => scope)
        .filter(Boolean),
    ),
  ].join(', ');

/**
 * Steps that compute `nodes`, which stand in an order in which they can be computed.
 * @param isFused whether element-wise nodes share maps
 */
export function fuse(nodes: readonly Value[], isFused = true): Stage[] {
  const stages: Stage[] = [];
  /** By the numbers of nodes. */
  const stageOf: number[] = [];
  const readyAt = (node: Value) =>
    node.inputs.reduce((latest, input) => {
      const source = root(input);
      // What is read elsewhere than at element i must be there as a whole: a part's array, or the words of a record.
      const isElsewhere = isPart(input) || columnsOf(node) !== undefined || isMadeBy(node, randomUniformOp);
      return Math.max(latest, (stageOf[source.id] ?? -1) + (isElsewhere ? 1 : 0));
    }, -1);
  const open = new OpenStages();
  let lastEffect = -1;

  for (const node of nodes) {
    if (isMadeBy(node, resultOp)) {
      const index = stageOf[node.inputs[0].id];
      stages[index].results.push(node);
      stageOf[node.id] = index;
    } else if (isMadeBy(node, parameterOp)) {
      stageOf[node.id] = readyAt(node) + (isChangedBy(node, node.inputs) ? 0 : 1);
    }
    if (!isLane(node) && !isKernel(node)) continue;
    const earliest = Math.max(readyAt(node), 0);
    let index = -1;
    if (isLane(node) && isFused) {
      index = hasEffect(node)
        ? open.mapThatMayAssign(node, Math.max(earliest, lastEffect))
        : open.lastThatAccepts(node, Math.max(earliest, lastEffect + 1));
    }
    if (index < 0) {
      index = stages.length;
      stages.push({ kernel: isKernel(node) ? node : undefined, results: [], lanes: [], threads: 1 });
      open.add(index, node);
    }
    if (isLane(node)) stages[index].lanes.push(node);
    open.note(node, index);
    if (hasEffect(node)) lastEffect = index;
    stageOf[node.id] = index;
  }
  return stages;
}

/** Whether the state that a parameter reads is what effects leave there: each element is ready with the effect's. */
const isChangedBy = (node: Value<{ storage: Storage }>, effects: readonly Value[]): boolean =>
  effects.every((effect) => isMadeBy(effect, assignOp) && effect.attrs.storage === node.attrs.storage);

const isSameRange = (a: Storage, b: Storage): boolean =>
  a.block === b.block && a.offset === b.offset && sizeOf(a.shape) === sizeOf(b.shape);

/** The stages that may take element-wise nodes yet: maps by their shape, kernels with an epilogue by their size. */
class OpenStages {
  /** Of the stages that lanes are in. */
  readonly #rooms: MapRoom[] = [];
  readonly #indices = new Map<string, number[]>();
  /** What state each stage reads, and whether all of it: a map of its size then reads each element for its own. */
  readonly #reads: { readonly storage: Storage; readonly stage: number; readonly isWhole: boolean }[] = [];

  /** A new stage, and the node that it was made for. */
  add(index: number, node: LaneValue | KernelValue): void {
    if (isLane(node)) this.#among(formatShape(node.shape)).push(index);
    else if (node.op.hasEpilogue) this.#among(`kernel ${node.size}`).push(index);
  }

  /** The last stage from `first` on that can take a node; −1 where there is none. */
  lastThatAccepts(node: LaneValue, first: number): number {
    const maps = this.#lastWithRoom(formatShape(node.shape), node, first);
    // Random numbers come in blocks that rows of a product need not begin with.
    if (isMadeBy(node, randomUniformOp)) return maps;
    return Math.max(maps, this.#lastWithRoom(`kernel ${node.size}`, node, Math.max(first, maps)));
  }

  /**
   * The last map from `first` on that may also change state: where neither a later stage reads that state as it was
   * before, nor the map itself anywhere but at the element at hand. −1 where there is none.
   */
  mapThatMayAssign(node: LaneValue, first: number): number {
    const index = this.#lastWithRoom(formatShape(node.shape), node, first);
    if (index < 0) return -1;
    const [storage] = changedBy(node);
    const isFree = this.#reads.every(
      (read) =>
        read.stage < index ||
        !overlap(read.storage, storage) ||
        (read.stage === index && read.isWhole && isSameRange(read.storage, storage)),
    );
    return isFree ? index : -1;
  }

  /** Notes that a node is computed in a stage: the room that it takes, and the state that it reads. */
  note(node: Value, stage: number): void {
    if (isLane(node)) this.#roomOf(stage).take(node);
    for (const input of node.inputs) {
      const source = root(input);
      if (!isMadeBy(source, parameterOp)) continue;
      this.#reads.push({ storage: source.attrs.storage, stage, isWhole: !isPart(input) });
    }
  }

  #lastWithRoom(key: string, node: LaneValue, first: number): number {
    const indices = this.#among(key);
    for (let i = indices.length - 1; i >= 0 && indices[i] >= first; i--) {
      const room = this.#roomOf(indices[i]);
      if (room.isFor(node)) return indices[i];
      if (room.isFull) indices.splice(i, 1);
    }
    return -1;
  }

  #roomOf(stage: number): MapRoom {
    this.#rooms[stage] ??= new MapRoom();
    return this.#rooms[stage];
  }

  #among(key: string): number[] {
    const known = this.#indices.get(key) ?? [];
    this.#indices.set(key, known);
    return known;
  }
}
