// The targets as one script whose branches count how often they are gone through.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transformSync } from 'esbuild';
import { createInstrumenter } from 'istanbul-lib-instrument';

const here = import.meta.dirname;
/** The rooms that make something of a file; the others see what these have checked. */
const rooms = /src\/(data|io|models|layers|options|training|initializers|regularizers|constraints)\/.*\.ts$/;

const counters = {
  name: 'counters',
  setup({ onLoad }) {
    const instrumenter = createInstrumenter({ esModules: true, compact: true });
    onLoad({ filter: rooms }, ({ path }) => {
      const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'ts' });
      return { contents: instrumenter.instrumentSync(code, path), loader: 'js' };
    });
  },
};

/** Builds the script. @returns its path */
export async function buildInstrumented() {
  const outfile = join(here, 'build/targets.mjs');
  await build({
    entryPoints: [join(here, 'targets.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    inject: [join(here, 'counted.mjs')],
    plugins: [counters],
    logLevel: 'error',
  });
  return outfile;
}

/** Finds out whether a run went where none went before. */
export class Coverage {
  #seen = new Map();

  /** Looks at the counters, and sets them back. @returns how many branches are new */
  look() {
    let fresh = 0;
    for (const [path, { b, f }] of Object.entries(globalThis.__coverage__ ?? {})) {
      const seen = this.#seen.get(path) ?? new Set();
      this.#seen.set(path, seen);
      for (const id in f) {
        if (f[id] > 0 && !seen.has(id)) {
          seen.add(id);
          fresh++;
        }
        f[id] = 0;
      }
      for (const id in b) {
        const ways = b[id];
        for (let way = 0; way < ways.length; way++) {
          if (ways[way] === 0) continue;
          // More often is somewhere else, too: once, a few times, many times.
          const key = `${id}.${way}.${ways[way] > 16 ? 2 : ways[way] > 1 ? 1 : 0}`;
          ways[way] = 0;
          if (seen.has(key)) continue;
          seen.add(key);
          fresh++;
        }
      }
    }
    return fresh;
  }
}
