// A variational autoencoder (Kingma & Welling 2013): images of a spot on 8×8 pixels become two numbers and images again.
// The loss is what the picture lost, and how far the two numbers are from normal ones; new images are drawn from such.
// `node examples/loops/autoencoder.mjs`: some seconds.

import * as tf from 'lanegrad';

const side = 8;
const pixels = side * side;
const epochs = Number(process.argv[2] ?? 40);
const batchSize = 64;

/** An image of a spot around [x, y]. */
const spot = (x, y) =>
  Array.from({ length: pixels }, (_, i) => {
    const [dx, dy] = [(i % side) - x, Math.floor(i / side) - y];
    return Math.exp(-(dx * dx + dy * dy) / 3);
  });

tf.setSeed(2);
const places = tf.randomUniform([512, 2], 1.5, 5.5).arraySync();
const images = tf.tensor2d(places.map(([x, y]) => spot(x, y)));

/** Draws the two numbers of an image from the normal distribution that the encoder says. */
class Draw extends tf.layers.Layer {
  static className = 'Draw';
  computeOutputShape([mean]) {
    return mean;
  }
  call([mean, logVariance]) {
    return mean.add(tf.randomNormal(mean.shape).mul(logVariance.mul(0.5).exp()));
  }
}

const input = tf.input({ shape: [pixels] });
const hidden = tf.layers.dense({ units: 64, activation: 'relu' }).apply(input);
const mean = tf.layers.dense({ units: 2 }).apply(hidden);
const logVariance = tf.layers.dense({ units: 2 }).apply(hidden);
const code = new Draw().apply([mean, logVariance]);
const encoder = tf.model({ inputs: input, outputs: [mean, logVariance, code] });
const decoder = tf.sequential({
  layers: [
    tf.layers.dense({ units: 64, activation: 'relu', inputShape: [2] }),
    tf.layers.dense({ units: pixels, activation: 'sigmoid' }),
  ],
});

function lossOf(batch) {
  const [mean, logVariance, code] = encoder.apply(batch);
  const lost = decoder.apply(code).sub(batch).square().sum(-1);
  const divergence = mean.square().add(logVariance.exp()).sub(logVariance).sub(1).sum(-1).mul(0.5);
  return lost.add(divergence.mul(0.05)).mean();
}

const optimizer = tf.train.adam(3e-3);
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  for (let start = 0; start < 512; start += batchSize) {
    const batch = images.slice([start, 0], [batchSize, -1]);
    sum += optimizer.minimize(() => lossOf(batch), true).dataSync()[0];
  }
  if (epoch % 10 === 0 || epoch === 1)
    console.log(`epoch ${epoch}: loss ${(sum / (512 / batchSize)).toFixed(4)}`);
}

/** How far an image is from the nearest of those that there are, pixel by pixel. */
const drawn = decoder.predict(tf.randomNormal([16, 2]));
const distances = drawn.expandDims(1).sub(images.expandDims(0)).square().mean(-1).min(1);
const typical = images.sub(images.mean(0)).square().mean().dataSync()[0];
console.log(
  `new images: ${((100 * distances.mean().dataSync()[0]) / typical).toFixed(1)} % of the spread away from the nearest`,
);
const shades = ' .:-=+*#%@';
for (const row of drawn.slice([0, 0], [1, -1]).reshape([side, side]).arraySync()) {
  console.log(row.map((value) => shades[Math.floor(value * 9.99)].repeat(2)).join(''));
}
