// Kills processes that save, at random moments, and tells what each left behind:
//   node test/io/kill-while-saving.mjs [kills] [seed]
// Needs the built package. As `saver` it is the process that is killed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as tf from '../../dist/node.js';

/** In what a save differs from the one before. */
export const changes = ['weights', 'architecture', 'optimizer', 'learning rate'];

/** A model of which every number tells which state it is. */
function stateOf(change, number) {
  const units = change === 'architecture' ? 20 + 200 * (number % 5) : 300;
  const initializer = tf.initializers.constant({ value: number });
  const same = { kernelInitializer: initializer, biasInitializer: initializer };
  const model = tf.sequential({
    name: `state_${number}`,
    layers: [
      tf.layers.dense({ units, inputShape: [1000], name: 'a', ...same }),
      tf.layers.dense({ units: 1, name: 'b', ...same }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(number / 4096), loss: 'meanSquaredError' });
  return {
    model,
    includeOptimizer: change === 'learning rate' || (change === 'optimizer' && number % 2 === 0),
  };
}

/** Saves one state after the other until it is killed. */
async function save(folder, change, first) {
  for (let number = first; ; number++) {
    const { model, includeOptimizer } = stateOf(change, number);
    await model.save(`file://${folder}`, { includeOptimizer });
    process.stdout.write(`${number}\n`);
  }
}

/** What is wrong with the model in a folder; undefined where it is whole. @param last the state that was last saved */
async function damage(folder, change, last) {
  try {
    const model = await tf.loadLayersModel(`file://${folder}/model.json`);
    const number = Number(model.name.slice('state_'.length));
    if (number !== last && number !== last + 1) return `state ${number} where ${last} was saved`;
    const isWhole = model
      .getWeights()
      .every((weight) => weight.dataSync().every((value) => value === number));
    if (!isWhole) return `weights of another state than ${number}`;
    const hasRate = change === 'learning rate' && model.optimizer.learningRate !== number / 4096;
    return hasRate ? `the learning rate of another state than ${number}` : undefined;
  } catch (error) {
    return String(error);
  }
}

/** Lets a process save, and kills it `after` milliseconds. @returns the number of the state that was last saved */
async function killed(folder, change, first, after) {
  const args = [fileURLToPath(import.meta.url), 'saver', folder, change, String(first)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  await exit;
  const whole = text.slice(0, text.lastIndexOf('\n'));
  return Number(whole.slice(whole.lastIndexOf('\n') + 1));
}

/** Kills processes that save to one folder. */
async function killOften(change, kills, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-kills-'));
  const losses = [];
  let interrupted = 0;
  try {
    let number = 1;
    for (let kill = 0; kill < kills; kill++) {
      const after = ((Math.imul(kill + 1, 2654435761) ^ seed) >>> 0) % 60;
      const last = await killed(folder, change, number, after);
      const wrong = await damage(folder, change, last);
      if (wrong) losses.push(`kill ${kill}, ${change}: ${wrong}`);
      if (readdirSync(folder).length !== 2) interrupted++;
      // Of the next save: its numbers are known, whatever came of the last.
      number = last + 2;
    }
    await stateOf(change, number).model.save(`file://${folder}`);
    const [{ paths }] = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')).weightsManifest;
    const leftBehind = readdirSync(folder).filter((name) => name !== 'model.json' && name !== paths[0]);
    return { interrupted, losses, leftBehind };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Kills `kills` processes, a quarter of them for each way of changing.
 * @returns how many left more than two files, what was lost, and what one more save then left behind
 */
export async function killWhileSaving(kills, seed) {
  const each = Math.ceil(kills / changes.length);
  const results = await Promise.all(changes.map((change, i) => killOften(change, each, seed + i)));
  return {
    kills: each * changes.length,
    interrupted: results.reduce((sum, { interrupted }) => sum + interrupted, 0),
    losses: results.flatMap(({ losses }) => losses),
    leftBehind: results.flatMap(({ leftBehind }) => leftBehind),
  };
}

const [, script, first = '1000', ...rest] = process.argv;
if (first === 'saver') await save(rest[0], rest[1], Number(rest[2]));
else if (script === fileURLToPath(import.meta.url)) {
  console.log(await killWhileSaving(Number(first), Number(rest[0] ?? 1)));
}
