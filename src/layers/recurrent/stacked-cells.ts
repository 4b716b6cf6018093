// Several cells as one: each reads the output of the one before, at the same time step.

import type { Value } from '../../graph/graph.ts';
import { reshape } from '../../graph/ops/sources.ts';
import type { Shape } from '../../graph/shape.ts';
import { listOf } from '../../options/kinds.ts';
import { describe, type Kind, type OptionsOf, required, type SettingsOf } from '../../options/option.ts';
import type { CallContext } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import { layerOf } from '../base/registry.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { type CellRun, RNNCell } from './rnn-cell.ts';

const anyCells = /* @__PURE__ */ listOf(/* @__PURE__ */ layerOf('a cell', RNNCell), 'a list of cells');

/** Cells, of which there is one at least. */
export const cellList: Kind<readonly RNNCell[], readonly RNNCell[]> = {
  ...anyCells,
  read(given) {
    const cells = anyCells.read(given);
    return cells && cells.length > 0 ? cells : undefined;
  },
};

const stackedOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The cells, from the one that reads the input to the one that gives the output. */
  cells: required(cellList),
});

export interface StackedRNNCellsOptions extends OptionsOf<typeof stackedOptions> {}

/** Cells one above the other. States begin with the states of the last cell, then come those of the cell before, as in TensorFlow.js. */
export class StackedRNNCells extends RNNCell<SettingsOf<typeof stackedOptions>, StackedRNNCellsOptions> {
  static readonly className = 'StackedRNNCells';
  static override readonly options = stackedOptions;

  get stateSize(): number[] {
    return this.#downwards.flatMap((cell) => cell.stateSize);
  }

  override get isRepeated(): boolean {
    return this.options.cells.every((cell) => cell.isRepeated);
  }

  /** The cells from the last to the first. */
  get #downwards(): readonly RNNCell[] {
    return [...this.options.cells].reverse();
  }

  /** @internal Its cells' weights are numbered, as in TensorFlow.js. */
  override buildFor(inputShape: ModelShape): void {
    let shape = inputShape;
    for (const [i, cell] of this.options.cells.entries()) {
      cell.weightScope = `${this.weightScope}/RNNCell_${i}`;
      cell.ensureBuilt(shape);
      shape = [inputShape[0], outputSize(cell)];
    }
  }

  protected override get innerLayers(): readonly RNNCell[] {
    return this.options.cells;
  }

  override begin(context: CallContext, shape: Shape): CellRun {
    const { cells } = this.options;
    const runs = cells.map((cell, i) =>
      cell.begin(context, i === 0 ? shape : [shape[0], outputSize(cells[i - 1])]),
    );
    return {
      project: (x) => runs[0].project(x),
      step: (x, states) => {
        const parts = this.#divide(states);
        let output = x;
        const stepped = runs.map((run, i) => {
          const seen = i === 0 ? output : run.project(reshape(output, [1, ...output.shape]));
          const [next, ...after] = run.step(seen, parts[i]);
          output = next;
          return after;
        });
        return [output, ...stepped.reverse().flat()];
      },
    };
  }

  /** The states of each cell, the first cell's first. */
  #divide(states: readonly Value[]): Value[][] {
    const left = [...states];
    return this.#downwards.map((cell) => left.splice(0, [cell.stateSize].flat().length)).reverse();
  }
}

const outputSize = ({ stateSize }: RNNCell): number => [stateSize].flat()[0];
