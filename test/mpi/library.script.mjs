// Says which rank of how many this is, and which MPI libraries are in its memory.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { mpi } from 'lanegrad/mpi';

const { rank, size } = await mpi({ library: process.argv[2] });
const found = readFileSync('/proc/self/maps', 'utf8').match(/\blib(mpi|mpich|mpi_abi\w*)\.so\S*/g);
console.log(JSON.stringify({ rank, size, libraries: [...new Set(found)] }));
