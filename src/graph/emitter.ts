import type { Opcode } from '../../assembly/opcodes.ts';
import type { Storage, Value } from './graph.ts';

/** What an op's `emit` may do: ask where arrays are and append commands. */
export interface Emitter {
  /** Byte address of a value's array. */
  address(value: Value): number;
  /** Byte address of what outlives the program. A node that refers to it keeps its memory alive. */
  storage(storage: Storage): number;
  /** Appends a command; its arguments are the 32-bit words after the opcode. */
  command(opcode: Opcode, ...words: number[]): void;
  /** Stores words beside the commands and returns their address. */
  table(words: readonly number[]): number;
  /** Address of the other node that the same commands compute, or 0. */
  companion(): number;
  /** Address of the map that runs on the node's finished rows, or 0. */
  epilogue(node: Value): number;
}
