// An input as a layer, for scripts that add it to a sequential model.

import { flag } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Layer } from './layer.ts';
import { layerOptions } from './layer-options.ts';

const inputLayerOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Accepted for scripts that give it: there are no sparse inputs. */
  sparse: optional(flag),
});

export interface InputLayerOptions extends OptionsOf<typeof inputLayerOptions> {}

/** Says the shape of a sequential model's input, by `inputShape` or `batchInputShape`, and hands it on. */
export class InputLayer extends Layer<SettingsOf<typeof inputLayerOptions>, InputLayerOptions> {
  static readonly className = 'InputLayer';
  static override readonly options = inputLayerOptions;
  override readonly supportsMasking = true;

  constructor(options: InputLayerOptions) {
    super(options);
    if (this.options.sparse) throw this.error('sparse must be false: there are no sparse inputs.');
    if (this.batchInputShape) return;
    throw this.error('inputShape must be given (without the batch), or batchInputShape; got undefined.');
  }
}
