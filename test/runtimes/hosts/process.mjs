// Node, Deno and Bun: prints the result of the fixed run as JSON. The variant is the first argument.

import process from 'node:process';
import * as tf from 'lanegrad';
import * as digits from './digits.mjs';
import { fixedRun } from './fixed-run.mjs';

console.log(JSON.stringify(await fixedRun(tf, digits, process.argv[2])));
