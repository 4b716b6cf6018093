// Hosts on one machine: network namespaces with addresses of their own, on a bridge that has one for launchers.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Launcher, run } from './launch.ts';

const prefix = 'lanegrad';
const network = '10.77.0';
/** The bridge's number, where hosts have those from 1. */
const bridge = 254;

const ip = (...parameters: string[]): string =>
  execFileSync('ip', parameters, { encoding: 'utf8', stdio: 'pipe' });

/** Who starts ranks of which launcher on hosts, by the agent in place of ssh; and over which ways they talk. */
const settingsOf: Record<Launcher, (agent: string, list: string) => readonly string[]> = {
  'mpirun.openmpi': (_, list) => ['--hostfile', list],
  'mpirun.mpich': (agent, list) => [
    ...['-localhost', `${network}.${bridge}`, '-launcher', 'rsh'],
    ...['-launcher-exec', agent, '-f', list],
  ],
};
/** Open MPI 4 and those from 5 on have their own names of the agent. */
const agentOf = (agent: string) => ({ OMPI_MCA_plm_rsh_agent: agent, PRTE_MCA_plm_ssh_agent: agent });
const overTcp = {
  OMPI_MCA_btl: 'tcp,self',
  // Open MPI 6 does not see by itself that the hosts reach each other.
  OMPI_MCA_btl_tcp_if_include: `${network}.0/24`,
  UCX_TLS: 'tcp,self',
};

const lineOf: Record<Launcher, (host: number, ranks: number) => string> = {
  'mpirun.openmpi': (host, ranks) => `${network}.${host} slots=${ranks}`,
  'mpirun.mpich': (host, ranks) => `${network}.${host}:${ranks}`,
};

/** So many hosts, numbered from 1. */
export class Hosts {
  readonly #name = `${prefix}-${process.pid}`;
  readonly #folder = mkdtempSync(join(tmpdir(), `${prefix}-hosts-`));
  readonly #atExit = () => this.close();

  constructor(count: number) {
    removeForgotten();
    process.once('exit', this.#atExit);
    try {
      this.#add(bridge);
      this.#at(bridge, 'link', 'add', 'eth0', 'type', 'bridge');
      this.#giveAddress(bridge);
      for (let host = 1; host <= count; host++) this.#addHost(host);
    } catch (error) {
      this.close();
      throw error;
    }
    const space = `${this.#name}-\${host##*.}`;
    const agent = `host=$1; shift; exec ip netns exec ${space} unshare --uts sh -c "hostname \${host##*.}; $*"`;
    writeFileSync(this.#agent, `#!/bin/sh\n${agent}\n`, { mode: 0o755 });
  }

  get #agent(): string {
    return join(this.#folder, 'agent.sh');
  }

  #nameOf(host: number): string {
    return `${this.#name}-${host}`;
  }

  #at(host: number, ...parameters: string[]): void {
    ip('-n', this.#nameOf(host), ...parameters);
  }

  #add(host: number): void {
    const name = this.#nameOf(host);
    ip('netns', 'add', name);
    this.#at(host, 'link', 'set', 'lo', 'up');
    // Who is behind a cut link is given up after seconds, as a cluster may be set up; Linux's default is 15 minutes.
    ip('netns', 'exec', name, 'sh', '-c', 'echo 3 > /proc/sys/net/ipv4/tcp_retries2');
  }

  #addHost(host: number): void {
    this.#add(host);
    const port = `port${host}`;
    this.#at(
      bridge,
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      this.#nameOf(host),
    );
    this.#at(bridge, 'link', 'set', port, 'master', 'eth0', 'up');
    this.#giveAddress(host);
  }

  #giveAddress(host: number): void {
    this.#at(host, 'addr', 'add', `${network}.${host}/24`, 'dev', 'eth0');
    this.mendLink(host);
  }

  /** Has a host be reached again. */
  mendLink(host: number): void {
    this.#at(host, 'link', 'set', 'eth0', 'up');
  }

  /** Bytes that a host has sent. */
  bytesSent(host: number): number {
    const path = '/sys/class/net/eth0/statistics/tx_bytes';
    return Number(ip('netns', 'exec', this.#nameOf(host), 'cat', path));
  }

  /** What runs on a host, by command lines. */
  running(host: number): string[] {
    return this.#processes(host).map((id) => {
      const file = `/proc/${id}/cmdline`;
      return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
    });
  }

  #processes(host: number): string[] {
    return ip('netns', 'pids', this.#nameOf(host)).split('\n').filter(Boolean);
  }

  /** Runs a script of Node on so many ranks of each of some hosts. */
  launch(launcher: Launcher, hosts: readonly number[], ranksOfEach: number, script: readonly string[]) {
    const list = join(this.#folder, 'hosts');
    writeFileSync(list, hosts.map((host) => `${lineOf[launcher](host, ranksOfEach)}\n`).join(''));
    const settings = [...settingsOf[launcher](this.#agent, list), '-n', `${hosts.length * ranksOfEach}`];
    const command = [launcher, ...settings, process.execPath, ...script];
    const environment = { ...agentOf(this.#agent), ...overTcp };
    return run(['ip', 'netns', 'exec', this.#nameOf(bridge), ...command], environment);
  }

  /** Ends what runs on the hosts, and takes them away. */
  close(): void {
    process.off('exit', this.#atExit);
    for (const name of spaces().filter((space) => space.startsWith(`${this.#name}-`))) remove(name);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const spaces = (): string[] =>
  ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0])
    .filter((name) => name.startsWith(`${prefix}-`));

function remove(name: string): void {
  for (const id of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  ip('netns', 'del', name);
}

/** Removes what a test has left that was killed itself. */
function removeForgotten(): void {
  for (const name of spaces()) if (!existsSync(`/proc/${name.split('-')[1]}`)) remove(name);
}

/** Why there can be no hosts here, in a word or two; undefined where there can. */
export function whyNoHosts(): string | undefined {
  try {
    new Hosts(1).close();
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    return code === 'ENOENT' ? 'there is no program ip' : (stderr?.trim() ?? (error as Error).message);
  }
}
