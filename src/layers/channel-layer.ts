// Layers of rows, images or volumes with channels, which may stand first or last.

import type { Value } from '../graph/graph.ts';
import type { SettingsOf } from '../options/option.ts';
import { Layer } from './base/layer.ts';
import type { ModelShape } from './base/symbolic.ts';
import {
  type AnyRank,
  checkRank,
  fromChannelsLast,
  type imageOptions,
  withChannelsLast,
} from './window-options.ts';

/** Whatever its data format says, it computes with channels last. */
export abstract class ChannelLayer<
  Options extends SettingsOf<typeof imageOptions>,
  Given extends object,
> extends Layer<Options, Given> {
  /** How many axes stand beside the batch and the channels. */
  protected abstract readonly rank: AnyRank;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    checkRank(this, inputShape, this.rank, this.options.dataFormat);
  }

  override compute(x: Value): Value {
    const { dataFormat } = this.options;
    return fromChannelsLast(this.change(withChannelsLast(x, dataFormat)), dataFormat);
  }

  /** [batch, …, channels] → [batch, …, channels]. */
  protected abstract change(x: Value): Value;
}
