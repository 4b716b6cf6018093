// The playground's data sets: points of the plane and what is to be learned of them.

import * as tf from 'lanegrad';
import { extent, type Points } from './messages.ts';
import type { DataSet, Settings } from './settings.ts';

/** Draws numbers from −1 to 1, and normal ones. */
interface Draw {
  uniform(): number;
  normal(): number;
}

type Sample = readonly [x: number, y: number, value: number];

/** @param index even for one class, odd for the other @param share from 0 to 1 */
type Sampler = (draw: Draw, noise: number, index: number, share: number) => Sample;

const classOf = (index: number) => (index % 2 === 0 ? 1 : -1);

const samplers: Readonly<Record<DataSet, Sampler>> = {
  circle(draw, noise, index) {
    const inside = index % 2 === 0;
    const radius =
      5 * (inside ? 0.5 * Math.sqrt(Math.abs(draw.uniform())) : 0.7 + 0.3 * Math.abs(draw.uniform()));
    const angle = Math.PI * draw.uniform();
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return [x + noise * 2 * draw.normal(), y + noise * 2 * draw.normal(), classOf(index)];
  },
  xor(draw, noise) {
    const away = (v: number) => v * 4.6 + Math.sign(v) * 0.35;
    const [x, y] = [away(draw.uniform()), away(draw.uniform())];
    return [x + noise * 2 * draw.normal(), y + noise * 2 * draw.normal(), x * y >= 0 ? 1 : -1];
  },
  gauss(draw, noise, index) {
    const spread = 0.8 + 4 * noise;
    const middle = 2.2 * classOf(index);
    return [middle + spread * draw.normal(), middle + spread * draw.normal(), classOf(index)];
  },
  spiral(draw, noise, index, share) {
    const angle = 1.75 * share * 2 * Math.PI + (index % 2 === 0 ? 0 : Math.PI);
    const radius = 5.2 * share;
    const away = () => noise * 1.4 * draw.normal();
    return [radius * Math.sin(angle) + away(), radius * Math.cos(angle) + away(), classOf(index)];
  },
  plane(draw, noise) {
    const [x, y] = [5.5 * draw.uniform(), 5.5 * draw.uniform()];
    return [x, y, clip((x + y) / 10 + noise * draw.normal())];
  },
  hills(draw, noise) {
    const [x, y] = [5.5 * draw.uniform(), 5.5 * draw.uniform()];
    return [x, y, clip(height(x, y) + noise * draw.normal())];
  },
};

const clip = (value: number) => Math.max(-1, Math.min(1, value));

/** Six hills, alternately up and down. */
function height(x: number, y: number): number {
  let sum = 0;
  for (const [row, centreY] of [-2.6, 2.6].entries()) {
    for (const [column, centreX] of [-4, 0, 4].entries()) {
      const distance = Math.hypot(x - centreX, y - centreY);
      sum += ((row + column) % 2 === 0 ? 1 : -1) * Math.max(0, 1 - distance / 2.6);
    }
  }
  return sum;
}

/** The samples, in random order: the first are trained with, the others tested with. */
export function makePoints({ data, samples, noise, trainShare, seed }: Settings): Points {
  const uniform = tf.randomUniform([samples * 4], -1, 1, 'float32', seed).dataSync();
  const normal = tf.randomNormal([samples * 4], 0, 1, 'float32', seed + 1).dataSync();
  const order = tf.randomUniform([samples], 0, 1, 'float32', seed + 2).dataSync();
  let [uniforms, normals] = [0, 0];
  const draw: Draw = { uniform: () => uniform[uniforms++], normal: () => normal[normals++] };
  const sample = samplers[data];
  const made = Array.from({ length: samples }, (_, i) =>
    sample(draw, noise / 50, i, Math.floor(i / 2) / Math.ceil(samples / 2)),
  );
  const shuffled = made.map((each, i) => ({ each, at: order[i] })).sort((a, b) => a.at - b.at);
  const column = (j: number) =>
    Float32Array.from(shuffled, ({ each }) =>
      j < 2 ? Math.max(-extent, Math.min(extent, each[j])) : each[j],
    );
  const training = Math.round((samples * trainShare) / 100);
  return { x: column(0), y: column(1), value: column(2), training };
}
