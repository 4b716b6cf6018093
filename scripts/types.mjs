// Checks the types of the sources, the tests, a user's project and the site. The compiler is named by its file, as
// several are installed, and the command tsc may be any of them.

import { execFileSync } from 'node:child_process';

const projects = ['tsconfig.json', 'test/tsconfig.json', 'test/consumer/tsconfig.json', 'site/tsconfig.json'];

for (const project of projects) {
  execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' });
}
