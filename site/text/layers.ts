// The two layers of a GPT that the library does not bring: they compose its functions, as users' layers do.

import * as tf from 'lanegrad';

interface HeadsOptions extends tf.LayerOptions {
  readonly heads: number;
}

/** Adds to each step of [batch, steps, size] a vector, learned, for its place. */
export class Positions extends tf.layers.Layer {
  static readonly className = 'Positions';
  #positions!: tf.LayerVariable;

  override build(inputShape: tf.ModelShape): void {
    const [, steps, size] = inputShape as number[];
    this.#positions = this.addWeight('positions', [steps, size], 'float32', small());
  }

  override call([x]: tf.Value[]): tf.Value {
    return tf.add(x, this.#positions.read());
  }
}

/**
 * Each step of [batch, steps, size] asks those before it, and itself, what it wants to know, in several heads.
 * softmax(Q·Kᵀ / √d + mask)·V, heads side by side, projected.
 * @returns what it learned, [batch, steps, size], and how much each step looked at each, [batch, heads, steps, steps]
 */
export class CausalAttention extends tf.layers.Layer<HeadsOptions> {
  static readonly className = 'CausalAttention';
  #asked!: tf.LayerVariable;
  #projection!: tf.LayerVariable;

  override build(inputShape: tf.ModelShape): void {
    const [, , size] = inputShape as number[];
    this.#asked = this.addWeight('queries_keys_values', [size, 3 * size], 'float32', 'glorotUniform');
    this.#projection = this.addWeight('projection', [size, size], 'float32', 'glorotUniform');
  }

  override call([x]: tf.Value[]): tf.Value[] {
    const [batch, steps, size] = x.shape;
    const { heads } = this.options;
    const headSize = size / heads;
    const all = tf.reshape(tf.matMul(tf.reshape(x, [batch * steps, size]), this.#asked.read()), [
      batch,
      steps,
      3 * heads,
      headSize,
    ]);
    const [queries, keys, values] = tf.split(tf.transpose(all, [0, 2, 1, 3]), 3, 1);
    const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(headSize));
    const looks = tf.softmax(tf.add(scores, future(steps)));
    const learned = tf.transpose(tf.matMul(looks, values), [0, 2, 1, 3]);
    const rows = tf.matMul(tf.reshape(learned, [batch * steps, size]), this.#projection.read());
    return [tf.reshape(rows, [batch, steps, size]), looks];
  }
}

const small = () => tf.initializers.randomNormal({ stddev: 0.02 });

/** What is added to scores of steps that are not yet there: [steps, steps]. */
const future = (steps: number): tf.Tensor =>
  tf.tensor2d(
    Array.from({ length: steps }, (_, i) => Array.from({ length: steps }, (_, j) => (j > i ? -1e9 : 0))),
  );

tf.serialization.registerClass(Positions as never);
tf.serialization.registerClass(CausalAttention as never);
