// The faults that can be planted in a source: conditions negated, operators swapped, numbers off by one, statements
// and negations left out. One fault is one replacement of text, in an expression or a statement that is told as well;
// types and the sentences of errors have none.

import { parseAst } from 'rolldown/parseAst';

const swapped = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '&': '|',
  '|': '&',
  '<<': '>>>',
  '>>>': '<<',
};
const swappedMethods = { min: 'max', max: 'min', some: 'every', every: 'some', floor: 'ceil', ceil: 'floor' };
/** Expressions of TypeScript's own, which wrap others. */
const wrappers = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSParameterProperty',
]);

/**
 * @typedef {{ start: number, end: number }} Range
 * @typedef {Range & { text: string, whole: Range, form: 'expression' | 'statement' | 'name' }} Mutant `text` takes the
 *   place of what is between `start` and `end`, which are a part of `whole`, or all of it
 */

/**
 * @param {string} source a file's text
 * @returns {Mutant[]} those that can be parsed
 */
export function mutantsOf(source) {
  const mutants = [];
  const visit = (node) => {
    if (isLeftAlone(node)) return;
    mutants.push(...plantedIn(node, source));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseAst(source, { lang: 'ts' }));
  return mutants.filter((mutant) => canBeParsed(withMutant(source, mutant)));
}

/** The source with one fault in it. */
export const withMutant = (source, { start, end, text }) => source.slice(0, start) + text + source.slice(end);

function canBeParsed(source) {
  try {
    parseAst(source, { lang: 'ts' });
    return true;
  } catch {
    return false;
  }
}

const isLeftAlone = ({ type }) =>
  type.startsWith('Import') ||
  type === 'ThrowStatement' ||
  (type.startsWith('TS') && !wrappers.has(type)) ||
  type === 'TemplateLiteral';

function childrenOf({ key, computed, ...parts }) {
  return Object.values(computed ? { key, ...parts } : parts)
    .flat()
    .filter((child) => typeof child?.type === 'string');
}

/** @returns {Mutant[]} the faults of a node itself, without those of its children */
function plantedIn(node, source) {
  const textOf = ({ start, end }) => source.slice(start, end);
  const range = ({ start, end }) => ({ start, end });
  const instead = (whole, text, form = 'expression') => [
    { ...range(whole), text, whole: range(whole), form },
  ];
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return isNegatedByOperator(node.test) ? [] : instead(node.test, `!(${textOf(node.test)})`);
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression': {
      const text = swapped[node.operator];
      return text ? [{ ...operatorOf(node, source), text, whole: range(node), form: 'expression' }] : [];
    }
    case 'UnaryExpression':
      return '!-'.includes(node.operator) ? instead(node, `(${textOf(node.argument)})`) : [];
    case 'Literal':
      if (typeof node.value === 'number') return instead(node, `${node.value + 1}`);
      return typeof node.value === 'boolean' ? instead(node, `${!node.value}`) : [];
    case 'ExpressionStatement':
      return node.expression.callee?.type === 'Super' ? [] : instead(node, ';', 'statement');
    case 'BreakStatement':
    case 'ContinueStatement':
      return instead(node, ';', 'statement');
    case 'MemberExpression': {
      const text = !node.computed && swappedMethods[node.property.name];
      return text ? instead(node.property, text, 'name') : [];
    }
    default:
      return [];
  }
}

/** Whether a condition has a fault already that negates it. */
const isNegatedByOperator = ({ operator }) => ['===', '!==', '&&', '||', '!'].includes(operator);

function operatorOf({ left, right, operator }, source) {
  const start = left.end + source.slice(left.end, right.start).indexOf(operator);
  return { start, end: start + operator.length };
}

/** Which of `count` a seed picks: `size` of them, in an order of the seed's. */
export function sample(count, size, seed) {
  const order = Array.from({ length: count }, (_, i) => i);
  let state = seed >>> 0;
  for (let i = 0; i < Math.min(size, count); i++) {
    // A linear congruential generator modulo 2³² (Numerical Recipes); its high bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = i + Math.floor((state / 2 ** 32) * (count - i));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order.slice(0, size);
}
