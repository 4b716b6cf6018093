// Plants small faults in a copy of the sources, all at once behind switches, turns on one at a time, and says which of
// them no test notices.
//
//   node scripts/mutate.mjs [--sample 200] [--seed 1] [--log faults.jsonl] [--tests part] [files or folders of src …]
//
// Without files: the folders below. Without --sample: every fault. Each meets the files of tests that reach it, until one
// fails. A log that is there already goes on: what it has settled is not run again. Faults that change nothing that
// anybody could notice are known, with the reason, in mutation/equivalents.mjs. With --tests, an expression that paths of
// files of tests match, faults meet these alone: a room's sample by its own tests takes minutes, and what survives may be
// noticed by others.
// Node 24 and later also notice what only several threads do.

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { equivalents } from './mutation/equivalents.mjs';
import { mutantsOf, sample, withMutant } from './mutation/mutants.mjs';
import { withSwitches } from './mutation/switches.mjs';
import { loadingAll, onThreads, Tests } from './mutation/tests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const { values: options, positionals } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    log: { type: 'string' },
    tests: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const folders = [
  'compiler',
  'constraints',
  'evaluation',
  'functions',
  'graph',
  'initializers',
  'layers',
  'losses',
  'metrics',
  'models',
  'mpi',
  'optimizers',
  'options',
  'random',
  'regularizers',
  'state',
  'tensor',
  'training',
].map((room) => `src/${room}`);
/** Tests of what is around the library, of the built package, and of whole programs that take long. */
const unrelated =
  /^test\/(architecture|bench|bundlers|conformance|consumer|data|docs|engine|examples|fuzz|io\/(kill|disk|hostile)|mpi\/(hosts|mpi|roots|slurm)|package|platform|runtimes|scripts|site|soak)/;
/** Reads sources as text, which switches stand in the way of: faults that others do not notice meet it alone. */
const readingSources = 'test/options/documented-defaults.test.ts';
/** Those that also run on several threads, where Node has them. */
const ofKernels = /^test\/(compiler|graph|layers|losses|metrics|optimizers|training)\/(?!distributed\/ranks)/;
const firstNodeWithThreads = 24;

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.split('\0').filter(Boolean);

/** A copy of the working tree to plant faults in. */
function copyOfTree() {
  const copy = mkdtempSync(join(tmpdir(), 'lanegrad-mutants-'));
  for (const file of git('ls-files', '-z', '--cached', '--others', '--exclude-standard')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    if (statSync(file, { throwIfNoEntry: false })) cpSync(file, join(copy, file));
  }
  for (const built of ['build', 'src/engine/generated'])
    cpSync(built, join(copy, built), { recursive: true });
  for (const folder of ['node_modules', 'dist']) symlinkSync(join(root, folder), join(copy, folder));
  return copy;
}

/** Plants all faults in a copy. @returns what they are, each at the place of its switch's number */
function plantAll(copy) {
  const places = positionals.length > 0 ? positionals : folders;
  const files = git('ls-files', '-z', '--', ...places).filter((path) => path.endsWith('.ts'));
  const faults = [];
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    const mutants = mutantsOf(source);
    const switches = relative(dirname(file), 'scripts/mutation/switch.ts');
    const code = withSwitches(source, mutants, faults.length);
    writeFileSync(join(copy, file), `import { isOn } from '${switches}';\n${code}`);
    faults.push(...mutants.map((mutant, i) => described(faults.length + i, file, source, mutant)));
  }
  const imports = files.map((file) => `import '${relative(dirname(loadingAll), file)}';\n`);
  writeFileSync(join(copy, loadingAll), imports.join(''));
  return faults;
}

/** A fault by its line as it was and as it is: that is how it is told, and known again when lines move. */
function described(number, file, source, mutant) {
  const begin = source.lastIndexOf('\n', mutant.start) + 1;
  const close = source.indexOf('\n', mutant.end);
  const tidy = (code) => code.trim().replace(/\s+/g, ' ');
  const faulty = withMutant(source, mutant);
  return {
    number,
    faulty,
    file,
    line: source.slice(0, mutant.start).split('\n').length,
    before: tidy(source.slice(begin, close)),
    after: tidy(faulty.slice(begin, close + faulty.length - source.length)),
  };
}

/** Whether the file that reads sources as text passes in a copy without switches. */
const passesAsText = (plain) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', readingSources], { cwd: plain })
    .status === 0;

/** Which file that reads sources as text notices a fault, planted alone in a copy without switches. */
function noticedAsText(plain, { file, faulty }) {
  writeFileSync(join(plain, file), faulty);
  const passes = passesAsText(plain);
  cpSync(file, join(plain, file));
  return passes ? undefined : readingSources;
}

function testFiles() {
  const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard', 'test');
  const wanted = new RegExp(options.tests);
  const isRelated = (file) => file.endsWith('.test.ts') && !unrelated.test(file) && wanted.test(file);
  const related = files.filter(isRelated);
  const hasThreads = Number.parseInt(process.versions.node, 10) >= firstNodeWithThreads;
  const threaded = hasThreads ? related.filter((file) => ofKernels.test(file)) : [];
  return [...related, ...threaded.map((file) => onThreads + file)];
}

const reasonOf = ({ file, before, after }) =>
  equivalents.find(
    (each) => each.file === file && each.before === before && [each.after].flat().includes(after),
  )?.reason;

function summary(results) {
  const rows = folders.concat('other').map((folder) => {
    const own = results.filter(
      ({ file }) => (folders.find((each) => file.startsWith(`${each}/`)) ?? 'other') === folder,
    );
    const count = (outcome) => own.filter((result) => result.outcome === outcome).length;
    return {
      folder,
      faults: own.length,
      noticed: count('noticed'),
      survived: count('survived'),
      equivalent: count('equivalent'),
    };
  });
  console.table(rows.filter(({ faults }) => faults > 0));
  const survived = results.filter(({ outcome }) => outcome === 'survived').length;
  const counted = results.filter(({ outcome }) => outcome !== 'equivalent').length;
  console.log(
    `${survived} of ${counted} that are not equivalent survive: ${((100 * survived) / counted).toFixed(1)} %`,
  );
}

const [copy, plain] = [copyOfTree(), copyOfTree()];
const tests = new Tests(copy);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', () => {
  tests.stop();
  for (const folder of [copy, plain]) rmSync(folder, { recursive: true, force: true });
});

if (!passesAsText(plain)) throw new Error(`${readingSources} notices a fault where there is none.`);
const all = plantAll(copy);
const chosen = options.sample
  ? sample(all.length, Number(options.sample), Number(options.seed)).map((i) => all[i])
  : all;
console.log(`${chosen.length} of ${all.length} faults`);
const results = [];
function settle(fault, outcome, more) {
  const { number, faulty, ...result } = { ...fault, outcome, ...more };
  results.push(result);
  const { file, line, before, after } = fault;
  if (outcome === 'survived') console.log(`survived: ${file}:${line}\n  - ${before}\n  + ${after}`);
  return result;
}
const log = (result) => options.log && appendFileSync(options.log, `${JSON.stringify(result)}\n`);
const keyOf = ({ file, line, before, after }) => JSON.stringify([file, line, before, after]);
const logged = options.log && existsSync(options.log) ? readFileSync(options.log, 'utf8').split('\n') : [];
const known = new Map(
  logged
    .filter(Boolean)
    .map((text) => JSON.parse(text))
    .map((result) => [keyOf(result), result]),
);
const left = chosen.filter((fault) => {
  const reason = reasonOf(fault);
  const { outcome, ...more } = reason ? { outcome: 'equivalent', reason } : (known.get(keyOf(fault)) ?? {});
  if (outcome) settle(fault, outcome, more);
  return !outcome;
});
await tests.learn(testFiles());
await tests.meet(left, (fault, byRunning) => {
  const by = byRunning ?? noticedAsText(plain, fault);
  log(settle(fault, by ? 'noticed' : 'survived', { by }));
});
summary(results);
