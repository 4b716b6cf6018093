// A program as text.

import type { Value } from '../graph/graph.ts';
import { formatShape } from '../graph/shape.ts';
import { root } from './arrays.ts';
import { nodesOf, type Stage, scopesOf } from './fuse.ts';

/** A program as text: for each stage its commands, the nodes fused in it and the layers they are of. */
export function printProgram(
  stages: readonly Stage[],
  commands: readonly number[],
  arenaBytes: number,
): string {
  const names = new Map<Value, string>();
  const nameOf = (value: Value): string => {
    const source = root(value);
    if (!names.has(source)) names.set(source, sourceName(source, names.size));
    return names.get(source)!;
  };
  const lines = stages.map((stage, i) => {
    const nodes = nodesOf(stage);
    const work = nodes
      .map((node) => `${nameOf(node)} = ${node.op.name}(${node.inputs.map(nameOf).join(', ')})`)
      .join('; ');
    const count = commands[i] === 1 ? '' : ` ×${commands[i]}`;
    const kind = stage.kernel ? stage.kernel.op.name : 'map';
    return `${String(i).padStart(3)} ${kind}${count} ${formatShape(nodes[0].shape)} ${scopesOf(stage)}: ${work}`;
  });
  return [...lines, `arena ${arenaBytes} bytes`].join('\n');
}

function sourceName(value: Value, index: number): string {
  const { storage, data } = value.attrs as { storage?: { name: string }; data?: ArrayLike<number> };
  if (value.op.kind === 'parameter' && storage) return storage.name;
  if (value.op.kind === 'constant' && data?.length === 1) return String(data[0]);
  return `%${index}`;
}
