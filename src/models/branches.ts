// A model's branches as a picture in text: a row for each layer, and lines from those that it reads.

import type { Layer } from '../layers/base/layer.ts';
import type { LayerNode } from '../layers/base/symbolic.ts';
import type { Network } from './wiring.ts';

/** A layer's row, and what goes on below it. */
interface Row {
  readonly layer: string;
  readonly below: string;
}

/**
 * A row for each of the model's layers. Each is a dot in a column; a column goes on until the last layer that reads what
 * it holds.
 * @param isOfModel whether an application of a layer is one of the model
 */
export function branchesOf(model: Network, isOfModel: (node: LayerNode) => boolean): Row[] {
  const sourcesOf = ({ inboundNodes }: Layer): readonly Layer[] => {
    const read = inboundNodes.filter(isOfModel).flatMap(({ inputTensors }) => inputTensors);
    return [...new Set(read.flatMap(({ sourceLayer }) => sourceLayer ?? []))];
  };
  /** The number of the last row that reads a layer. */
  const lastReader = new Map<Layer, number>();
  for (const [i, layer] of model.layers.entries())
    for (const source of sourcesOf(layer)) lastReader.set(source, i);

  const columns: (Layer | undefined)[] = [];
  return model.layers.map((layer, i) => {
    const before = [...columns];
    const read = sourcesOf(layer)
      .map((source) => columns.indexOf(source))
      .filter((column) => column >= 0);
    const ended = read.filter((column) => lastReader.get(columns[column]!) === i);
    for (const column of ended) columns[column] = undefined;
    const free = columns.indexOf(undefined);
    const own = ended.length > 0 ? Math.min(...ended) : free < 0 ? columns.length : free;
    columns[own] = lastReader.get(layer)! > i ? layer : undefined;
    const below = Array.from(columns, (column) => (column ? '│ ' : '  ')).join('');
    return { layer: rowOf(own, read, ended, before), below };
  });
}

function rowOf(
  own: number,
  read: readonly number[],
  ended: readonly number[],
  before: readonly (Layer | undefined)[],
): string {
  const [left, right] = [Math.min(own, ...read), Math.max(own, ...read)];
  let row = '';
  for (let i = 0; i < Math.max(before.length, own + 1); i++) {
    const isWithin = i >= left && i < right;
    const turns = ended.includes(i) ? '╰●╯' : i === own || read.includes(i) ? '├●┤' : undefined;
    if (turns) row += turns[1 + Math.sign(i - own)];
    else if (isWithin) row += before[i] ? '┼' : '─';
    else row += before[i] ? '│' : ' ';
    row += isWithin ? '─' : ' ';
  }
  return row;
}
