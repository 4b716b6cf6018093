// What `summary` prints of a model.

import { formatShape, sizeOf } from '../graph/shape.ts';
import type { ModelShape, SymbolicTensor } from '../layers/symbolic.ts';
import type { Application, Network } from './topology.ts';

/** Where the columns end, in characters. */
const columns = { sequential: [32, 58, 70], functional: [32, 58, 70, 100] };

/**
 * Prints a line per layer: name and type, output shape, number of parameters and, in models that are
 * no plain chain, the layers it takes its input from.
 */
export function printSummary(model: Network, print: (line: string) => void): void {
  const { inputs, applications } = model.topology;
  const isChain = inputs.length === 1 && applications.every(({ inputs: from }) => from.length === 1);
  const ends = isChain ? columns.sequential : columns.functional;
  const width = ends[ends.length - 1];
  const row = (cells: readonly string[]) => print(layOut(cells, ends));

  print('_'.repeat(width));
  row(['Layer (type)', 'Output shape', 'Param #', ...(isChain ? [] : ['Receives inputs'])]);
  print('='.repeat(width));
  if (!isChain) {
    for (const input of inputs) row([`${input.name} (InputLayer)`, formatShape(input.shape), '0', '']);
  }
  const counted = new Set<object>();
  for (const application of applications) {
    const { layer } = application;
    const parameters = counted.has(layer) ? 0 : layer.countParams();
    counted.add(layer);
    const cells = [`${layer.name} (${layer.className})`, shapesOf(application), String(parameters)];
    row(isChain ? cells : [...cells, application.inputs.map(sourceName).join(', ')]);
  }
  print('='.repeat(width));
  const total = model.countParams();
  const trainable = model.trainableVariables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  print(`Total params: ${total}`);
  print(`Trainable params: ${trainable}`);
  print(`Non-trainable params: ${total - trainable}`);
  print('_'.repeat(width));
}

const shapesOf = ({ outputs }: Application): string =>
  outputs.map(({ shape }: { shape: ModelShape }) => formatShape(shape)).join(', ');

const sourceName = (tensor: SymbolicTensor): string => tensor.source?.layer.name ?? tensor.name;

function layOut(cells: readonly string[], ends: readonly number[]): string {
  let line = '';
  for (const [i, cell] of cells.entries()) {
    const width = ends[i] - (ends[i - 1] ?? 0);
    line += cell.length < width ? cell.padEnd(width) : `${cell.slice(0, width - 2)}… `;
  }
  return line.trimEnd();
}
