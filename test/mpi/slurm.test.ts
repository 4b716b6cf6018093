// The file for Slurm, on a Slurm of one node that the test starts: the same weights, and an end where a rank is killed.

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemProgram } from '../runtimes/processes.ts';
import { failureOf, isThere, run } from './launch.ts';
import { script } from './train.ts';

const root = resolve(import.meta.dirname, '../..');
const daemons = ['munged', 'slurmctld', 'slurmd'].map((name) => systemProgram(name) ?? `/usr/sbin/${name}`);
const canStart = process.getuid?.() === 0 && systemProgram('sbatch') !== undefined;

/** Which of Slurm's ways to start ranks is for which launcher's MPI. */
const ways = [
  ['pmix', 'mpirun.openmpi'],
  ['pmi2', 'mpirun.mpich'],
] as const;
const possible = ways.filter(([, launcher]) => isThere(launcher));

describe.skipIf(!canStart)('Slurm (left out where it is not installed, or not for root)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-slurm-'));
  const at = (name: string) => join(folder, name);
  // As between hosts: over shared memory MPICH ends where it may wait for ever over TCP.
  const settings = { SLURM_CONF: at('slurm.conf'), UCX_TLS: 'tcp,self' };
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    for (const name of ['spool', 'state']) mkdirSync(at(name));
    writeFileSync(at('key'), Buffer.alloc(128, folder), { mode: 0o400 });
    writeFileSync(settings.SLURM_CONF, configuration());
    const munge = [
      'key-file=key',
      'socket=socket',
      'pid-file=munge.pid',
      'log-file=munge.log',
      'seed-file=seed',
    ];
    const parameters = [
      ['--foreground', '--force', ...munge.map((each) => `--${each.replace('=', `=${folder}/`)}`)],
      ['-D'],
      ['-D'],
    ];
    for (const [i, daemon] of daemons.entries())
      running.push(spawn(daemon, parameters[i], { env: { ...process.env, ...settings }, stdio: 'ignore' }));
    const isReady = () => expect(asked('sinfo', '--noheader')).toMatch(/idle/);
    await vi.waitFor(isReady, { timeout: 30_000, interval: 200 });
  }, 60_000);
  afterAll(async () => {
    for (const daemon of running.reverse()) {
      const ended = once(daemon, 'exit');
      daemon.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  function configuration(): string {
    const own = [
      `SlurmctldHost=${hostname()}(127.0.0.1)`,
      `AuthInfo=socket=${at('socket')}`,
      `SlurmdSpoolDir=${at('spool')}`,
      `StateSaveLocation=${at('state')}`,
      `SlurmctldPidFile=${at('controller.pid')}`,
      `SlurmdPidFile=${at('node.pid')}`,
      `NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=16 RealMemory=16000`,
      `PartitionName=all Nodes=${hostname()} Default=YES`,
    ];
    const common = [
      ...[
        'ClusterName=test',
        'SlurmUser=root',
        'AuthType=auth/munge',
        'SlurmctldPort=16817',
        'SlurmdPort=16818',
      ],
      ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'SlurmdParameters=config_overrides'],
      ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_CPU'],
    ];
    return [...common, ...own, ''].join('\n');
  }

  const asked = (program: string, ...parameters: string[]): string => {
    try {
      return execFileSync(program, parameters, { env: { ...process.env, ...settings }, encoding: 'utf8' });
    } catch (error) {
      return (error as Error).message;
    }
  };

  const last = (output: string) => output.trim().split('\n').at(-1);

  test.each(possible)(
    'eight ranks by %s come to the weights of one process',
    async (way) => {
      const log = at(`${way}.log`);
      const job = [
        'sbatch',
        '--wait',
        `--output=${log}`,
        `--chdir=${root}`,
        'examples/cluster/slurm.sh',
      ] as const;
      await run(job, { ...settings, LANEGRAD_PMI: way });
      const { stdout } = await promisify(execFile)(process.execPath, [
        join(root, 'examples/cluster/train.mjs'),
      ]);
      expect(last(readFileSync(log, 'utf8'))).toBe(last(stdout));
    },
    300_000,
  );

  test.each(possible)(
    'a rank of %s that is killed ends all within seconds',
    async (way) => {
      const order = JSON.stringify({
        networks: ['dense'],
        sabotage: { rank: 1, call: 30, signal: 'SIGKILL' },
      });
      const step = [
        'srun',
        `--mpi=${way}`,
        '--kill-on-bad-exit=1',
        '-n',
        '3',
        process.execPath,
        script,
        order,
      ] as const;
      const { seconds } = await failureOf(() => run(step, settings));
      expect(seconds).toBeLessThan(40);
    },
    300_000,
  );
});
