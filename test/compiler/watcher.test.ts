// Programs whose runs are watched: who watches finds arrays computed when the program says so.

import { expect, test } from 'vitest';
import { Profile } from '../../src/compiler/profile.ts';
import { Program } from '../../src/compiler/program.ts';
import { Graph } from '../../src/graph/graph.ts';
import { identity } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';

/** x·x, x·x·x and so on, each with a place of its own. */
function powers(count: number) {
  const graph = new Graph();
  const x = input(graph, 0, [3, 3]);
  const places = Array.from({ length: count }, (_, i) => newRange(`power ${i}`, [3, 3]));
  const pins = new Map();
  let power = x;
  const values = places.map((place) => {
    power = identity(matMul(power, x), 0);
    pins.set(power, place);
    return power;
  });
  const program = new Program(values, [], { inputs: [x], pins });
  program.array(x).write(Float32Array.of(1, 1, 0, 0, 1, 1, 1, 0, 1));
  return { program, places, completions: values.map((value) => program.completionOf(value)) };
}

test.each(['run', 'timed run'])(
  'a watched %s: arrays are there when it says so, and not all at once',
  (kind) => {
    const { program, places, completions } = powers(4);
    const profile = kind === 'run' ? undefined : new Profile();
    const run = (told?: (commands: number) => void) => {
      const watcher = told && { from: completions[1], told };
      if (profile) program.runTimed(profile, watcher);
      else program.run(watcher);
    };
    run();
    const expected = places.map((place) => place.read());
    for (const place of places) place.write(new Float32Array(9));

    const isThere: boolean[][] = [];
    run((commands) => {
      const done = places.map((place, i) => place.read().every((value, at) => value === expected[i][at]));
      for (const [i, completion] of completions.entries())
        if (completion <= commands) expect(done[i]).toBe(true);
      isThere.push(done);
    });
    expect(isThere[0]).toEqual([true, true, false, false]);
    expect(isThere.at(-1)).toEqual([true, true, true, true]);
    expect(isThere.length).toBeGreaterThanOrEqual(3);
  },
);
