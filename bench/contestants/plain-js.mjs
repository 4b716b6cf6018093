import { pureJs } from '../plain-trainer.mjs';
import { batches } from '../workloads.mjs';

export const contestants = [
  {
    name: 'plain JS',
    differs: 'loops over Float32Arrays, written here; shuffles and scales its batches itself',
    exact: true,
    cannot: ({ kind }) =>
      ['train', 'epoch'].includes(kind) ? undefined : 'the plain trainer trains dense networks and no more',
    create(workload, data) {
      const step = pureJs(workload, { x: new Float32Array(workload.batch * workload.sizes[0]), ...data });
      const source = workload.kind === 'epoch' ? batches(data, workload) : undefined;
      let loss = Number.NaN;
      return {
        steps(n) {
          for (let i = 0; i < n; i++) {
            if (source) Object.assign(step.input, source.next().value);
            loss = step();
          }
        },
        loss: () => loss,
      };
    },
  },
];
