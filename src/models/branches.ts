// A model's branches as a picture in text: a row for each layer, and lines from those that it reads.

import type { Layer } from '../layers/layer.ts';
import type { LayerNode } from '../layers/symbolic.ts';
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
    return [...new Set(read.flatMap(({ sourceLayer }) => (sourceLayer as Layer | null) ?? []))];
  };
  const readers = new Map<Layer, number>();
  const waitFor = (layers: readonly Layer[], more: 1 | -1) => {
    for (const layer of layers) readers.set(layer, (readers.get(layer) ?? 0) + more);
  };
  for (const layer of model.layers) waitFor(sourcesOf(layer), 1);

  const columns: (Layer | undefined)[] = [];
  return model.layers.map((layer) => {
    const sources = sourcesOf(layer);
    waitFor(sources, -1);
    const before = [...columns];
    const read = sources.map((source) => columns.indexOf(source)).filter((column) => column >= 0);
    const ended = read.filter((column) => !readers.get(columns[column]!));
    for (const column of ended) columns[column] = undefined;
    const free = columns.indexOf(undefined);
    const own = ended.length > 0 ? Math.min(...ended) : free < 0 ? columns.length : free;
    columns[own] = readers.get(layer) ? layer : undefined;
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
    const isRight = i > own;
    if (i === own) row += '●';
    else if (ended.includes(i)) row += isRight ? '╯' : '╰';
    else if (read.includes(i)) row += isRight ? '┤' : '├';
    else if (i > left && i < right) row += before[i] ? '┼' : '─';
    else row += before[i] ? '│' : ' ';
    row += i >= left && i < right ? '─' : ' ';
  }
  return row;
}
