// Bun: learns XOR, and answers over HTTP until it is stopped.
//
//   bun examples/bun/main.mjs [port]        then: curl 'localhost:3000/?a=1&b=0'

import * as tf from 'lanegrad';

tf.setSeed(1);
const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [2], units: 8, activation: 'tanh' }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.1), loss: 'binaryCrossentropy' });
const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
await model.fit(inputs, [[0], [1], [1], [0]], { epochs: 200, batchSize: 4, verbose: 0 });

const server = Bun.serve({
  port: Number(process.argv[2] ?? 3000),
  fetch(request) {
    const { searchParams } = new URL(request.url);
    const [a, b] = [Number(searchParams.get('a')), Number(searchParams.get('b'))];
    const [probability] = model.predict([[a, b]]).dataSync();
    return Response.json({ a, b, xor: Math.round(probability), probability });
  },
});
console.log(`Listening at ${server.url}`);
