// The baseline: how many tests there are, and by file the names of those that fail.

const isPassed = ({ status }) => status === 'passed';

/** @returns { tests, failing: { [file]: names } } */
export function baselineOf(results) {
  const failing = {};
  for (const { file, name } of results.filter((result) => !isPassed(result))) {
    failing[file] ??= [];
    failing[file].push(name);
  }
  return { tests: results.length, failing };
}

/** Results that are otherwise than a baseline says: those `broken` since then, and those `mended`. */
export function changesSince({ failing }, results) {
  const failedBefore = ({ file, name }) => failing[file]?.includes(name) ?? false;
  return {
    broken: results.filter((result) => !isPassed(result) && !failedBefore(result)),
    mended: results.filter((result) => isPassed(result) && failedBefore(result)),
  };
}
