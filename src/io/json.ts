// JSON as files have it, with names in snake_case, and options as the API has them.

import { isObject } from '../errors.ts';
import { toCamel, toSnake } from '../names.ts';

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: unknown): value is JsonObject => isObject(value) && !Array.isArray(value);

/** How deep plain JSON may be nested, so that what holds itself is told. */
const maxDepth = 1000;

/** Whether a value is plain JSON, throughout. */
export function isJson(value: unknown, depth = 0): value is Json {
  if (depth > maxDepth) return false;
  if (!isObject(value)) {
    return value === null || ['boolean', 'number', 'string'].includes(typeof value);
  }
  if (Array.isArray(value)) return value.every((each) => isJson(each, depth + 1));
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every((each) => isJson(each, depth + 1))
  );
}

/** Options as files have them: names in snake_case, those without a value left out. */
export function withSnakeKeys(
  options: object,
  convert: (value: unknown, option: string) => Json,
): JsonObject {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([option, value]) => [toSnake(option), convert(value, option)]));
}

/** JSON with all names in snake_case. */
export const snakeCased = (value: Json): Json => renamed(value, toSnake);

/** What files have in snake_case, as options. */
export const fromConfig = (value: Json): unknown => renamed(value, toCamel);

function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), renamed(each, rename)]));
}
