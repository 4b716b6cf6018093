// Runs tests over and over for mutate.mjs, which says by message what was changed and which files of tests to run.
// One process does it, so that only what was changed is transformed again; and each run loads the library once, for all
// its files.

import { join } from 'node:path';
import { createVitest } from 'vitest/node';

const root = process.cwd();

/** Files in the order in which they were asked for. */
class AsGiven {
  shard = (specifications) => specifications;
  sort = (specifications) => specifications;
}

const vitest = await createVitest('test', {
  root,
  watch: false,
  project: ['default', 'threads'],
  isolate: false,
  sequence: { sequencer: AsGiven },
  execArgv: ['--max-old-space-size=1500'],
  maxWorkers: 1,
  reporters: [{}],
});
const nameOf = ({ project, moduleId }) =>
  `${project.name === 'default' ? '' : `${project.name}: `}${moduleId.slice(root.length + 1)}`;
const specifications = new Map(
  (await vitest.globTestSpecifications()).map((specification) => [nameOf(specification), specification]),
);

async function run({ changed, tests, bail = 0 }) {
  if (changed) vitest.invalidateFile(join(root, changed));
  for (const { config } of vitest.projects) config.bail = bail;
  vitest.state.filesMap.clear();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    tests.map((test) => specifications.get(test)),
  );
  const failed = testModules.filter((module) => !module.ok()).map(nameOf);
  const times = testModules.map((module) => {
    const { collectDuration, duration } = module.diagnostic();
    return [nameOf(module), collectDuration + duration];
  });
  return { failed, times, hasErrors: unhandledErrors.length > 0 };
}

process.on('message', async (request) => process.send(await run(request), () => {}));
process.on('disconnect', () => process.exit());
process.send({ tests: [...specifications.keys()] });
