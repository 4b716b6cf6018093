// A layer's weights as scripts have them: `layer.weights`, and what `addWeight` returns.

import { LanegradError, shown } from '../errors.ts';
import { Value } from '../graph/graph.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { formatShape, sameShape, sizeOf } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import { Weights } from '../state/weights.ts';
import { liftInto } from './convert.ts';
import { isTaping, nextNodeId } from './tape.ts';
import { modelTrace, type Tensor } from './tensor.ts';
import { copyOf, standFor, type Variable, variableOf } from './variable.ts';

/** Weights of a layer. `read()` in a layer's `call`; elsewhere a tensor of what they are now. */
export class LayerVariable extends Weights {
  /** A number that no other weights and no tensor have: the later they are made, the larger. */
  readonly id = nextNodeId();

  declare readonly shape: number[];

  /** The weights as a variable, for loops of one's own: `optimizer.minimize(f, true, model.trainableWeights.map((w) => w.val))`. */
  get val(): Variable {
    return variableOf(this);
  }

  /** Their value in a layer's `call`, through which gradients reach them; elsewhere a tensor of what they are now. */
  override read(): Tensor {
    const trace = modelTrace();
    // Those of another model may not have a place yet; shapes need none.
    if (trace?.isForShapes === false && !this.isSettled) Weights.settle([this], this.name);
    const value = super.read() as Tensor;
    return trace ? value : standFor(this, value);
  }

  /**
   * @internal A copy of them as a tensor, which stands for the weights where variables are asked for; what they are, where that
   * is traced or differentiated.
   */
  copy(): Tensor {
    if (modelTrace()) return this.read();
    return isTaping() ? this.val.clone() : copyOf(this);
  }

  /**
   * Sets them: at once or, in a layer's `call`, in each step of the program that is being traced.
   * @param newVal a tensor of their shape, or as many numbers
   * @throws LanegradError for one of another shape, and for what is neither.
   */
  override write(newVal: Value | Float32Array): this {
    this.writing(newVal)();
    return this;
  }

  /** @internal What `write` does, once the value is known to fit: several are all written, or none. */
  writing(newVal: Value | Float32Array): () => void {
    if (newVal instanceof Float32Array) {
      if (newVal.length !== sizeOf(this.shape))
        throw new LanegradError(
          `${this.name}: expected ${sizeOf(this.shape)} numbers; got ${newVal.length}.`,
        );
      return () => super.write(newVal);
    }
    if (!(newVal instanceof Value)) {
      throw new LanegradError(`${this.name}: expected a tensor; got ${shown(newVal)}.`);
    }
    if (!sameShape(newVal.shape, this.shape)) {
      throw new LanegradError(
        `${this.name}: expected weights of shape ${formatShape(this.shape)}; got ${formatShape(newVal.shape)}. ` +
          `Shape mismatch: ${formatShape(this.shape)} vs. ${formatShape(newVal.shape)}.`,
      );
    }
    const { running } = Trace;
    if (running) return () => running.assign(this, asFloat(liftInto(running.graph, newVal as Tensor)));
    const numbers = (newVal as Tensor).computed();
    return () => this.writeNumbers(numbers);
  }
}
