import { spawnSync } from 'node:child_process';

/** The first Python that can import torch, if there is one. */
export function findPython() {
  return ['python3', '/usr/bin/python3'].find(
    (path) => spawnSync(path, ['-c', 'import torch, numpy']).status === 0,
  );
}

export const contestants = [1, 2].map((threads) => ({
  name: `PyTorch, ${threads} thread${threads > 1 ? 's' : ''}`,
  differs: 'native; reads the loss once per round',
  exact: true,
  threads,
  cannot: ({ kind }) =>
    ({
      customLoop: 'its loop is one of its own anyway: see the same network',
      expression: 'not written for it here: a library of another language',
    })[kind],
}));
