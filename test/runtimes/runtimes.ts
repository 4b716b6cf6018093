// The runtimes, and how each does the fixed run.

import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { during, installedProgram, output, systemProgram } from './processes.ts';
import { serve } from './server.ts';

export interface FixedRun {
  readonly variant: string;
  readonly threads: number;
  readonly xor: boolean;
  readonly accuracy: number;
  readonly sha256: string;
}

export interface Runtime {
  readonly name: string;
  /** The program; undefined where it is not installed. */
  readonly program: string | undefined;
  /** The program's version, as the table gives it. */
  readonly version: (program: string) => string;
  /** Does the fixed run in `folder`, with the runtime's own choice of kernels or with `variant`. */
  readonly run: (program: string, folder: string, variant: string) => Promise<FixedRun>;
}

/** The version number, or the date that stands for it, in what a program says of itself. */
const askVersion = (program: string, ...args: string[]): string => {
  const text = execFileSync(program, [...args, '--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)+|\d{4}-\d\d-\d\d/.exec(text)![0];
};

const packageVersion = (folder: string): string =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** A runtime that runs a script from the command line. */
export function commandLine(
  name: string,
  program: string | undefined,
  args: readonly string[] = [],
): Runtime {
  return {
    name,
    program,
    version: (path) => askVersion(path),
    run: async (path, folder, variant) =>
      JSON.parse(await output(path, [...args, 'process.mjs', ...(variant ? [variant] : [])], folder)),
  };
}

/** A browser: opens a page, which posts its result. */
function browser(
  name: string,
  program: string | undefined,
  argsFor: (profile: string) => readonly string[],
): Runtime {
  return {
    name,
    program,
    version: (path) => askVersion(path),
    run: async (path, folder, variant) => {
      const server = await serve(folder);
      const profile = mkdtempSync(join(tmpdir(), 'lanegrad-profile-'));
      const url = `${server.url}/page.html${variant ? `?variant=${variant}` : ''}`;
      try {
        const result = server.nextResult();
        const args = [...argsFor(profile), url];
        return (await during(path, args, folder, () => result)) as FixedRun;
      } finally {
        server.close();
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The answer at `url`, once something listens there; `child` is what should. */
export async function answer(url: string, child: ChildProcess, options?: RequestInit): Promise<unknown> {
  while (child.exitCode === null) {
    const response = await fetch(url, options).catch(() => undefined);
    if (response?.ok) return response.json();
    if (response) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing listens at ${url}.`);
}

/** What bundling for a host that compiles modules when a script is deployed leaves to the host. */
interface Bundle {
  readonly entry: string;
  readonly conditions: readonly string[];
  readonly format: 'esm' | 'iife';
  readonly kernels: Plugin;
}

/** Cloudflare's tools leave a module as a file, imported by the name that it is deployed under. */
const kernelsAsFiles: Plugin = {
  name: 'kernels-as-files',
  setup({ onResolve }) {
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({
      path: `./node_modules/lanegrad/build/${basename(path)}`,
      external: true,
    }));
  },
};

/** Vercel's tools hand a compiled module to the script; here the script compiles it as it starts. */
const kernelsAsModules: Plugin = {
  name: 'kernels-as-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?module', '')),
      namespace: 'compiled',
    }));
    onLoad({ filter: /./, namespace: 'compiled' }, ({ path }) => ({
      contents: `export default new WebAssembly.Module(Uint8Array.from([${readFileSync(path).join()}]));`,
    }));
  },
};

/** A server that answers each request with the result of the fixed run. */
function server(
  name: string,
  program: string | undefined,
  version: (program: string) => string,
  { entry, conditions, format, kernels }: Bundle,
  argsFor: (folder: string, port: number) => readonly string[],
): Runtime {
  return {
    name,
    program,
    version,
    run: async (path, folder, variant) => {
      await build({
        entryPoints: [join(folder, entry)],
        outfile: join(folder, `bundled-${entry}`),
        bundle: true,
        format,
        conditions: [...conditions],
        plugins: [kernels],
      });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/${variant ? `?variant=${variant}` : ''}`;
      return during(
        path,
        argsFor(folder, port),
        folder,
        async (child) => (await answer(url, child)) as FixedRun,
      );
    },
  };
}

/** A configuration of workerd that serves one Worker with the package's kernels as compiled modules. */
export function workerdConfig(worker: string, port: number): string {
  const kernels = ['simd', 'relaxed'].map((variant) => {
    const path = `node_modules/lanegrad/build/lanegrad.${variant}.wasm`;
    return `(name = "${path}", wasm = embed "${path}")`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "local", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "${worker}", esModule = embed "${worker}"), ${kernels.join(', ')}],
  compatibilityDate = "2026-01-01",
);
`;
}

/** Switches that keep a browser from asking the network for anything, and from asking the user. */
const quietChromium = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** It runs in Node, and with Node 20's WebAssembly cannot start a script that imports the relaxed kernels. */
const edgeRuntime = installedProgram('edge-runtime/dist/cli/index.js');

/** WebKitGTK's own browser, which Debian keeps out of the PATH. */
const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export const runtimes: readonly Runtime[] = [
  ...['20', '22', '24', '26'].map((line) =>
    commandLine(`Node ${line}`, installedProgram(`node-${line}/bin/node`)),
  ),
  commandLine('Deno', installedProgram('deno/deno'), ['run', '--allow-read=.']),
  commandLine('Bun', installedProgram('bun/bin/bun.exe')),
  server(
    'workerd (Cloudflare Workers)',
    installedProgram('workerd/bin/workerd'),
    (path) => askVersion(path),
    {
      entry: 'worker.mjs',
      conditions: ['workerd', 'worker', 'browser'],
      format: 'esm',
      kernels: kernelsAsFiles,
    },
    (folder, port) => {
      writeFileSync(join(folder, 'worker.capnp'), workerdConfig('bundled-worker.mjs', port));
      return ['serve', 'worker.capnp'];
    },
  ),
  server(
    'edge-runtime (Vercel)',
    edgeRuntime && installedProgram('node-24/bin/node'),
    () => packageVersion(join(edgeRuntime!, '../../..')),
    { entry: 'edge.mjs', conditions: ['edge-light'], format: 'iife', kernels: kernelsAsModules },
    (_, port) => [edgeRuntime!, '--listen', '--port', String(port), 'bundled-edge.mjs'],
  ),
  browser('Chromium', systemProgram('chromium'), (profile) => [
    ...quietChromium,
    `--user-data-dir=${profile}`,
  ]),
  browser('Firefox', systemProgram('firefox-esr', 'firefox'), (profile) => [
    '--headless',
    '--no-remote',
    '--profile',
    profile,
  ]),
  {
    // It has no headless mode, so it gets a display that nobody sees.
    ...browser('WebKit (GTK)', existsSync(miniBrowser) ? systemProgram('xvfb-run') : undefined, () => [
      '--auto-servernum',
      miniBrowser,
    ]),
    version: (program) => askVersion(program, '--auto-servernum', miniBrowser),
  },
];
