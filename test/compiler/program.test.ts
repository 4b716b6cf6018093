// The compiler's promises: fusion and the sharing of memory change no bit, and programs stay as they are.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions } from '../../src/compiler/program.ts';
import { programCases, seededModel } from './programs.ts';

afterEach(() => {
  Object.assign(compilerOptions, { fusion: true, sharing: true, poison: false });
});

async function weightsAfterSteps(programCase: (typeof programCases)[number]): Promise<Uint32Array[]> {
  const model = seededModel(programCase);
  await model.fit(programCase.x, programCase.y, { epochs: 3, batchSize: 4, seed: 3, verbose: 0 });
  return model.getWeights().map((weight) => new Uint32Array(weight.dataSync().slice().buffer));
}

describe.each(programCases.map((each) => [each.name, each] as const))('%s', (_, programCase) => {
  test('without fusion: the same bits', async () => {
    const fused = await weightsAfterSteps(programCase);
    compilerOptions.fusion = false;
    expect(await weightsAfterSteps(programCase)).toEqual(fused);
  });

  test('with a place in memory for every array: the same bits', async () => {
    const shared = await weightsAfterSteps(programCase);
    compilerOptions.sharing = false;
    expect(await weightsAfterSteps(programCase)).toEqual(shared);
  });

  test('with memory full of NaN before each program first runs: the same bits', async () => {
    const clean = await weightsAfterSteps(programCase);
    compilerOptions.poison = true;
    expect(await weightsAfterSteps(programCase)).toEqual(clean);
  });

  test('program', () => {
    expect(seededModel(programCase).printProgram(programCase.x, programCase.y)).toMatchSnapshot();
  });
});
