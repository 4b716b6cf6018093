// Models that are no chains, as functions of the library: tfjs-order.mjs makes them with TensorFlow.js, the test of
// their order with lanegrad.

const dense = (tf, name, units = 4, options = {}) =>
  tf.layers.dense({ units, name, activation: 'tanh', ...options });

export const branchedModels = {
  /** One branch longer than the other. */
  uneven(tf) {
    const input = tf.input({ shape: [4], name: 'in' });
    const short = dense(tf, 'short').apply(input);
    const long = dense(tf, 'long_b').apply(dense(tf, 'long_a').apply(input));
    const sum = tf.layers.add({ name: 'sum' }).apply([short, long]);
    return tf.model({ inputs: input, outputs: dense(tf, 'out', 2).apply(sum), name: 'uneven' });
  },
  /** Normalised and frozen layers on the way. */
  residual(tf) {
    const input = tf.input({ shape: [4], name: 'in' });
    const block = (x, name, options) => {
      const inner = tf.layers
        .batchNormalization({ name: `${name}_norm` })
        .apply(dense(tf, `${name}_dense`, 4, options).apply(x));
      return tf.layers.add({ name: `${name}_add` }).apply([x, inner]);
    };
    const outputs = dense(tf, 'out', 2).apply(block(block(input, 'first', { trainable: false }), 'second'));
    return tf.model({ inputs: input, outputs, name: 'residual' });
  },
  /** A layer read at two depths, two inputs, two outputs that are named against their depth. */
  shared(tf) {
    const a = tf.input({ shape: [4], name: 'a' });
    const b = tf.input({ shape: [4], name: 'b' });
    const layer = dense(tf, 'layer');
    const left = layer.apply(a);
    const right = layer.apply(dense(tf, 'before').apply(b));
    const both = tf.layers.concatenate({ name: 'both' }).apply([left, right]);
    const near = dense(tf, 'near', 1).apply(left);
    const far = dense(tf, 'far_b', 2).apply(dense(tf, 'far_a', 3).apply(both));
    return tf.model({ inputs: [a, b], outputs: [near, far], name: 'shared' });
  },
  /** A model within a model, part of it not trained. */
  nested(tf) {
    const inner = tf.sequential({
      name: 'inner',
      layers: [
        dense(tf, 'inner_a', 4, { inputShape: [4] }),
        tf.layers.batchNormalization({ name: 'inner_norm' }),
        dense(tf, 'inner_b', 4, { trainable: false }),
      ],
    });
    const input = tf.input({ shape: [4], name: 'in' });
    const aside = dense(tf, 'aside').apply(input);
    const product = tf.layers.multiply({ name: 'product' }).apply([inner.apply(input), aside]);
    return tf.model({ inputs: input, outputs: dense(tf, 'out', 2).apply(product), name: 'nested' });
  },
};
