// Runs tests over and over for mutate.mjs, which says by message what was changed and which files of tests to run.
// One process does it, so that only what was changed is transformed again.

import { join } from 'node:path';
import { createVitest } from 'vitest/node';

const root = process.cwd();
const vitest = await createVitest('test', {
  root,
  watch: false,
  project: ['default'],
  bail: 1,
  execArgv: ['--max-old-space-size=1500'],
  maxWorkers: Number(process.env.MUTATION_WORKERS ?? 1),
  reporters: [{}],
});
const specifications = new Map(
  (await vitest.globTestSpecifications()).map((specification) => [specification.moduleId, specification]),
);

async function run({ changed, tests }) {
  if (changed) vitest.invalidateFile(join(root, changed));
  const chosen = tests.map((test) => specifications.get(join(root, test)));
  vitest.state.filesMap.clear();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(chosen);
  const failed = testModules.filter((module) => !module.ok()).map(({ relativeModuleId }) => relativeModuleId);
  const times = testModules.map((module) => [
    module.relativeModuleId,
    Object.values(module.diagnostic()).reduce(
      (sum, time) => (typeof time === 'number' ? sum + time : sum),
      0,
    ),
  ]);
  return { failed, times, hasErrors: unhandledErrors.length > 0 };
}

process.on('message', async (request) => process.send(await run(request), () => {}));
process.on('disconnect', () => process.exit());
process.send({ tests: [...specifications.keys()].map((path) => path.slice(root.length + 1)) });
