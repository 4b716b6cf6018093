// Groups nodes into steps, one command (or a few) each. Three forms of fusion: element-wise nodes of one
// shape share a map; a map that follows a product, a convolution or a pool runs on its rows while they are in
// cache; and a kernel may compute another node beside its own.

import { Layout } from '../../assembly/opcodes.ts';
import type { Value } from '../graph/graph.ts';
import { hasEffect, isKernel, isLane, isMadeBy, type KernelValue, type LaneValue } from '../graph/op.ts';
import { randomUniformOp } from '../graph/ops/random.ts';
import { broadcastAccess, sameShape } from '../graph/shape.ts';

/** What runs at one place of the program: a kernel node, then the element-wise nodes fused with it. */
export interface Step {
  /** The node with commands of its own; undefined for a map that stands alone. */
  readonly kernel: KernelValue | undefined;
  /** An earlier node that the same commands compute. */
  readonly companion?: Value;
  /** Element-wise nodes of one shape, in order. */
  readonly lanes: LaneValue[];
  /** Whether threads share its commands; nobody knows yet when steps are made. */
  isShared: boolean;
}

/** The nodes of a step, in order. */
export const nodesOf = ({ kernel, companion, lanes }: Step): readonly Value[] =>
  [kernel, companion, ...lanes].filter((node) => node !== undefined);

/** The layers, losses and metrics that a step's nodes are of, as text. */
export const scopesOf = (step: Step): string =>
  [
    ...new Set(
      nodesOf(step)
        .map(({ scope }) => scope)
        .filter(Boolean),
    ),
  ].join(', ');

export interface FuseOptions {
  /** Give every element-wise node a map of its own. */
  readonly separate?: boolean;
}

/** The node whose array a value's elements are in. */
export function root(value: Value): Value {
  return value.op.kind === 'alias' ? root(value.inputs[0]) : value;
}

/** Floats of the root's array that come before a value's first. */
export function offsetOf(value: Value): number {
  const { op, inputs } = value;
  return op.kind === 'alias' ? offsetOf(inputs[0]) + (op.offset?.(value) ?? 0) : 0;
}

/** Whether a value is a part of its root's array only. */
const isPart = (value: Value): boolean => value.size < root(value).size;

/** Steps that compute `nodes`, which stand in an order in which they can be computed. */
export function fuse(nodes: readonly Value[], options: FuseOptions = {}): Step[] {
  const steps: Step[] = [];
  const stepOf = new Map<Value, number>();
  const readyAt = (node: Value) =>
    node.inputs.reduce((latest, input) => {
      const source = root(input);
      // Element i of a part is not element i of its array, which must then be there as a whole.
      return Math.max(latest, (stepOf.get(source) ?? -1) + (isPart(input) ? 1 : 0));
    }, -1);
  let lastEffect = -1;

  for (const node of nodes) {
    if (!isLane(node) && !isKernel(node)) {
      // A parameter read after an effect is ready when the effect is.
      if (node.op.kind === 'parameter') stepOf.set(node, readyAt(node));
      continue;
    }
    if (isKernel(node)) {
      const takes = options.separate ? undefined : node.op.takes;
      const taken = takes ? steps.findIndex(({ kernel }) => kernel && takes(node, kernel)) : -1;
      if (taken >= 0) {
        const { kernel } = steps[taken];
        steps[taken] = { ...steps[taken], kernel: node, companion: kernel };
        stepOf.set(node, taken);
        continue;
      }
    }
    const earliest = Math.max(readyAt(node), 0);
    let index = -1;
    if (isLane(node) && !hasEffect(node) && !options.separate) {
      index = steps.findLastIndex((step, i) => i >= earliest && i > lastEffect && accepts(step, node));
    }
    if (index < 0) {
      index = steps.length;
      steps.push({ kernel: isKernel(node) ? node : undefined, lanes: [], isShared: false });
    }
    if (isLane(node)) steps[index].lanes.push(node);
    if (hasEffect(node)) lastEffect = index;
    stepOf.set(node, index);
  }
  return steps;
}

function accepts(step: Step, node: LaneValue): boolean {
  const { kernel, lanes } = step;
  const fits = kernel
    ? kernel.op.hasEpilogue === true &&
      kernel.size === node.size &&
      // Random numbers come in blocks that rows of a product need not begin with.
      !isMadeBy(node, randomUniformOp)
    : sameShape(lanes[0].shape, node.shape);
  return fits && mostLocations([...lanes, node]) <= Layout.mapLocations;
}

interface Reading {
  readonly source: Value;
  /** One array that is read in two ways is two operands. */
  readonly key: string;
}

const readings = new WeakMap<Value, readonly Reading[]>();

/** What an element-wise node reads, and how. */
function readingsOf(lane: Value): readonly Reading[] {
  const known = readings.get(lane);
  if (known) return known;
  const found = lane.inputs.map((input) => {
    const access = broadcastAccess(input.shape, lane.shape);
    const how = access?.kind === 'broadcast' ? `${access.repeat} ${access.period}` : access?.kind;
    const source = isPart(input) ? input : root(input);
    return { source, key: `${root(input).id} ${offsetOf(input)} ${how}` };
  });
  readings.set(lane, found);
  return found;
}

/** Locations that a map of these lanes may need: a result each, two for each operand, and two for random numbers. */
function mostLocations(lanes: readonly Value[]): number {
  const own = new Set(lanes);
  const operands = new Set<string>();
  for (const lane of lanes) {
    for (const { source, key } of readingsOf(lane)) if (!own.has(source)) operands.add(key);
  }
  const random = lanes.filter((lane) => isMadeBy(lane, randomUniformOp)).length;
  return lanes.length + 2 * operands.size + 2 * random;
}
