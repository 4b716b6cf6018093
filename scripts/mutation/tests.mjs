// The tests that planted faults meet: which of them reaches which fault, how long each takes, and whether it notices.

import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ number: number, file: string }} Fault the number of its switch, and its source
 * @typedef {{ test: string, fault: number, patience: number, log?: string }} Run a file of tests with a fault on
 * @typedef {{ run: Run, passes: boolean, time?: number }} Outcome
 */

const testProcess = fileURLToPath(new URL('./test-process.mjs', import.meta.url));
/**
 * In the copy, run before files of tests that share what is loaded: loads all that faults are planted in before any is
 * turned on.
 */
export const loadingAll = 'scripts/mutation/load-all.ts';
/** No fault. */
const none = -1;
/** What the names of files begin with that run on several threads. */
export const onThreads = 'threads: ';
const isThreaded = (test) => test.startsWith(onThreads);
/** So many milliseconds tests take in one process: long enough to be worth a start, short enough to choose anew often, */
const roundTime = 90_000;
/** and so many files are chosen for all faults together, where there are fewer faults. */
const maxMeetings = 150;
/** So many faults meet a test before it is run without any, as one may have left traces. */
const maxBetweenChecks = 20;
/** Milliseconds after which a file does not end, which is noticed too, where it usually takes so many; a quarter of an hour where nobody knows. */
const patienceFor = (usual = 225_000) => Math.max(5_000, 4 * usual);
/** The same for a process that says nothing: it loads the library, or is in a loop that no switch is asked in. */
const silence = 90_000;

/** The folder of tests that mirrors a source's. */
const roomOf = (file) => file.replace(/^src/, 'test').split('/').slice(0, 2).join('/');
const mirrorOf = (file) => file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');

/** How often a file is taken to notice faults of a source before it has met any. */
function expectedOf(file, test) {
  if (isThreaded(test)) return 0.01;
  if (test === mirrorOf(file)) return 1;
  return test.startsWith(`${roomOf(file)}/`) ? 0.3 : 0.1;
}

export class Tests {
  #copy;
  #logs;
  #process;
  /** Milliseconds that each file takes that passes without a fault. */
  #times = new Map();
  /** The files that reach each fault when all is loaded. */
  #reaching = new Map();
  /** Faults of what is done once, while the library is loaded. */
  #whileLoading = new Set();
  /** Files that pass in a process of their own only. */
  #alone = new Set();
  /** How often each file met faults of a source, and noticed them. */
  #records = new Map();

  /** @param {string} copy a folder with the project, whose faults are behind switches */
  constructor(copy) {
    this.#copy = copy;
    this.#logs = join(copy, 'faults-reached');
    mkdirSync(this.#logs);
  }

  /** Ends what runs, with all that it has started. */
  stop() {
    const { pid } = this.#process ?? {};
    this.#process = undefined;
    try {
      if (pid) process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }

  /** Runs files without a fault: those that fail even alone are left out, and of others it is known what they reach. */
  async learn(tests) {
    await this.#learn(tests.filter((test) => !isThreaded(test)));
    await this.#learn(tests.filter(isThreaded));
  }

  async #learn(tests) {
    const logOf = (test) => join(this.#logs, test.replace(/\W+/g, '-'));
    const runOf = (test) => ({ test, fault: none, patience: patienceFor(), log: logOf(test) });
    const loading = join(this.#logs, 'loading');
    const know = ({ run, passes, time }) => {
      if (!passes) return;
      this.#times.set(run.test, time);
      for (const fault of numbersIn(run.log))
        this.#reaching.set(fault, (this.#reaching.get(fault) ?? new Set()).add(run.test));
    };
    for (const outcome of await this.#runAll(tests.map(runOf), { FAULTS_REACHED: loading })) {
      know(outcome);
      if (outcome.passes) continue;
      const { test } = outcome.run;
      const [again] = await this.#runAll([runOf(test)]);
      know(again);
      if (again.passes) this.#alone.add(test);
      else console.log(`left out, as it fails without a fault: ${test}`);
    }
    for (const fault of numbersIn(loading)) this.#whileLoading.add(fault);
  }

  /**
   * Lets faults meet the files that reach them, those first that are likely to notice it soonest.
   * @param {Fault[]} faults
   * @param {(fault: Fault, by: string | undefined) => void} settle told once of each: which file noticed, if any did
   */
  async meet(faults, settle) {
    const left = new Map(faults.map((fault) => [fault, new Set(this.#reaching.get(fault.number) ?? [])]));
    const end = (fault, by) => {
      left.delete(fault);
      settle(fault, by);
    };
    while (left.size > 0) {
      for (const [fault, tests] of left) if (tests.size === 0) await this.#meetLoading(fault, end);
      for (const { fault, test, passes } of await this.#round(this.#next(left))) {
        left.get(fault)?.delete(test);
        const record = this.#recordOf(fault, test);
        record.met++;
        if (passes) continue;
        record.noticed++;
        if (left.has(fault)) end(fault, test);
      }
    }
  }

  /** A fault that is in effect while the library is loaded meets files in processes that begin with it. */
  async #meetLoading(fault, end) {
    if (!this.#whileLoading.has(fault.number)) return end(fault);
    const room = roomOf(fault.file);
    const isOwn = (test) => test.startsWith(`${room}/`);
    const tests = [...this.#times.keys()].filter((test) => !this.#alone.has(test));
    tests.sort((a, b) => isOwn(b) - isOwn(a) || this.#times.get(a) - this.#times.get(b));
    for (const files of [tests.filter((test) => !isThreaded(test)), tests.filter(isThreaded)]) {
      const runs = files.map((test) => this.#runOf(fault, test));
      const outcomes = await this.#runAll(runs, { FAULT: String(fault.number) }, { bail: true });
      const noticing = outcomes.find(({ passes }) => !passes);
      if (noticing) return end(fault, noticing.run.test);
    }
    return end(fault);
  }

  #recordOf({ file }, test) {
    const key = `${test} ${file}`;
    if (!this.#records.has(key)) this.#records.set(key, { met: 0, noticed: 0 });
    return this.#records.get(key);
  }

  /** What a fault has to wait for a file, divided by how likely that notices it. */
  #priceOf(fault, test) {
    const { met, noticed } = this.#recordOf(fault, test);
    const before = expectedOf(fault.file, test);
    return ((this.#times.get(test) + 100) * (met + 1)) / (noticed + before);
  }

  /** The cheapest meetings of faults that are left with files, for one process. */
  #next(left) {
    // Few files of each: the first that notices it is the last that it meets.
    const each = Math.ceil(maxMeetings / left.size);
    const byPrice = (a, b) => a.price - b.price;
    const meetings = [...left].flatMap(([fault, tests]) =>
      [...tests]
        .map((test) => ({ fault, test, price: this.#priceOf(fault, test) }))
        .sort(byPrice)
        .slice(0, each),
    );
    meetings.sort(byPrice);
    const chosen = [];
    let time = 0;
    for (const meeting of meetings) {
      if (time > roundTime) break;
      if (isThreaded(meeting.test) !== isThreaded(meetings[0].test)) continue;
      chosen.push(meeting);
      time += this.#times.get(meeting.test);
    }
    return chosen;
  }

  /** @returns for each meeting whether its file passes with its fault */
  async #round(meetings) {
    const isAlone = ({ test }) => this.#alone.has(test);
    const results = await this.#eachAlone(meetings.filter(isAlone));
    const parts = partsOfOneTest(meetings.filter((meeting) => !isAlone(meeting)));
    const checked = parts.flatMap((part) => [...part, { test: part[0].test, fault: { number: none } }]);
    const outcomes = await this.#runAll(checked.map(({ test, fault }) => this.#runOf(fault, test)));
    for (const part of parts) {
      const own = outcomes.splice(0, part.length);
      const check = outcomes.shift();
      if (check.passes) results.push(...part.map((meeting, i) => ({ ...meeting, passes: own[i].passes })));
      else results.push(...(await this.#eachAlone(part)));
    }
    return results;
  }

  /** Each where nothing is left of those before. */
  async #eachAlone(meetings) {
    const runs = meetings.map(({ fault, test }) => this.#runOf(fault, test));
    const outcomes = await this.#runAll(runs, {}, { isIsolated: true });
    return meetings.map((meeting, i) => ({ ...meeting, passes: outcomes[i].passes }));
  }

  /** @returns {Run} */
  #runOf({ number }, test) {
    return { test, fault: number, patience: patienceFor(this.#times.get(test)) };
  }

  /**
   * Runs files one after the other in one process, and in another where that ends before it has run all.
   * @param {Run[]} runs
   * @param {{ bail?: boolean, isIsolated?: boolean }} choices whether those behind the first that fails need not be run;
   *   whether each file loads all anew
   * @returns {Promise<Outcome[]>} in the same order
   */
  async #runAll(runs, env = {}, choices = {}) {
    const outcomes = [];
    while (!isDone(outcomes, runs, choices.bail))
      outcomes.push(...(await this.#runSome(runs.slice(outcomes.length), env, choices)));
    return outcomes;
  }

  /** One process at least as far as its first run; the last outcome may be of a run that it did not survive. */
  #runSome(runs, env, { bail = false, isIsolated = false }) {
    return new Promise((resolve) => {
      const options = {
        cwd: this.#copy,
        detached: true,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      };
      this.#process = fork(testProcess, options);
      const outcomes = [];
      let timer;
      const wait = (usual) => {
        clearTimeout(timer);
        timer = setTimeout(() => this.stop(), silence + 2 * patienceFor(usual));
      };
      this.#process.on('message', ({ passes, time }) => {
        if (passes === undefined) return wait(this.#times.get(runs[outcomes.length].test));
        outcomes.push({ run: runs[outcomes.length], passes, time });
        if (isDone(outcomes, runs, bail)) this.stop();
        else wait(0);
      });
      this.#process.once('exit', () => {
        clearTimeout(timer);
        this.stop();
        if (!isDone(outcomes, runs, bail)) outcomes.push({ run: runs[outcomes.length], passes: false });
        resolve(outcomes);
      });
      const names = runs.map((run) => ({ ...run, test: run.test.replace(onThreads, '') }));
      this.#process.send({ runs: names, isOnThreads: isThreaded(runs[0].test), isIsolated });
      wait(0);
    });
  }
}

/** Whether nothing is left to be run. */
const isDone = (outcomes, runs, bail) =>
  outcomes.length === runs.length || (bail && outcomes.some(({ passes }) => !passes));

/** Meetings with the same file, as many as may be between two checks. */
function partsOfOneTest(meetings) {
  const parts = [];
  for (const meeting of meetings.toSorted((a, b) => (a.test < b.test ? -1 : Number(a.test > b.test)))) {
    const last = parts.at(-1);
    if (last?.[0].test === meeting.test && last.length < maxBetweenChecks) last.push(meeting);
    else parts.push([meeting]);
  }
  return parts;
}

/** The numbers in a file that has one in each line, if there is such a file. */
function numbersIn(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number) : [];
}
