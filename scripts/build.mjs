// Builds the package: WebAssembly (asc), the bundles with it inlined (esbuild), the types (tsc).
// `node scripts/build.mjs kernels` stops after the WebAssembly, which is all that the tests need.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const variants = ['simd', 'relaxed'];

async function buildKernels() {
  for (const variant of variants) {
    const { error, stderr } = await asc.main(['--config', 'asconfig.json', '--target', variant]);
    const messages = stderr.toString();
    if (error || messages) throw new Error(`asc, target ${variant}:\n${messages || error.message}`);
  }
}

/** Writes the TypeScript module that carries the WebAssembly as base64. */
function inlineKernels() {
  const lines = variants.map((variant) => {
    const base64 = readFileSync(`build/lanegrad.${variant}.wasm`).toString('base64');
    return `export const ${variant} =\n  '${base64}';\n`;
  });
  mkdirSync('src/engine/generated', { recursive: true });
  writeFileSync(
    'src/engine/generated/kernels.ts',
    `// Made by scripts/build.mjs: the WebAssembly builds, in base64.\n${lines.join('')}`,
  );
}

async function buildBundles() {
  const { build } = await import('esbuild');
  const shared = { bundle: true, format: 'esm', target: 'es2022', minify: true, sourcemap: true };
  await build({ ...shared, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' });
  await build({ ...shared, entryPoints: ['src/node.ts'], outfile: 'dist/node.js', platform: 'node' });
}

function buildTypes() {
  execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}

await buildKernels();
inlineKernels();
if (process.argv[2] !== 'kernels') {
  rmSync('dist', { recursive: true, force: true });
  await buildBundles();
  buildTypes();
}
