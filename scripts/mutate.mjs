// Plants small faults in a copy of the sources, one at a time, and says which of them no test notices.
//
//   node scripts/mutate.mjs [--sample 200] [--seed 1] [--log faults.jsonl] [files or folders of src …]
//
// Without files: src/compiler, src/models, src/graph, src/training. Without --sample: every fault. For each the tests
// of its own folder are run first, those of its file before the others. Once that is done for all faults, those that
// nobody noticed meet all other tests. Faults that change nothing that anybody could notice are known, with the reason,
// in equivalent-mutants.mjs.

import { fork, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { equivalents } from './equivalent-mutants.mjs';
import { mutantsOf, sample } from './mutants.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const { values: options, positionals } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' }, log: { type: 'string' } },
  allowPositionals: true,
});
const folders = ['src/compiler', 'src/models', 'src/graph', 'src/training'];
/** Tests of what is around the library, of the built package, and of whole programs that take long. */
const unrelated =
  /^test\/(architecture|bench|bundlers|consumer|data|docs|engine|examples|io\/(kill|disk|hostile)|package|platform|runtimes|scripts)/;
/** So many files of tests are run before the next fault may be noticed. */
const filesAtOnce = 3;
/** A run that takes so many times as long as without a fault does not end, and that is noticed too. */
const patience = 8;
const leastPatience = 60_000;
/** Milliseconds that a file of tests is taken to need before it was run. */
const unknownTime = 5_000;

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.split('\0').filter(Boolean);

function allMutants() {
  const places = positionals.length > 0 ? positionals : folders;
  const files = git('ls-files', '-z', '--', ...places).filter((file) => file.endsWith('.ts'));
  const all = files.flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    return mutantsOf(source).map((mutant) => described(file, source, mutant));
  });
  const chosen = options.sample
    ? sample(all.length, Number(options.sample), Number(options.seed)).map((i) => all[i])
    : all;
  console.log(`${chosen.length} of ${all.length} faults in ${files.length} files`);
  return chosen;
}

/** A mutant with its line as it was and as it is: that is how it is told, and known again when lines move. */
function described(file, source, { start, end, text }) {
  const begin = source.lastIndexOf('\n', start) + 1;
  const close = source.indexOf('\n', end);
  const tidy = (code) => code.trim().replace(/\s+/g, ' ');
  const mutated = source.slice(0, start) + text + source.slice(end);
  return {
    file,
    start,
    mutated,
    source,
    line: source.slice(0, start).split('\n').length,
    before: tidy(source.slice(begin, close)),
    after: tidy(source.slice(begin, start) + text + source.slice(end, close)),
  };
}

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

/** Runs tests in the copy, in a process that is started anew where one does not end. */
class Tests {
  #copy;
  #process;
  #files;
  /** Milliseconds that each file of tests took when it last passed. */
  #times = new Map();
  /** Files that fail without a fault too. */
  #unfit = new Set();
  /** How often each file noticed a fault. */
  #noticed = new Map();

  constructor(copy) {
    this.#copy = copy;
  }

  async #start() {
    this.#process = fork(join(root, 'scripts/mutation-tests.mjs'), { cwd: this.#copy, detached: true });
    const { tests } = await this.#answer();
    this.#files ??= tests.filter((test) => !unrelated.test(test));
  }

  #answer(limit = 2 ** 30) {
    return new Promise((resolve) => {
      const child = this.#process;
      const timer = setTimeout(() => this.stop(), limit);
      const end = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(answer);
      };
      child.once('message', end).once('exit', () => {
        this.#process = undefined;
        end({ failed: ['(no end)'], times: [], hasErrors: true });
      });
    });
  }

  /** Ends the process with all that it has started. */
  stop() {
    if (!this.#process) return;
    process.kill(-this.#process.pid, 'SIGKILL');
  }

  async #run(request) {
    if (!this.#process) await this.#start();
    const usual = request.tests.reduce((sum, test) => sum + (this.#times.get(test) ?? unknownTime), 0);
    this.#process.send(request);
    const answer = await this.#answer(Math.max(leastPatience, patience * usual));
    for (const [file, time] of answer.times) if (!answer.failed.includes(file)) this.#times.set(file, time);
    return answer;
  }

  /**
   * Which file of tests notices the fault; undefined where none does.
   * @param isNear whether those of the fault's own folder are run, or all others
   */
  async noticing(mutant, isNear) {
    if (!this.#process) await this.#start();
    for (const tests of this.#groups(mutant.file, isNear)) {
      const { failed, hasErrors } = await this.#runWith(mutant, tests);
      const [by = hasErrors ? '(an error)' : undefined] = failed;
      if (!by || !(await this.#isFit(by))) continue;
      this.#noticed.set(by, (this.#noticed.get(by) ?? 0) + 1);
      return by;
    }
    return undefined;
  }

  async #runWith({ file, mutated, source }, tests) {
    const path = join(this.#copy, file);
    writeFileSync(path, mutated);
    const answer = await this.#run({ changed: file, tests });
    writeFileSync(path, source);
    if (this.#process) await this.#run({ changed: file, tests: [] });
    return answer;
  }

  /** Whether a file of tests passes without a fault: known if it ever passed. */
  async #isFit(test) {
    if (!this.#files.includes(test) || this.#times.has(test)) return true;
    const { failed } = await this.#run({ tests: [test] });
    if (failed.length === 0) return true;
    console.log(`left out, as it fails without a fault: ${test}`);
    this.#unfit.add(test);
    return false;
  }

  /** Files of tests in groups: first that of the fault's file, then those that noticed most so far. */
  #groups(file, isNear) {
    const mirror = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
    const room = mirror.split('/').slice(0, 2).join('/');
    const rank = (test) => (test === mirror ? Number.POSITIVE_INFINITY : (this.#noticed.get(test) ?? 0));
    const time = (test) => this.#times.get(test) ?? unknownTime;
    const order = this.#files
      .filter((test) => test.startsWith(`${room}/`) === isNear && !this.#unfit.has(test))
      .sort((a, b) => rank(b) - rank(a) || time(a) - time(b));
    const groups = [];
    for (let i = 0; i < order.length; i += filesAtOnce) groups.push(order.slice(i, i + filesAtOnce));
    return groups;
  }
}

const reasonOf = ({ file, before, after }) =>
  equivalents.find((each) => each.file === file && each.before === before && each.after === after)?.reason;

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

const copy = copyOfTree();
const tests = new Tests(copy);
const end = () => {
  tests.stop();
  rmSync(copy, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', end);
try {
  const mutants = allMutants();
  const results = [];
  const note = (result) => {
    if (options.log) appendFileSync(options.log, `${JSON.stringify(result)}\n`);
    return result;
  };
  const settle = ({ file, line, before, after }, outcome, more) => {
    results.push(note({ outcome, file, line, before, after, ...more }));
    if (outcome === 'survived') console.log(`survived: ${file}:${line}\n  - ${before}\n  + ${after}`);
  };
  const unnoticed = [];
  for (const mutant of mutants) {
    const { file, line, before, after } = mutant;
    const reason = reasonOf(mutant);
    const by = reason ? undefined : await tests.noticing(mutant, true);
    if (reason) settle(mutant, 'equivalent', { reason });
    else if (by) settle(mutant, 'noticed', { by });
    else {
      note({ outcome: 'not noticed by its own folder', file, line, before, after });
      unnoticed.push(mutant);
    }
  }
  for (const mutant of unnoticed) {
    const by = await tests.noticing(mutant, false);
    settle(mutant, by ? 'noticed' : 'survived', { by });
  }
  summary(results);
} finally {
  end();
}
