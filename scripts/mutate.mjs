// Plants small faults in a copy of the sources, one at a time, and says which of them no test notices.
//
//   node scripts/mutate.mjs [--sample 200] [--seed 1] [--log faults.jsonl] [files or folders of src …]
//
// Without files: src/compiler, src/models, src/graph, src/training. Without --sample: every fault. For each the tests
// of its own folder are run first, those of its file before the others. Once that is done for all faults, those that
// nobody noticed meet all other tests. Faults that change nothing that anybody could notice are known, with the reason,
// in equivalent-mutants.mjs. Node 24 and later also notice what only several threads do.

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
  /^test\/(architecture|bench|bundlers|consumer|data|docs|engine|examples|io\/(kill|disk|hostile)|mpi|package|platform|runtimes|scripts|site|soak)/;
/** Milliseconds after which a run does not end, which is noticed too, where it usually takes so many. */
const patience = (usual) => Math.max(60_000, 4 * usual);

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
  /** Files that were run without a fault. */
  #known = new Set();
  /** Milliseconds that each of them takes that passes then. */
  #times = new Map();
  /** Files that pass in a process of their own only. */
  #alone = new Set();
  /** How often each file noticed a fault: of a source, and of all. */
  #noticed = new Map();

  constructor(copy) {
    this.#copy = copy;
  }

  async #start() {
    this.#process = fork(join(root, 'scripts/mutation-tests.mjs'), { cwd: this.#copy, detached: true });
    const { tests } = await this.#answer();
    this.#files ??= tests.filter((test) => !unrelated.test(test.split(': ').at(-1)));
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
    const child = this.#process;
    this.#process = undefined;
    if (child) process.kill(-child.pid, 'SIGKILL');
  }

  async #run(request, limit) {
    if (!this.#process) await this.#start();
    this.#process.send(request);
    return this.#answer(limit);
  }

  /** Runs files without a fault that never ran: those that fail then notice nothing, and how long others take is known. */
  async #learn(tests) {
    const run = async (chosen) => {
      const { failed, times } = await this.#run({ tests: chosen });
      for (const [test, time] of times) if (!failed.includes(test)) this.#times.set(test, time);
      return failed;
    };
    const unknown = tests.filter((test) => !this.#known.has(test));
    if (unknown.length === 0) return;
    for (const test of unknown) this.#known.add(test);
    for (const test of await run(unknown)) {
      if ((await run([test])).length > 0) console.log(`left out, as it fails without a fault: ${test}`);
      else this.#alone.add(test);
    }
  }

  /**
   * Which file of tests notices the fault; undefined where none does.
   * @param isNear whether those of the fault's own folder are run, or all others
   */
  async noticing(mutant, isNear) {
    const { file, mutated, source } = mutant;
    if (!this.#process) await this.#start();
    const sets = this.#sets(file, isNear);
    await this.#learn(sets.flat());
    const path = join(this.#copy, file);
    writeFileSync(path, mutated);
    let by;
    for (const tests of sets.flatMap((set) => this.#groups(set, file))) {
      by = await this.#failing(file, tests);
      if (by) break;
    }
    writeFileSync(path, source);
    if (this.#process) await this.#run({ changed: file, tests: [] });
    if (by)
      for (const key of [by, `${by} ${file}`]) this.#noticed.set(key, (this.#noticed.get(key) ?? 0) + 1);
    return by;
  }

  /** The first of files that fails, in a process of its own too: beside others it may fail for their sake. */
  async #failing(changed, tests) {
    for (let rest = tests; rest.length > 0; ) {
      const usual = rest.reduce((sum, test) => sum + this.#times.get(test), 0);
      const { failed, hasErrors } = await this.#run({ changed, tests: rest, bail: 1 }, patience(usual));
      const [by = hasErrors ? '(an error)' : undefined] = failed;
      if (!rest.includes(by) || by === rest[0]) return by;
      const again = await this.#run({ tests: [by], bail: 1 }, patience(this.#times.get(by)));
      if (again.failed.length > 0) return by;
      rest = rest.slice(rest.indexOf(by) + 1);
    }
    return undefined;
  }

  /**
   * Sets of files that may run side by side. On several threads, which only some versions of Node have, those of the
   * compiler run, and of the fault's folder.
   */
  #sets(file, isNear) {
    const room = roomOf(file);
    const own = this.#files.filter((test) => test.startsWith(`${room}/`));
    if (isNear) return [own];
    const others = this.#files.filter((test) => test.startsWith('test/') && !own.includes(test));
    const onThreads = ['test/compiler', room].map((each) => `threads: ${each}/`);
    return [others, this.#files.filter((test) => onThreads.some((start) => test.startsWith(start)))];
  }

  /** Those of a set that pass side by side, that of the fault's file first, then those that noticed most so far; then the others. */
  #groups(set, file) {
    const mirror = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
    const noticed = (key) => this.#noticed.get(key) ?? 0;
    const rank = (test) =>
      test === mirror ? Number.POSITIVE_INFINITY : 1000 * noticed(`${test} ${file}`) + noticed(test);
    const order = set
      .filter((test) => this.#times.has(test))
      .sort((a, b) => rank(b) - rank(a) || this.#times.get(a) - this.#times.get(b));
    const isAlone = (test) => this.#alone.has(test);
    return [order.filter((test) => !isAlone(test)), ...order.filter(isAlone).map((test) => [test])];
  }
}

/** The folder of tests that mirrors a source's. */
const roomOf = (file) => file.replace(/^src/, 'test').split('/').slice(0, 2).join('/');

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
