import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = process.env.LANEGRAD_DATA ?? resolve(import.meta.dirname, '../../../shared/data/mnist');

/** The folder of MNIST's four files; undefined where they are not on the machine. */
export const fullMnist = existsSync(folder) ? folder : undefined;
