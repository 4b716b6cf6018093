// Layers made of other layers, whose weights are their own.

import type { Value } from '../graph/graph.ts';
import { add, mul } from '../graph/ops/elementwise.ts';
import { concat } from '../graph/ops/movement.ts';
import { max } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { reverse } from '../graph/ops/strides.ts';
import { formatShape } from '../graph/shape.ts';
import { oneOf } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import { Trace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import { type CallContext, Layer, type Masks } from './base/layer.ts';
import { type LayerSettings, layerOptions } from './base/layer-options.ts';
import { alongFirst, maskOf, unmasked, withMask } from './base/mask.ts';
import { layerOf } from './base/registry.ts';
import type { ModelShape } from './base/symbolic.ts';
import { Recurrent } from './recurrent/recurrence.ts';

/** A layer made of others. */
abstract class Wrapper<Options extends LayerSettings, Given extends object> extends Layer<Options, Given> {
  /** The layers inside. */
  protected abstract readonly inner: readonly Layer[];

  protected override get innerLayers(): readonly Layer[] {
    return this.inner;
  }

  override get stateful(): boolean {
    return this.inner.some((layer) => layer.stateful);
  }

  override get stateVariables(): readonly Weights[] {
    return this.inner.flatMap((layer) => layer.stateVariables);
  }
}

const timeDistributedOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The layer, or model, to be applied. */
  layer: required(layerOf('a layer', Layer)),
});

export interface TimeDistributedOptions extends OptionsOf<typeof timeDistributedOptions> {}

/** One layer applied to every time step: [batch, time, …] → [batch, time, …]. */
export class TimeDistributed extends Wrapper<
  SettingsOf<typeof timeDistributedOptions>,
  TimeDistributedOptions
> {
  static readonly className = 'TimeDistributed';
  static override readonly options = timeDistributedOptions;
  declare readonly layer: Layer;
  override supportsMasking = true;

  protected override get inner(): readonly [Layer] {
    return [this.options.layer];
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    if (inputShape.length < 3) {
      throw this.error(
        `takes input of shape [batch,time,…]; got ${formatShape(inputShape)}. ` +
          `TimeDistributed layer expects an input shape >= 3D, but received ${formatShape(inputShape)}.`,
      );
    }
    const [layer] = this.inner;
    layer.weightScope = this.name;
    layer.ensureBuilt([null, ...inputShape.slice(2)]);
  }

  override compute(x: Value, { masks: [mask] }: CallContext): readonly Value[] {
    const [batch, time] = x.shape;
    const inOne = (value: Value) => reshape(value, [batch * time, ...value.shape.slice(2)]);
    const inTime = (value: Value) => reshape(value, [batch, time, ...value.shape.slice(1)]);
    // A mask may say more than which steps count: what it says within each is for the layer there.
    const within = mask && mask.rank > 2 ? inOne(mask) : undefined;
    const steps = mask && (within ? max(reshape(mask, [batch, time, -1]), -1) : mask);
    const outputs = this.inner[0].trace(Trace.current, [withMask(inOne(x), within)]);
    return outputs.map((y) => {
      const made = maskOf(y);
      const inner = made && inTime(made);
      const counts = inner && steps ? mul(inner, alongFirst(steps, inner.rank)) : (inner ?? steps);
      return withMask(inTime(unmasked(y)), counts);
    });
  }

  /** Those that come with what is computed. */
  protected override outputMasks(): Masks {
    return [];
  }
}

const mergeModes: Readonly<Record<MergeMode, (a: Value, b: Value) => Value>> = {
  concat: (a, b) => concat([a, b]),
  sum: (a, b) => add(a, b),
  mul: (a, b) => mul(a, b),
  ave: (a, b) => mul(add(a, b), 0.5),
};

type MergeMode = 'concat' | 'sum' | 'mul' | 'ave';

const mergeMode: Kind<MergeMode | null> = {
  ...oneOf<MergeMode>('concat', 'sum', 'mul', 'ave'),
  expected: "'concat', 'sum', 'mul' or 'ave', or null",
  takesNull: true,
};

const bidirectionalOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The recurrent layer. */
  layer: required(layerOf('a recurrent layer', Recurrent)),
  /** How the outputs of both directions become one; null gives both. 'concat' by default. */
  mergeMode: optional(mergeMode, 'concat'),
});

export interface BidirectionalOptions extends OptionsOf<typeof bidirectionalOptions> {}

/**
 * A recurrent layer and one of its kind that goes backwards. Initial and final states are first the states of the one, then
 * the states of the other; sequences of both run forwards.
 */
export class Bidirectional extends Wrapper<SettingsOf<typeof bidirectionalOptions>, BidirectionalOptions> {
  static readonly className = 'Bidirectional';
  static override readonly options = bidirectionalOptions;
  declare readonly mergeMode: SettingsOf<typeof bidirectionalOptions>['mergeMode'];
  protected override readonly inner: readonly [Recurrent, Recurrent];

  constructor(options: BidirectionalOptions) {
    super(options);
    const { layer } = this.options;
    const { goBackwards } = layer.options;
    // Files of Keras 3 have the forward layer's own name.
    const name = layer.name.replace(/^forward_/, '');
    this.inner = [
      layer.copy({ name: `forward_${name}`, goBackwards }),
      layer.copy({ name: `backward_${name}`, goBackwards: !goBackwards }),
    ];
  }

  /** The layer that reads as the given one does. */
  get forwardLayer(): Recurrent {
    return this.inner[0];
  }

  /** The layer that reads the other way. */
  get backwardLayer(): Recurrent {
    return this.inner[1];
  }

  /** What the layers inside take. */
  protected override checkShapes(): void {}

  /** @internal */
  override buildFor(inputShape: ModelShape | readonly ModelShape[]): void {
    for (const layer of this.inner) {
      layer.weightScope = `${this.name}/${layer.name}`;
      layer.ensureBuilt(inputShape);
    }
  }

  override compute(inputs: Value | readonly Value[], { masks }: CallContext): readonly Value[] {
    const [x, ...initial] = [inputs].flat() as Value[];
    if (initial.length % 2 === 1) {
      throw this.error(
        `initialState must be states of both directions, an even number; got ${initial.length}. ` +
          'When passing initial states, the state should be an Array of the states of the underlying RNNs.',
      );
    }
    const half = initial.length / 2;
    const run = (layer: Recurrent, states: readonly Value[]) =>
      layer.trace(Trace.current, [withMask(x, masks[0]), ...states]).map(unmasked);
    const [there, ...finalThere] = run(this.inner[0], initial.slice(0, half));
    const [back, ...finalBack] = run(this.inner[1], initial.slice(half));
    const { mergeMode } = this.options;
    const turned = this.returnSequences ? reverse(back, 1) : back;
    const outputs = mergeMode ? [mergeModes[mergeMode](there, turned)] : [there, turned];
    return [...outputs, ...finalThere, ...finalBack];
  }

  protected override outputMasks([mask]: Masks): Masks {
    if (!this.returnSequences || !mask) return [];
    // Where the layer that was given goes backwards, so do the outputs of both.
    const turned = this.options.layer.options.goBackwards ? reverse(mask, 1) : mask;
    return this.options.mergeMode === null ? [turned, turned] : [turned];
  }

  /** Whether it gives what the layers inside compute at all times. */
  get returnSequences(): boolean {
    return this.options.layer.options.returnSequences;
  }
}
