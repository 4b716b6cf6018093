// A folder as a user has it: the packed package in node_modules, and beside it what the runtimes run.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { digitsModule } from './digits.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');

/** Packs the package and unpacks it into a node_modules folder, as npm would, with its dependency. */
export function unpackPackage(modules: string): void {
  const target = join(modules, 'lanegrad');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', modules];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }));
  execFileSync('tar', ['-xzf', join(modules, filename), '-C', target, '--strip-components=1']);
  rmSync(join(modules, filename));
  const loader = 'node_modules/@assemblyscript/loader';
  cpSync(join(root, loader), join(dirname(modules), loader), { recursive: true });
}

/** A folder with the package, the fixed run, its hosts and its digits. */
export function installPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-runtimes-'));
  unpackPackage(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  cpSync(join(here, 'fixed-run.mjs'), join(folder, 'fixed-run.mjs'));
  cpSync(join(here, 'hosts'), folder, { recursive: true });
  writeFileSync(join(folder, 'digits.mjs'), digitsModule());
  return folder;
}
