// A network learns to keep a pole upright on a cart by trying: what was followed by a long balance it does more often
// (policy gradient, Williams 1992). 32 carts are tried at once, so that each pass through the loop has the same shape.
// `node examples/loops/cart-pole.mjs`: some seconds.

import * as tf from 'lanegrad';

const carts = 32;
const longest = 200;
const passes = Number(process.argv[2] ?? 40);
const discount = 0.98;

/** Where a cart is after a fiftieth of a second of push to the right (1) or left (0): Barto, Sutton, Anderson 1983. */
function pushed([x, speed, angle, turning], right) {
  const [poleMass, mass, half, gravity, seconds] = [0.1, 1.1, 0.5, 9.8, 0.02];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const swing = ((right ? 10 : -10) + poleMass * half * turning ** 2 * sin) / mass;
  const turn = (gravity * sin - cos * swing) / (half * (4 / 3 - (poleMass * cos ** 2) / mass));
  const push = swing - (poleMass * half * turn * cos) / mass;
  return [x + seconds * speed, speed + seconds * push, angle + seconds * turning, turning + seconds * turn];
}

const hasFallen = ([x, , angle]) => Math.abs(x) > 2.4 || Math.abs(angle) > Math.PI / 15;

/** What each step was worth: itself and what came after it, less the further away. */
function worthOf(steps) {
  const worth = new Float32Array(longest);
  for (let t = steps - 1, sum = 0; t >= 0; t--) {
    sum = 1 + discount * sum;
    worth[t] = sum;
  }
  return worth;
}

/** Carts that the network moves until they have fallen: [step, cart] of what it saw and did, and how long each stood. */
function play(policy) {
  let states = tf.randomUniform([carts, 4], -0.05, 0.05).arraySync();
  const lengths = Array(carts).fill(longest);
  const [seen, done] = [[], []];
  for (let t = 0; t < longest; t++) {
    const chance = policy.predict(tf.tensor2d(states)).sigmoid().squeeze([1]);
    const right = tf.randomUniform([carts]).less(chance).dataSync();
    seen.push(...states);
    done.push(...right);
    states = states.map((state, i) => {
      const next = pushed(state, right[i]);
      if (hasFallen(next) && lengths[i] === longest) lengths[i] = t + 1;
      return lengths[i] < longest ? state : next;
    });
  }
  return { seen, done, lengths };
}

tf.setSeed(1);
const policy = tf.sequential({
  layers: [
    tf.layers.dense({ units: 16, activation: 'tanh', inputShape: [4] }),
    tf.layers.dense({ units: 1 }),
  ],
});
const optimizer = tf.train.adam(0.02);
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
for (let pass = 1; pass <= passes; pass++) {
  const { seen, done, lengths } = play(policy);
  const worths = lengths.map(worthOf);
  const counted = tf.tensor1d(seen.map((_, i) => (Math.floor(i / carts) < lengths[i % carts] ? 1 : 0)));
  const worth = tf.tensor1d(seen.map((_, i) => worths[i % carts][Math.floor(i / carts)]));
  const steps = counted.sum();
  const average = worth.sum().div(steps);
  const better = worth.sub(average).mul(counted);
  const advantage = better.div(better.square().sum().div(steps).sqrt());
  const states = tf.tensor2d(seen);
  const did = tf.tensor1d(done, 'float32');
  optimizer.minimize(() => {
    const logits = policy.apply(states).squeeze([1]);
    // The logarithm of the chance of what was done: that of a logistic function.
    const likelihood = did.mul(logits).sub(logits.softplus());
    return likelihood.mul(advantage).sum().div(steps).neg();
  });
  if (pass % 10 === 0 || pass === 1) console.log(`pass ${pass}: ${mean(lengths).toFixed(1)} steps upright`);
}
