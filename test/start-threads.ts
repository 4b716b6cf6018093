// Once in each process of the 'threads' project: three threads, which share whatever can be shared.

import { setTimeout } from 'node:timers/promises';
import { compilerOptions } from '../src/compiler/program.ts';
import { engine, init } from '../src/engine/engine.ts';
import { teamBounds } from '../src/engine/team.ts';
import { nodePlatform } from '../src/platform/node.ts';
import { setPlatform } from '../src/platform/platform.ts';
import { Tensor } from '../src/tensor/tensor.ts';
import { compute } from './compute.ts';

setPlatform(nodePlatform);
compilerOptions.sharedWork = 0;
Object.assign(teamBounds, { program: 0, start: -1 });
init({ threads: 3 });
// The first program starts the threads.
compute([new Tensor(Float32Array.of(1), [1], 'float32')], (x) => [x]);
while (engine().threadsPresent < 3) {
  compute([new Tensor(Float32Array.of(1), [1], 'float32')], (x) => [x]);
  await setTimeout(1);
}
