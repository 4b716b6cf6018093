// Kills processes that train, at random moments, starts each anew until it comes to its end, and tells whether that is
// the end of a training that nobody killed:
//   node test/training/kill-while-training.mjs [kills] [seed]
// Needs the built package. As `trainer` it is the process that is killed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as tf from '../../dist/node.js';

const steps = { epochs: 4, verbose: 0 };

/** Ways of training, each with what has a state of its own. */
const trainings = {
  fit(model, options) {
    const x = tf.randomNormal([200, 20], 0, 1, 'float32', 1);
    const y = x.slice([0, 0], [-1, 1]).square();
    return model.fit(x, y, { ...steps, ...options, batchSize: 10, validationSplit: 0.2 });
  },
  fitDataset(model, options) {
    const rows = Array.from({ length: 160 }, (_, i) => ({
      xs: tf.fill([20], Math.sin(i)),
      ys: [Math.cos(i)],
    }));
    const dataset = tf.data
      .array(rows)
      .shuffle(50)
      .map(({ xs, ys }) => ({ xs: xs.add(tf.randomNormal([20])), ys }))
      .batch(10);
    return model.fitDataset(dataset, { ...steps, ...options, validationData: dataset });
  },
};

function newModel() {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 30, activation: 'relu', inputShape: [20] }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const learningRate = tf.schedules.exponential({ initial: 0.01, decayRate: 0.9, decaySteps: 5 });
  model.compile({ optimizer: tf.train.adam(learningRate), loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

/** Trains, from the latest checkpoint in a folder if there is one, and prints what it came to. */
async function train(kind, path) {
  tf.setSeed(1);
  const model = newModel();
  const { history } = await trainings[kind](model, {
    resume: path,
    callbacks: [
      { onBatchEnd: () => void process.stdout.write('.') },
      tf.callbacks.earlyStopping({ patience: 3, restoreBestWeights: true }),
      tf.callbacks.checkpoint({ path, every: 3, keep: 2 }),
    ],
  });
  const hash = createHash('sha256').update(JSON.stringify(history));
  const remembered = await model.optimizer.getWeights();
  for (const tensor of [...model.getWeights(), ...remembered.map((each) => each.tensor)]) {
    hash.update(tensor.dataSync());
  }
  process.stdout.write(`\n${hash.digest('hex')}\n`);
}

/** Lets a process train, and kills it some milliseconds after so many steps. @returns what it printed last */
async function trained(kind, path, steps = Number.POSITIVE_INFINITY, milliseconds = 0) {
  const args = [fileURLToPath(import.meta.url), 'trainer', kind, path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    if (text.length >= steps) setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  const [code] = await once(child, 'exit');
  if (code) throw new Error(`training by ${kind} failed with ${code}`);
  return { last: text.trim().split('\n').at(-1), wasKilled: code === null };
}

/** What trainings come to that nobody kills, and that are killed `kills` times in all. */
async function killOften(kind, kills, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-kills-'));
  try {
    const { last: expected } = await trained(kind, join(folder, 'expected'));
    const wrong = [];
    let killed = 0;
    let resumed = 0;
    for (let round = 0; killed < kills; round++) {
      const path = join(folder, `${round}`);
      for (;;) {
        if (existsSync(join(path, 'checkpoint-1'))) resumed++;
        const chance = (Math.imul(killed + 1, 2654435761) ^ seed) >>> 0;
        const moment = killed < kills ? [1 + (chance % 30), (chance >>> 8) % 8] : [];
        const { last, wasKilled } = await trained(kind, path, ...moment);
        if (wasKilled) killed++;
        else {
          if (last !== expected) wrong.push(`${kind}, round ${round}: ${last} where ${expected} was to be`);
          break;
        }
      }
    }
    return { killed, resumed, wrong };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Kills half of `kills` for each way of training.
 * @returns how many trainings went on from a checkpoint, and those that came to another end
 */
export async function killWhileTraining(kills, seed) {
  const kinds = Object.keys(trainings);
  const results = await Promise.all(
    kinds.map((kind, i) => killOften(kind, Math.ceil(kills / kinds.length), seed + i)),
  );
  return {
    kills: results.reduce((sum, { killed }) => sum + killed, 0),
    resumed: results.reduce((sum, { resumed }) => sum + resumed, 0),
    wrong: results.flatMap(({ wrong }) => wrong),
  };
}

const [, script, first = '200', ...rest] = process.argv;
if (first === 'trainer') await train(rest[0], rest[1]);
else if (script === fileURLToPath(import.meta.url)) {
  console.log(await killWhileTraining(Number(first), Number(rest[0] ?? 1)));
}
