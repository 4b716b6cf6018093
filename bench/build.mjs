// The build of lanegrad that is measured: the installed package, or, where builds are compared, one file of a build.

import process from 'node:process';

const path = process.env.LANEGRAD_BUILD;

/** All that the build exports. */
export const tf = path ? await import(path) : await import('lanegrad');

/** The `mpi` of the same build: a file beside. */
export const mpi = async () => (await import(path?.replace(/[^/]+$/, 'mpi.js') ?? 'lanegrad/mpi')).mpi;
