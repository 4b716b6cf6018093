// Processes of contestants: one question, one answer; a process that takes too long is ended. Between questions a
// process is halted: some would go on for seconds collecting their garbage, while others are measured.

import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { problem } from './workloads.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const canHalt = process.platform !== 'win32';

/** `ask(message, seconds)` resolves to the answer, or rejects with the contestant's error or the time limit. */
function conversation(child, send) {
  const signal = (name) => canHalt && child.kill(name);
  let pending;
  const settle = (answer) => {
    if (answer.error) pending?.reject(new Error(answer.error));
    else pending?.resolve(answer);
  };
  child.on('exit', (code, signal) => pending?.reject(new Error(`its process ended (${signal ?? code})`)));
  child.on('error', (error) => pending?.reject(error));
  const ask = (message, seconds) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`took longer than the limit of ${seconds} s`)),
        seconds * 1000,
      );
      const done = (settled) => (value) => {
        clearTimeout(timer);
        pending = undefined;
        signal('SIGSTOP');
        settled(value);
      };
      pending = { resolve: done(resolve), reject: done(reject) };
      signal('SIGCONT');
      send(message);
    });
  return { settle, ask, stop: () => child.kill('SIGKILL') };
}

/** @param build the file of lanegrad's build to measure; undefined for the installed package */
export function inNode(file, name, build) {
  const child = fork(here('contestant.mjs'), [file, name], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: build ? { ...process.env, LANEGRAD_BUILD: build } : process.env,
  });
  const talk = conversation(child, (message) => message.ready || child.send(message));
  child.on('message', talk.settle);
  return talk;
}

/** The data goes through files: Python reads them as they are. */
function inPython(python, threads) {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-bench-'));
  const child = spawn(python, [here('contestants/pytorch.py'), String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const send = (message) => {
    if (message.ready) return;
    if (message.workload) writeProblem(folder, problem(message.workload));
    child.stdin.write(`${JSON.stringify({ ...message, folder })}\n`);
  };
  const talk = conversation(child, send);
  createInterface(child.stdout).on('line', (line) => talk.settle(JSON.parse(line)));
  return talk;
}

function writeProblem(folder, { kernels = [], ...arrays }) {
  kernels.forEach((kernel, i) => {
    writeFileSync(join(folder, `kernel${i}`), kernel);
  });
  for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, name), array);
}

/** Seconds until a process must have loaded its library. */
const startLimit = 20;

/** Starts a contestant and waits for its first word: `{ ready }` or PyTorch's version. */
async function startProcess({ file, name, threads }, python) {
  const talk = file === 'pytorch.mjs' ? inPython(python, threads) : inNode(file, name);
  await talk.ask({ ready: true }, startLimit);
  return talk;
}

/** A process of its own for every contestant and workload, or, where time is short, one for all workloads. */
export function processPool(python, keeps) {
  const running = new Map();
  const end = (name) => {
    running.get(name)?.stop();
    running.delete(name);
  };
  return {
    async of(contestant) {
      const talk = running.get(contestant.name) ?? (await startProcess(contestant, python));
      running.set(contestant.name, talk);
      return talk;
    },
    release: (name) => keeps || end(name),
    end,
    endAll: () => [...running.keys()].forEach(end),
  };
}
