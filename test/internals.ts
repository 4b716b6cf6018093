// The library with what tests reach behind it, for scripts that run in processes of their own.

export { engine } from '../src/engine/engine.ts';
export { teamBounds } from '../src/engine/team.ts';
export * from '../src/node.ts';
export { nodePlatform } from '../src/platform/node.ts';
export { setPlatform } from '../src/platform/platform.ts';
