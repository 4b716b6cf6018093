// Runs files of tests for mutate.mjs in a copy of the project whose faults stand behind switches, each file with one of
// the faults turned on. It is told what to run by a message.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createVitest } from 'vitest/node';
import { loadingAll } from './tests.mjs';

const root = process.cwd();
const copied = /\.f\d+\.test\.ts$/;

/** Files in the order in which they were asked for. */
class AsGiven {
  shard = (specifications) => specifications;
  sort = (specifications) => specifications;
}

/** A file of tests for each run, as none runs twice in one go. */
function copiesOf(runs) {
  return runs.map(({ test, fault, patience, log }, i) => {
    const path = join(root, test.replace(/\.test\.ts$/, `.f${i}.test.ts`));
    const first = `meetFault(${fault}, ${patience}, ${JSON.stringify(log)}); `;
    writeFileSync(path, first + readFileSync(join(root, test), 'utf8'));
    return path;
  });
}

/**
 * Says 'begun' when a file begins, and whether it passes and how many milliseconds it took when it has ended.
 * @param {{ runs: import('./tests.mjs').Run[], isOnThreads: boolean, isIsolated: boolean }} request
 */
async function runAll({ runs, isOnThreads, isIsolated }) {
  const copies = copiesOf(runs);
  const reporter = {
    onTestModuleStart: () => process.send('begun', () => {}),
    onTestModuleEnd(module) {
      const { collectDuration, duration } = module.diagnostic();
      process.send({ passes: module.ok(), time: collectDuration + duration }, () => {});
    },
  };
  const setupFiles = [
    isOnThreads && 'test/use-threads.ts',
    !isIsolated && loadingAll,
    'scripts/mutation/setup.ts',
  ].filter(Boolean);
  const vitest = await createVitest(
    'test',
    {
      root,
      config: false,
      watch: false,
      update: false,
      isolate: isIsolated,
      include: ['test/**/*.test.ts'],
      testTimeout: 60_000,
      setupFiles,
      sequence: { sequencer: AsGiven, setupFiles: 'list' },
      execArgv: ['--max-old-space-size=1500'],
      maxWorkers: 1,
      reporters: [reporter],
      resolveSnapshotPath: (path, extension) =>
        join(dirname(path), '__snapshots__', basename(path).replace(copied, '.test.ts') + extension),
    },
    { resolve: { alias: { lanegrad: join(root, 'src/node.ts') } } },
  );
  const project = vitest.getRootProject();
  await vitest.runTestSpecifications(copies.map((path) => project.createSpecification(path)));
  await vitest.close();
  for (const path of copies) rmSync(path);
}

process.once('message', async (request) => {
  await runAll(request);
  process.disconnect();
});
process.once('disconnect', () => process.exit());
