// Deno: learns a sine, with no permission but to read the package. Outside this repository, import 'npm:lanegrad'.
//
//   deno run --allow-read examples/deno/main.ts

import * as tf from 'lanegrad';

const x = Array.from({ length: 200 }, (_, i) => [(i / 200) * 2 * Math.PI]);
const y = x.map(([angle]) => [Math.sin(angle)]);

tf.setSeed(1);
const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [1], units: 24, activation: 'tanh' }),
    tf.layers.dense({ units: 24, activation: 'tanh' }),
    tf.layers.dense({ units: 1 }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
await model.fit(x, y, { epochs: 200, verbose: 0 });

for (const angle of [0.5, 1.5, 3, 4.5, 6]) {
  const [learned] = (model.predict([[angle]]) as tf.Tensor).dataSync();
  console.log(`sin ${angle} = ${Math.sin(angle).toFixed(2)}, learned ${learned.toFixed(2)}`);
}
