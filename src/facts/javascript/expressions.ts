import type * as t from '@babel/types';
import { assignPattern, assignTo } from './assignments.ts';
import { callOf, importCallOf, taggedCallOf } from './calls.ts';
import { classOf } from './classes.ts';
import { functionOf, nameFunction } from './functions.ts';
import { jsxOf } from './jsx.ts';
import type { CallValue, Property, TypeFact, Use, ValueId } from './module-facts.ts';
import { typeFactOf } from './types.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

/** How the value of an expression is used; matters for calls, whose promise may be dropped. */
export type Result = CallValue['result'];

/** Longer literals are cut: no rule needs more of them. */
const MAX_LITERAL = 4096;

export function useOf(w: Walker, node: t.Node): Use {
  return { value: valueOf(w, node), at: rangeOf(node) };
}

/** Walks an expression in order of evaluation and returns its value. */
export function valueOf(w: Walker, node: t.Node, result: Result = 'used'): ValueId {
  const at = rangeOf(node);
  switch (node.type) {
    case 'Identifier':
      if (node.name === 'undefined') return w.value({ kind: 'undefined', at });
      return w.read(node.name, at) ?? w.value({ kind: 'global', name: node.name, at });
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
    case 'DirectiveLiteral':
      return literalOf(w, node.value, node);
    case 'NullLiteral':
      return w.value({ kind: 'literal', value: null, at });
    case 'BigIntLiteral':
      return w.value({ kind: 'literal', value: node.value, at });
    case 'RegExpLiteral':
      return w.value({ kind: 'regex', pattern: node.pattern.slice(0, MAX_LITERAL), flags: node.flags, at });
    case 'TemplateLiteral':
      return templateOf(w, node);
    case 'TaggedTemplateExpression':
      return taggedCallOf(w, node, result);
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return callOf(w, node, result);
    case 'ImportExpression':
      return importCallOf(w, node.source, at);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return memberOf(w, node);
    case 'ObjectExpression':
      return w.value({ kind: 'object', properties: node.properties.map((property) => propertyOf(w, property)), at });
    case 'ArrayExpression':
      return w.value({
        kind: 'array',
        items: node.elements.flatMap((element) => (element ? [argumentOf(w, element)] : [])),
        at,
      });
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return functionOf(w, node);
    case 'ClassExpression':
      return classOf(w, node);
    case 'AwaitExpression':
      return w.value({ kind: 'await', value: valueOf(w, node.argument, 'awaited'), at });
    case 'YieldExpression':
      return node.argument
        ? w.value({ kind: 'yield', value: valueOf(w, node.argument, 'awaited'), at })
        : w.value({ kind: 'undefined', at });
    case 'AssignmentExpression':
      return assignmentOf(w, node);
    case 'UpdateExpression': {
      const value = w.value({ kind: 'operation', operator: node.operator, operands: [useOf(w, node.argument)], at });
      assignTo(w, node.argument as t.LVal, value, node.operator);
      return value;
    }
    case 'ThisExpression':
      return w.value({
        kind: 'this',
        function: w.self.function,
        ...(w.self.class !== undefined && { class: w.self.class }),
        at,
      });
    case 'Super':
      return w.value({ kind: 'super', function: w.self.function, at });
    case 'SequenceExpression':
      return node.expressions.reduce<ValueId>(
        (_, each, index) => valueOf(w, each, index === node.expressions.length - 1 ? result : 'dropped'),
        0,
      );
    case 'ParenthesizedExpression':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
    case 'TypeCastExpression':
      return valueOf(w, node.expression, result);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return typedOf(w, valueOf(w, node.expression, result), typeFactOf(w, node.typeAnnotation), at);
    case 'JSXElement':
    case 'JSXFragment':
      return jsxOf(w, node);
    case 'MetaProperty':
      return w.value({ kind: 'global', name: `${node.meta.name}.${node.property.name}`, at });
    default:
      return operationOf(w, node, result);
  }
}

function operationOf(w: Walker, node: t.Node, result: Result): ValueId {
  const at = rangeOf(node);
  switch (node.type) {
    case 'BinaryExpression':
      if (node.operator === '+')
        return w.value({ kind: 'join', operator: '+', parts: addendsOf(node).map((part) => useOf(w, part)), at });
      return w.value({
        kind: 'operation',
        operator: node.operator,
        operands: [useOf(w, node.left), useOf(w, node.right)],
        at,
      });
    case 'UnaryExpression':
      if (node.operator === 'delete') return deletionOf(w, node);
      return w.value({ kind: 'operation', operator: node.operator, operands: [useOf(w, node.argument)], at });
    case 'LogicalExpression':
      return logicalOf(w, node, result);
    case 'ConditionalExpression':
      return conditionalOf(w, node, result);
    default:
      return w.value({ kind: 'opaque', at });
  }
}

/** `a + b + c` is one join of three parts. */
function addendsOf(node: t.BinaryExpression): t.Node[] {
  const parts: t.Node[] = [];
  let left: t.Node = node;
  while (left.type === 'BinaryExpression' && left.operator === '+') {
    parts.unshift(left.right);
    left = left.left;
  }
  return [left, ...parts];
}

export function literalOf(w: Walker, value: string | number | boolean, node: t.Node): ValueId {
  const at = rangeOf(node);
  const secret = typeof value === 'string' ? w.secretIn(at) : undefined;
  if (secret) return w.value({ kind: 'secret', detector: secret.detector, masked: secret.masked, at });
  return w.value({ kind: 'literal', value: typeof value === 'string' ? value.slice(0, MAX_LITERAL) : value, at });
}

function templateOf(w: Walker, node: t.TemplateLiteral): ValueId {
  const [only, ...others] = node.quasis;
  if (only && others.length === 0) return literalOf(w, only.value.cooked ?? only.value.raw, node);
  return w.value({ kind: 'join', operator: 'template', parts: templateParts(w, node), at: rangeOf(node) });
}

function templateParts(w: Walker, node: t.TemplateLiteral): Use[] {
  return node.quasis.flatMap((quasi, index) => {
    const hole = node.expressions[index];
    const text = quasi.value.cooked ?? quasi.value.raw;
    return [
      ...(text === '' ? [] : [{ value: literalOf(w, text, quasi), at: rangeOf(quasi) }]),
      ...(hole ? [useOf(w, hole)] : []),
    ];
  });
}

export function memberOf(w: Walker, node: t.MemberExpression | t.OptionalMemberExpression): ValueId {
  const object = valueOf(w, node.object);
  return w.value({
    kind: 'member',
    object,
    ...keyOf(w, node.property, node.computed),
    block: w.block,
    ...(node.type === 'OptionalMemberExpression' && node.optional && { optional: true }),
    at: rangeOf(node),
  });
}

/** The name of a property, or the value that computes it. */
export function keyOf(w: Walker, key: t.Node, computed: boolean): { property?: string; key?: ValueId } {
  if (!computed && key.type === 'Identifier') return { property: key.name };
  if (key.type === 'PrivateName') return { property: `#${key.id.name}` };
  if (key.type === 'StringLiteral') return { property: key.value };
  if (key.type === 'NumericLiteral') return { property: String(key.value) };
  return { key: valueOf(w, key) };
}

export function propertyOf(w: Walker, node: t.ObjectExpression['properties'][number]): Property {
  const at = rangeOf(node);
  if (node.type === 'SpreadElement') return { kind: 'spread', value: valueOf(w, node.argument), at };
  const { property, key } = keyOf(w, node.key, node.computed);
  const named = { ...(property !== undefined && { name: property }), ...(key !== undefined && { key }), at };
  if (node.type === 'ObjectMethod') return { ...named, kind: node.kind, value: functionOf(w, node) };
  const value = valueOf(w, node.value);
  if (property !== undefined) nameFunction(w, value, property);
  return { ...named, kind: 'value', value };
}

export function argumentOf(w: Walker, node: t.Node): Use {
  if (node.type === 'SpreadElement') return { value: valueOf(w, node.argument), at: rangeOf(node), spread: true };
  return useOf(w, node);
}

export const typedOf = (w: Walker, value: ValueId, type: TypeFact | undefined, at: Use['at']): ValueId =>
  type ? w.value({ kind: 'typed', value, type, at }) : value;

/** A branch of `?:`, `&&`, `||` or `??`: a block of its own if something happens in it. */
function branchOf(
  w: Walker,
  node: t.Node,
  condition: ValueId,
  holds: boolean,
  result: Result,
): [ValueId, ReturnType<Walker['flow']['branch']>] {
  if (isIdle(node)) return [valueOf(w, node, result), new Map()];
  const block = w.newBlock({ kind: holds ? 'then' : 'else', parent: w.block, condition, holds, at: rangeOf(node) });
  let value = 0;
  const changes = w.flow.branch(() => w.inBlock(block, () => (value = valueOf(w, node, result))));
  return [value, changes];
}

const isIdle = (node: t.Node): boolean =>
  node.type === 'Identifier' ||
  node.type.endsWith('Literal') ||
  (node.type === 'MemberExpression' && !node.computed && isIdle(node.object)) ||
  node.type === 'ThisExpression';

function logicalOf(w: Walker, node: t.LogicalExpression, result: Result): ValueId {
  const left = valueOf(w, node.left);
  const [right, changes] = branchOf(w, node.right, left, node.operator === '&&', result);
  w.merge([changes, new Map()], rangeOf(node));
  const reason = node.operator === '&&' ? 'and' : node.operator === '||' ? 'or' : 'nullish';
  return w.value({ kind: 'either', reason, options: [left, right], at: rangeOf(node) });
}

function conditionalOf(w: Walker, node: t.ConditionalExpression, result: Result): ValueId {
  const test = valueOf(w, node.test);
  const [yes, changesOfYes] = branchOf(w, node.consequent, test, true, result);
  const [no, changesOfNo] = branchOf(w, node.alternate, test, false, result);
  w.merge([changesOfYes, changesOfNo], rangeOf(node));
  return w.value({ kind: 'either', reason: 'conditional', options: [yes, no], test, at: rangeOf(node) });
}

const LOGICAL_ASSIGNMENT = { '||=': 'or', '&&=': 'and', '??=': 'nullish' } as const;

function assignmentOf(w: Walker, node: t.AssignmentExpression): ValueId {
  const at = rangeOf(node);
  const { operator, left, right } = node;
  if (operator === '=') {
    const value = valueOf(w, right);
    assignPattern(w, left, value, '=');
    return value;
  }
  const before = useOf(w, left);
  const operand = useOf(w, right);
  const reason = Object.hasOwn(LOGICAL_ASSIGNMENT, operator)
    ? LOGICAL_ASSIGNMENT[operator as keyof typeof LOGICAL_ASSIGNMENT]
    : undefined;
  const value = reason
    ? w.value({ kind: 'either', reason, options: [before.value, operand.value], at })
    : operator === '+='
      ? w.value({ kind: 'join', operator: '+', parts: [before, operand], at })
      : w.value({ kind: 'operation', operator: operator.slice(0, -1), operands: [before, operand], at });
  assignTo(w, left as t.LVal, value, operator);
  return value;
}

function deletionOf(w: Walker, node: t.UnaryExpression): ValueId {
  const at = rangeOf(node);
  const target = node.argument;
  if (target.type === 'MemberExpression') {
    const object = valueOf(w, target.object);
    const value = w.value({ kind: 'undefined', at });
    w.writes.push({
      object,
      ...keyOf(w, target.property, target.computed),
      value,
      operator: 'delete',
      block: w.block,
      order: w.values.length,
      at,
    });
  }
  return w.value({ kind: 'literal', value: true, at });
}
