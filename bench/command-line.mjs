// What a benchmark is told when it is started.

import process from 'node:process';

/** What the command line says by `--name=…`. */
export const option = (name) =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
