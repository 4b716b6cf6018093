// Layers made of other layers, whose weights are their own.

import type { Value } from '../graph/graph.ts';
import { add, mul } from '../graph/ops/elementwise.ts';
import { concat } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { reverse } from '../graph/ops/strides.ts';
import { formatShape } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import type { Variable } from '../state/variable.ts';
import { type CallContext, Layer, type LayerOptions, type Masks } from './layer.ts';
import { unmasked, withMask } from './mask.ts';
import { Recurrent, type RecurrentOptions } from './recurrence.ts';
import type { ModelShape } from './symbolic.ts';

export interface WrapperOptions<Inner extends Layer = Layer> extends LayerOptions {
  /** The layer to be wrapped. */
  readonly layer: Inner;
}

abstract class Wrapper<Options extends WrapperOptions> extends Layer<Options> {
  /** The layers inside. */
  protected abstract readonly inner: readonly Layer[];

  override get variables(): readonly Variable[] {
    return this.inner.flatMap((layer) => layer.variables);
  }

  override get trainableVariables(): readonly Variable[] {
    return this.trainable ? this.inner.flatMap((layer) => layer.trainableVariables) : [];
  }

  override get trainableParts(): readonly string[] {
    return this.trainable ? [this.name, ...this.inner.flatMap((layer) => layer.trainableParts)] : [];
  }

  override get stateVariables(): readonly Variable[] {
    return this.inner.flatMap((layer) => layer.stateVariables);
  }
}

/** One layer applied to every time step: [batch, time, …] → [batch, time, …]. */
export class TimeDistributed extends Wrapper<WrapperOptions> {
  static readonly className = 'TimeDistributed';
  override readonly supportsMasking = true;
  protected override readonly inner = [this.options.layer];

  override build(inputShape: ModelShape): void {
    if (inputShape.length < 3) {
      throw this.error(`takes input of shape [batch,time,…]; got ${formatShape(inputShape)}.`);
    }
    const [layer] = this.inner;
    layer.weightScope = this.name;
    layer.ensureBuilt([null, ...inputShape.slice(2)]);
  }

  override call(x: Value): readonly Value[] {
    const [batch, time, ...sizes] = x.shape;
    const outputs = this.inner[0].trace(Trace.current, [reshape(x, [batch * time, ...sizes])]);
    return outputs.map((y) => reshape(unmasked(y), [batch, time, ...y.shape.slice(1)]));
  }
}

const mergeModes = {
  concat: (a: Value, b: Value) => concat([a, b]),
  sum: (a: Value, b: Value) => add(a, b),
  mul: (a: Value, b: Value) => mul(a, b),
  ave: (a: Value, b: Value) => mul(add(a, b), 0.5),
};

export interface BidirectionalOptions extends WrapperOptions<Recurrent> {
  /** How the outputs of both directions become one; null gives both. 'concat' by default. */
  readonly mergeMode?: keyof typeof mergeModes | null;
}

/**
 * A recurrent layer and one of its kind that goes backwards. Initial and final states are those of the one, then
 * those of the other; sequences of both run forwards.
 */
export class Bidirectional extends Wrapper<BidirectionalOptions> {
  static readonly className = 'Bidirectional';
  protected override readonly inner: readonly [Recurrent, Recurrent];

  constructor(options: BidirectionalOptions) {
    super(options);
    const { layer, mergeMode } = options;
    if (!(layer instanceof Recurrent)) {
      throw this.error(`layer must be recurrent; got ${(layer as Layer | undefined)?.className}.`);
    }
    if (mergeMode && !Object.hasOwn(mergeModes, mergeMode)) {
      const known = Object.keys(mergeModes).join(', ');
      throw this.error(`mergeMode must be one of ${known}, or null; got ${mergeMode}.`);
    }
    const { goBackwards = false } = layer.options;
    this.inner = [this.#like(layer, 'forward', goBackwards), this.#like(layer, 'backward', !goBackwards)];
  }

  override build(inputShape: ModelShape | readonly ModelShape[]): void {
    for (const layer of this.inner) {
      layer.weightScope = `${this.name}/${layer.name}`;
      layer.ensureBuilt(inputShape);
    }
  }

  override call(inputs: Value | readonly Value[], { masks }: CallContext): readonly Value[] {
    const [x, ...initial] = [inputs].flat() as Value[];
    const half = initial.length / 2;
    const run = (layer: Recurrent, states: readonly Value[]) =>
      layer.trace(Trace.current, [withMask(x, masks[0]), ...states]).map(unmasked);
    const [there, ...finalThere] = run(this.inner[0], initial.slice(0, half));
    const [back, ...finalBack] = run(this.inner[1], initial.slice(half));
    const { mergeMode = 'concat' } = this.options;
    const turned = this.#returnSequences ? reverse(back, 1) : back;
    const outputs = mergeMode ? [mergeModes[mergeMode](there, turned)] : [there, turned];
    return [...outputs, ...finalThere, ...finalBack];
  }

  protected override computeMask([mask]: Masks): Masks {
    if (!this.#returnSequences) return [];
    return this.options.mergeMode === null ? [mask, mask] : [mask];
  }

  get #returnSequences(): boolean {
    return this.options.layer.options.returnSequences ?? false;
  }

  #like(layer: Recurrent, direction: string, goBackwards: boolean): Recurrent {
    const Class = layer.constructor as new (options: RecurrentOptions) => Recurrent;
    const { name, trainable, options } = layer;
    return new Class({
      ...options,
      name: `${direction}_${name}`,
      trainable,
      goBackwards,
      weights: undefined,
    });
  }
}
