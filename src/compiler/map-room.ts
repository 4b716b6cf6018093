// What the element-wise nodes of a map take of its locations, operands and registers, of which there are only so many.

import { Layout } from '../../assembly/opcodes.ts';
import type { LaneValue, Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { randomUniformOp } from '../graph/ops/random-uniform.ts';
import { type Broadcast, broadcastAccess } from '../graph/shape.ts';
import { haveSameValues } from '../graph/sharing.ts';
import { isPart, offsetOf, root } from './arrays.ts';
import { columnsOf } from './lowering/columns.ts';

/** How an element-wise node reads an operand. One array that is read in two ways is two operands. */
export interface Reading {
  /** The node that computes what is read, where it is read as a whole. */
  readonly source: Value;
  readonly array: Value;
  /** Elements of the array before the first that is read. */
  readonly offset: number;
  /** Undefined where it cannot be read in place. */
  readonly access: Broadcast | { readonly kind: 'pointer' } | undefined;
  /** Elements from one period of a broadcast to the next: 0 where it is the same again. */
  readonly pitch: number;
}

const readings = new WeakMap<Value, readonly Reading[]>();

/** How a node reads its inputs. */
export function readingsOf(lane: Value): readonly Reading[] {
  const known = readings.get(lane);
  if (known) return known;
  const columns = columnsOf(lane);
  const isRecord = isMadeBy(lane, randomUniformOp);
  const found = lane.inputs.map((input): Reading => {
    const array = root(input);
    return {
      source: isPart(input) ? input : array,
      array,
      offset: offsetOf(input) + (columns?.begin ?? 0),
      access: columns
        ? { kind: 'broadcast', repeat: 1, period: columns.count }
        : isRecord
          ? { kind: 'pointer' }
          : broadcastAccess(input.shape, lane.shape),
      pitch: columns?.pitch ?? 0,
    };
  });
  readings.set(lane, found);
  return found;
}

const areAlike = (a: Reading, b: Reading): boolean =>
  a.array === b.array &&
  a.offset === b.offset &&
  a.pitch === b.pitch &&
  haveSameValues(a.access ?? {}, b.access ?? {});

/**
 * The room of one map. A lane needs a location for its result and two for each operand, as what is broadcast takes a
 * register besides; for what it reads as a record, such as a random stream, one.
 */
export class MapRoom {
  readonly #lanes = new Set<Value>();
  readonly #operands: Reading[] = [];
  #taken = 0;

  get isFull(): boolean {
    return this.#taken === Layout.mapLocations;
  }

  isFor(lane: LaneValue): boolean {
    return this.#taken + locationsOf(lane, this.#newOperands(lane)) <= Layout.mapLocations;
  }

  take(lane: LaneValue): void {
    const operands = this.#newOperands(lane);
    this.#taken += locationsOf(lane, operands);
    this.#operands.push(...operands);
    this.#lanes.add(lane);
  }

  #newOperands(lane: LaneValue): Reading[] {
    const added: Reading[] = [];
    for (const reading of readingsOf(lane)) {
      if (this.#lanes.has(reading.source)) continue;
      const isKnown = (other: Reading) => areAlike(reading, other);
      if (!this.#operands.some(isKnown) && !added.some(isKnown)) added.push(reading);
    }
    return added;
  }
}

const locationsOf = (lane: LaneValue, operands: readonly Reading[]): number => {
  const ofOperands = operands.map(({ access }) => (access?.kind === 'pointer' ? 1 : 2));
  return 1 + ofOperands.reduce((a, b) => a + b, 0) + (isMadeBy(lane, randomUniformOp) ? 1 : 0);
};
