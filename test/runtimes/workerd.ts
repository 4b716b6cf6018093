// Workers as they are deployed, in Cloudflare's own runtime.

import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { during, installedProgram } from './processes.ts';

export const workerd = installedProgram('workerd/bin/workerd');

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

/** Serves what `script` names, with the package's kernels as compiled modules, and lets it fetch from this machine. */
function configuration(script: string, port: number): string {
  const kernels = ['simd', 'relaxed'].map((variant) => {
    const path = `node_modules/lanegrad/build/lanegrad.${variant}.wasm`;
    return `(name = "${path}", wasm = embed "${path}")`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "${script}", esModule = embed "${script}"), ${kernels.join(', ')}],
  compatibilityDate = "2026-01-01",
);
`;
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

/**
 * Runs a Worker for as long as `use` needs it.
 * @param folder where the package is installed and the script lies
 */
export async function withWorker<T>(
  folder: string,
  script: string,
  use: (url: string, child: ChildProcess, inspector: string) => Promise<T>,
): Promise<T> {
  const bundled = `bundled-${script}`;
  await build({
    entryPoints: [join(folder, script)],
    outfile: join(folder, bundled),
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    plugins: [kernelsAsFiles],
  });
  const [port, inspectorPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'worker.capnp'), configuration(bundled, port));
  const inspector = `127.0.0.1:${inspectorPort}`;
  const args = ['serve', 'worker.capnp', `--inspector-addr=${inspector}`];
  return during(workerd!, args, folder, (child) =>
    use(`http://127.0.0.1:${port}`, child, `http://${inspector}`),
  );
}
