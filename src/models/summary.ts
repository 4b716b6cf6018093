// What `summary` prints of a model: a row for each layer, as TensorFlow.js lays them out.

import { sizeOf } from '../graph/shape.ts';
import type { Layer } from '../layers/base/layer.ts';
import type { LayerNode, SymbolicTensor } from '../layers/base/symbolic.ts';
import { flag, functionOf, listOf } from '../options/kinds.ts';
import { type Kind, type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { branchesOf } from './branches.ts';
import type { Network } from './wiring.ts';

/** What lines may have: more is no line. */
const letters: Kind<number> = {
  expected: 'a number from 0 to 10000',
  read: (given) => (typeof given === 'number' && given >= 0 && given <= 1e4 ? given : undefined),
};

const summaryOptions = {
  /** Letters in a line: 90 by default, 115 where layers are no plain chain. */
  lineLength: optional(letters),
  /** Where the columns end: in letters, or as shares of a line. */
  positions: optional(listOf(letters, 'a list of numbers from 0 to 10000')),
  /** What is called with each line; `console.log` by default. */
  print: optional(functionOf<(line: string) => void>()),
  /** Whether a picture of the branches stands before the layers: a dot for each, and lines from those that it reads. False by default. */
  branches: optional(flag, false),
};

/** How a model is told in lines. */
export interface SummaryOptions extends OptionsOf<typeof summaryOptions> {}

const titles = ['Layer (type)', 'Input Shape', 'Output shape', 'Param #', 'Receives inputs'];
const chainLayout = { lineLength: 90, positions: [0.32, 0.61, 0.89, 1] };
const networkLayout = { lineLength: 115, positions: [0.24, 0.48, 0.7, 0.8, 1] };

/** Prints layers, their shapes and their numbers of parameters; of what is no plain chain also who reads whom. */
export function printSummary(model: Network, options: SummaryOptions): void {
  const { print = console.log, branches, ...layout } = readOptions('summary', summaryOptions, options);
  const isPlain = isChain(model);
  const usual = isPlain ? chainLayout : networkLayout;
  const width = layout.lineLength || usual.lineLength;
  const given = layout.positions ?? usual.positions;
  const ends = given[given.length - 1] <= 1 ? given.map((share) => Math.floor(width * share)) : given;
  const isOfModel = inModel(model);
  const pictures = branches ? branchesOf(model, isOfModel) : [];
  const margin = Math.max(0, ...pictures.map(({ layer }) => layer.length));
  const rule = (letter: string) => print(letter.repeat(margin + width));
  const row = (cells: readonly string[], picture = '') => print(picture.padEnd(margin) + layOut(cells, ends));

  rule('_');
  row(isPlain ? titles.slice(0, -1) : titles);
  rule('=');
  for (const [i, layer] of model.layers.entries()) {
    const [first = '', ...others] = isPlain ? [''] : layer.inboundNodes.filter(isOfModel).flatMap(sources);
    const cells = [
      `${layer.name} (${layer.className})`,
      layer.inboundNodes.map(({ taken }) => shapes(taken)),
      outputShape(layer),
      layer.countParams(),
    ].map(String);
    row(isPlain ? cells : [...cells, first], pictures[i]?.layer);
    for (const other of others) row(['', '', '', '', other], pictures[i]?.below);
    const isLast = i === model.layers.length - 1;
    // Rules would cut the picture's lines.
    if (isLast || !branches) rule(isLast ? '=' : '_');
  }
  const total = model.countParams();
  const trainable = model.trainableVariables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  print(`Total params: ${total}`);
  print(`Trainable params: ${trainable}`);
  print(`Non-trainable params: ${total - trainable}`);
  rule('_');
}

/** Whether its layers stand in one row, each once. */
function isChain({ wiring: { inputs, outputs, applications } }: Network): boolean {
  const layers = new Set(applications.map(({ outboundLayer }) => outboundLayer));
  return (
    inputs.length === 1 &&
    outputs.length === 1 &&
    layers.size === applications.length &&
    applications.every(
      ({ inputTensors: [from, ...others] }, i) =>
        others.length === 0 && (i === 0 ? from === inputs[0] : from.source === applications[i - 1]),
    )
  );
}

function inModel({ wiring: { inputs, applications } }: Network): (node: LayerNode) => boolean {
  const nodes = new Set([...inputs.map(({ source }) => source), ...applications]);
  return (node) => nodes.has(node);
}

const shapes = (tensors: readonly SymbolicTensor[]): string =>
  JSON.stringify(tensors.map(({ shape }) => shape));

/** The shape that all its applications make, or that they differ. */
function outputShape({ inboundNodes }: Layer): string {
  const made = new Set(
    inboundNodes.map(({ outputTensors: [first, ...others] }) =>
      others.length > 0 ? shapes([first, ...others]) : JSON.stringify(first.shape),
    ),
  );
  return made.size === 1 ? [...made][0] : 'multiple';
}

/** What an application reads: layers, the numbers of their applications, and of the outputs of these. */
const sources = ({ inputTensors }: LayerNode): string[] =>
  inputTensors.map(
    ({ sourceLayer, name, nodeIndex, tensorIndex }) =>
      `${sourceLayer?.name ?? name}[${nodeIndex}][${tensorIndex}]`,
  );

/** Cells, each cut and filled up to its column's end, and a blank between two. */
function layOut(cells: readonly string[], ends: readonly number[]): string {
  return cells.reduce((line, cell, i) => {
    const end = ends[i];
    return (line + cell).slice(0, i < cells.length - 1 ? end - 1 : end).padEnd(end);
  }, '');
}
