// Recurrent layers: one for each built-in cell, and one for cells of one's own.

import { describe, type Kind, type OptionsOf, required, type SettingsOf } from '../../options/option.ts';
import type { LayerClass } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import { layerOf } from '../base/registry.ts';
import type { biasOptions } from '../base/weighted.ts';
import { type RecurrenceSettings, Recurrent, recurrenceOptions } from './recurrence.ts';
import {
  GRUCell,
  gruCellOptions,
  LSTMCell,
  lstmCellOptions,
  SimpleRNNCell,
  simpleRNNCellOptions,
} from './recurrent-cells.ts';
import { RNNCell } from './rnn-cell.ts';
import { cellList, StackedRNNCells } from './stacked-cells.ts';

const simpleRNNOptions = /* @__PURE__ */ describe(simpleRNNCellOptions, recurrenceOptions);
const gruOptions = /* @__PURE__ */ describe(gruCellOptions, recurrenceOptions);
const lstmOptions = /* @__PURE__ */ describe(lstmCellOptions, recurrenceOptions);

/** Options of a simple recurrent layer. */
export interface SimpleRNNOptions extends OptionsOf<typeof simpleRNNOptions> {}
/** Options of a layer of gated recurrent units. */
export interface GRUOptions extends OptionsOf<typeof gruOptions> {}
/** Options of a layer of long short-term memory. */
export interface LSTMOptions extends OptionsOf<typeof lstmOptions> {}

/** A recurrent layer whose options are its cell's too. */
export abstract class CellLayer<
  Options extends RecurrenceSettings & Pick<SettingsOf<typeof biasOptions>, 'activityRegularizer'>,
  Given extends object,
> extends Recurrent<Options, Given> {
  readonly cell: RNNCell;

  constructor(options: Given, Cell: LayerClass<RNNCell>) {
    super(options);
    this.activityRegularizer = this.options.activityRegularizer;
    const { weights: _, ...shared } = this.options;
    this.cell = Cell.fromConfig(Cell, { ...shared, name: this.name, trainable: true });
    // What is set as an attribute of either is both's.
    const own = this.cell.options as unknown as Record<string, unknown>;
    for (const name of Object.keys(Cell.options)) {
      if (name in layerOptions) continue;
      Object.defineProperty(this.options, name, {
        get: () => own[name],
        set(value: unknown) {
          own[name] = value;
        },
      });
    }
  }
}

/** h ← activation(x·W + h·U + b): [batch, time, features] → [batch, units]. */
export class SimpleRNN extends CellLayer<SettingsOf<typeof simpleRNNOptions>, SimpleRNNOptions> {
  static readonly className = 'SimpleRNN';
  static override readonly options = simpleRNNOptions;

  constructor(options: SimpleRNNOptions) {
    super(options, SimpleRNNCell);
  }
}

/** Gated recurrent units (see `GRUCell`): [batch, time, features] → [batch, units]. */
export class GRU extends CellLayer<SettingsOf<typeof gruOptions>, GRUOptions> {
  static readonly className = 'GRU';
  static override readonly options = gruOptions;

  constructor(options: GRUOptions) {
    super(options, GRUCell);
  }
}

/** Long short-term memory (see `LSTMCell`): [batch, time, features] → [batch, units]. */
export class LSTM extends CellLayer<SettingsOf<typeof lstmOptions>, LSTMOptions> {
  static readonly className = 'LSTM';
  static override readonly options = lstmOptions;

  constructor(options: LSTMOptions) {
    super(options, LSTMCell);
  }
}

const oneCell = /* @__PURE__ */ layerOf('a cell, or a list of cells', RNNCell);

/** A cell, or several that become one. */
const cell: Kind<RNNCell | readonly RNNCell[], RNNCell> = {
  ...oneCell,
  read(given) {
    if (!Array.isArray(given)) return oneCell.read(given);
    const cells = cellList.read(given);
    return cells && new StackedRNNCells({ cells });
  },
};

const rnnOptions = /* @__PURE__ */ describe(describe(layerOptions, recurrenceOptions), {
  /** What is done at each time: a cell, or a list of cells, each reading the one before. */
  cell: required(cell),
});

/** Options of a layer of cells. */
export interface RNNOptions extends OptionsOf<typeof rnnOptions> {}

/** A cell repeated over time: [batch, time, …] → [batch, …]. */
export class RNN extends Recurrent<SettingsOf<typeof rnnOptions>, RNNOptions> {
  static readonly className: string = 'RNN';
  static override readonly options = rnnOptions;
  readonly cell = this.options.cell;

  protected override checkInput(): void {}

  override get trainableNames(): readonly string[] {
    return this.trainable ? [this.name, ...this.cell.trainableNames] : [];
  }
}
