// Runs the tests of a bundle and says of each whether it passed.

import jasmineCore from 'jasmine-core';

/** A reporter that hands every test to `report`. Names that occur twice in a file are numbered. */
function reporter(report) {
  const occurrences = new Map();
  return {
    specDone({ fullName, status, failedExpectations }) {
      const { file, name } = partsOf(fullName);
      const times = (occurrences.get(fullName) ?? 0) + 1;
      occurrences.set(fullName, times);
      const message = failedExpectations[0]?.message ?? '';
      report({ file, name: times > 1 ? `${name} (${times})` : name, status, message });
    },
    suiteDone({ fullName, failedExpectations }) {
      const { file } = partsOf(fullName);
      for (const { message } of failedExpectations) {
        report({ file, name: '(outside of its tests)', status: 'failed', message });
      }
    },
  };
}

/** Each file's tests are in a suite that has its name, which has no blanks. */
function partsOf(fullName) {
  const blank = `${fullName} `.indexOf(' ');
  return { file: fullName.slice(0, blank), name: fullName.slice(blank + 1) };
}

/** Does something while nothing is written to the terminal. */
async function quietly(action) {
  const { stdout, stderr } = process;
  const originals = [stdout.write, stderr.write];
  for (const stream of [stdout, stderr]) stream.write = () => true;
  try {
    return await action();
  } finally {
    [stdout.write, stderr.write] = originals;
  }
}

/** Errors have sentences of their own: a test that asks for one of TensorFlow.js's asks for one that contains it. */
const containing = (jasmine) => ({
  toThrowError: (...given) => {
    const { compare } = jasmine.matchers.toThrowError(...given);
    const pattern = (text) => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return {
      compare: (actual, ...expected) =>
        compare(actual, ...expected.map((each) => (typeof each === 'string' ? pattern(each) : each))),
    };
  },
});

/**
 * @param counts whether a test of this name is to be run
 * @returns a list of { file, name, status: 'passed' | 'failed', message }
 */
export async function runTests({ files, harness }, counts) {
  const jasmine = jasmineCore.boot(jasmineCore);
  const environment = jasmine.getEnv();
  Object.assign(globalThis, jasmineCore.interface(jasmine, environment), { jasmine });
  environment.configure({
    random: false,
    specFilter: (spec) => counts(partsOf(spec.getFullName()).name),
  });
  const results = [];
  environment.addReporter(reporter((result) => results.push(result)));
  environment.beforeEach(harness.seedRandomNumbers);
  environment.beforeEach(() => jasmine.addMatchers(containing(jasmine)));
  await quietly(async () => {
    for (const [file, declare] of Object.entries(files)) environment.describe(file, () => void declare());
    await environment.execute();
  });
  return results.filter(({ status }) => status === 'passed' || status === 'failed');
}
