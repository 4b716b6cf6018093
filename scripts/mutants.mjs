// The faults that can be planted in a source: conditions negated, operators swapped, numbers off by one, statements
// and negations left out. One fault is one replacement of text; types and the sentences of errors have none.

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
 * @param {string} source a file's text
 * @returns {{ start: number, end: number, text: string }[]} replacements of what is between `start` and `end`
 */
export function mutantsOf(source) {
  const mutants = [];
  const replace = ({ start, end }, text) => mutants.push({ start, end, text });
  const textOf = ({ start, end }) => source.slice(start, end);
  const visit = (node) => {
    if (isLeftAlone(node)) return;
    plant(node, source, replace, textOf);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseAst(source, { lang: 'ts' }));
  return mutants;
}

const isLeftAlone = ({ type }) =>
  type.startsWith('Import') ||
  type === 'ThrowStatement' ||
  (type.startsWith('TS') && !wrappers.has(type)) ||
  type === 'TemplateLiteral';

function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');
}

function plant(node, source, replace, textOf) {
  const negate = (test) => {
    const isSwapped =
      swapped[test.operator] !== undefined && ['===', '!==', '&&', '||'].includes(test.operator);
    if (!isSwapped && test.operator !== '!') replace(test, `!(${textOf(test)})`);
  };
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      negate(node.test);
      break;
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      if (swapped[node.operator]) replaceOperator(node, source, replace);
      break;
    case 'UnaryExpression':
      if (node.operator === '!' || node.operator === '-') replace(node, `(${textOf(node.argument)})`);
      break;
    case 'Literal':
      if (typeof node.value === 'number') replace(node, `(${node.raw} + 1)`);
      if (typeof node.value === 'boolean') replace(node, `${!node.value}`);
      break;
    case 'ExpressionStatement':
      if (node.expression.callee?.type !== 'Super') replace(node, ';');
      break;
    case 'BreakStatement':
    case 'ContinueStatement':
      replace(node, ';');
      break;
    case 'MemberExpression':
      if (!node.computed && swappedMethods[node.property.name])
        replace(node.property, swappedMethods[node.property.name]);
      break;
  }
}

function replaceOperator({ left, right, operator }, source, replace) {
  const between = source.slice(left.end, right.start);
  const start = left.end + between.indexOf(operator);
  replace({ start, end: start + operator.length }, swapped[operator]);
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
