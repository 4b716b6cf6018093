// Recurrent cells as functions: basicLSTMCell, multiRNNCell.

import type { Value } from '../graph/graph.ts';
import { add, mul, sigmoid, tanh } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { concat, slice } from '../graph/ops/movement.ts';
import { functionOf, listOf, readAs } from '../options/kinds.ts';
import { type TensorArgument, toTensor, toTensors } from '../tensor/convert.ts';
import type { Tensor2D } from '../tensor/types.ts';
import { type Giving, lift } from './lift.ts';

function stepOfLSTM(
  forgetBias: Value,
  lstmKernel: Value,
  lstmBias: Value,
  data: Value,
  c: Value,
  h: Value,
): [Value, Value] {
  const gates = add(matMul(concat([data, h], 1), lstmKernel), lstmBias);
  const [batch, columns] = gates.shape;
  const gate = (i: number) => slice(gates, [0, (i * columns) / 4], [batch, columns / 4]);
  const kept = mul(c, sigmoid(add(forgetBias, gate(2))));
  const newC = add(mul(sigmoid(gate(0)), tanh(gate(1))), kept);
  return [newC, mul(tanh(newC), sigmoid(gate(3)))];
}

/**
 * One step of an LSTM: [data, h]·kernel + bias gives the input gate, the new input, the forget gate, to which forgetBias is
 * added, and the output gate.
 * @param lstmKernel [inputs + units, 4·units]
 * @param lstmBias [4·units]
 * @param data [batch, inputs]
 * @param c the cell's state [batch, units], and `h` its output before
 * @returns the new c and h
 */
export const basicLSTMCell: Giving<Tensor2D, typeof stepOfLSTM> = lift(
  'basicLSTMCell',
  ['forgetBias', 'lstmKernel', 'lstmBias', 'data', 'c', 'h'],
  stepOfLSTM,
);

/** A recurrent cell: its input and states before to its states after. */
export type LSTMCellFunc = (data: Tensor2D, c: Tensor2D, h: Tensor2D) => [Tensor2D, Tensor2D];

const cells = /* @__PURE__ */ listOf(/* @__PURE__ */ functionOf<LSTMCellFunc>(), 'a list of functions');

/** One step of cells on top of each other: each one's output h is the next one's input. Returns the new c's and h's. */
export function multiRNNCell(
  lstmCells: readonly LSTMCellFunc[],
  data: TensorArgument,
  c: readonly TensorArgument[],
  h: readonly TensorArgument[],
): [Tensor2D[], Tensor2D[]] {
  const name = 'multiRNNCell';
  readAs(cells, `${name}: lstmCells`, lstmCells);
  const states = toTensors(name, 'c', c) as Tensor2D[];
  const outputs = toTensors(name, 'h', h) as Tensor2D[];
  const after: [Tensor2D[], Tensor2D[]] = [[], []];
  let input = toTensor(name, 'data', data) as Tensor2D;
  for (const [i, cell] of lstmCells.entries()) {
    const [newC, newH] = cell(input, states[i], outputs[i]);
    after[0].push(newC);
    after[1].push(newH);
    input = newH;
  }
  return after;
}
