import { nameFunction } from './functions.ts';
import type * as t from '@babel/types';
import { keyOf, typedOf, valueOf } from './expressions.ts';
import type { ValueId } from './module-facts.ts';
import { typeFactOf } from './types.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

/** Declares the names of a pattern in the scope at hand. */
export function declarePattern(w: Walker, names: readonly string[], volatileNames: ReadonlySet<string>): void {
  for (const name of names) w.declare(name, volatileNames.has(name));
}

/** Gives a pattern a value: every name of it then holds its part. */
export function assignPattern(w: Walker, pattern: t.Node, value: ValueId, operator: string): void {
  switch (pattern.type) {
    case 'ObjectPattern':
      assignObjectPattern(w, pattern, value, operator);
      return;
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (!element) return;
        const at = rangeOf(element);
        if (element.type === 'RestElement') {
          assignPattern(
            w,
            element.argument,
            w.value({ kind: 'rest', of: value, without: [], from: index, at }),
            operator,
          );
        } else {
          const part = w.value({ kind: 'member', object: value, property: String(index), block: w.block, at });
          assignPattern(w, element, part, operator);
        }
      });
      return;
    case 'AssignmentPattern': {
      const byDefault = valueOf(w, pattern.right);
      const either = w.value({ kind: 'either', reason: 'default', options: [value, byDefault], at: rangeOf(pattern) });
      assignPattern(w, pattern.left, either, operator);
      return;
    }
    case 'TSParameterProperty':
      assignPattern(w, pattern.parameter, value, operator);
      return;
    default:
      assignTo(w, pattern as t.LVal, value, operator);
  }
}

function assignObjectPattern(w: Walker, pattern: t.ObjectPattern, value: ValueId, operator: string): void {
  const taken: string[] = [];
  for (const property of pattern.properties) {
    const at = rangeOf(property);
    if (property.type === 'RestElement') {
      assignPattern(w, property.argument, w.value({ kind: 'rest', of: value, without: taken, at }), operator);
      continue;
    }
    const key = keyOf(w, property.key, property.computed);
    if (key.property !== undefined) taken.push(key.property);
    const part = w.value({ kind: 'member', object: value, ...key, block: w.block, at: rangeOf(property.key) });
    assignPattern(w, property.value, part, operator);
  }
}

function nameOfTarget(target: t.LVal | t.Expression): string | undefined {
  if (target.type === 'Identifier') return target.name;
  return target.type === 'MemberExpression' &&
    !target.computed &&
    target.property.type === 'Identifier' &&
    target.property.name !== 'exports'
    ? target.property.name
    : undefined;
}

/** Gives a name or a property a value. */
export function assignTo(w: Walker, target: t.LVal | t.Expression, value: ValueId, operator: string): void {
  const at = rangeOf(target);
  const name = nameOfTarget(target);
  if (name !== undefined) nameFunction(w, value, name);
  switch (target.type) {
    case 'Identifier': {
      const binding = w.scope.find(target.name);
      if (binding) {
        w.assign(binding, typedOf(w, value, typeFactOf(w, target.typeAnnotation), at));
        return;
      }
      if (target.name === 'exports' || target.name === 'module') return;
      const object = w.value({ kind: 'global', name: 'globalThis', at });
      w.writes.push({ object, property: target.name, value, operator, block: w.block, order: w.values.length, at });
      // sloppy code declares nothing: for what follows in the same function it is a name like any other
      w.assign(w.scope.ofFunction().declare(target.name, w.volatile.has(target.name)), value);
      return;
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const object = valueOf(w, target.object);
      const key = keyOf(w, target.property, target.computed);
      w.writes.push({ object, ...key, value, operator, block: w.block, order: w.values.length, at });
      exportWrite(w, object, key.property, value, at);
      return;
    }
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      assignPattern(w, target.expression, value, operator);
      return;
    case 'ObjectPattern':
    case 'ArrayPattern':
      assignPattern(w, target, value, operator);
      return;
    default:
  }
}

/** `module.exports = …`, `module.exports.x = …`, `exports.x = …`. */
function exportWrite(
  w: Walker,
  object: ValueId,
  property: string | undefined,
  value: ValueId,
  at: readonly [number, number],
): void {
  const target = w.values[object];
  if (property === undefined || !target) return;
  if (target.kind === 'global' && target.name === 'module' && property === 'exports')
    w.exports.push({ name: '=', value, at });
  else if (isExports(w, object)) w.exports.push({ name: property, value, at });
  else return;
  w.commonjs = true;
}

function isExports(w: Walker, id: ValueId): boolean {
  const value = w.values[id];
  if (value?.kind === 'global') return value.name === 'exports';
  if (value?.kind !== 'member' || value.property !== 'exports') return false;
  const object = w.values[value.object];
  return object?.kind === 'global' && object.name === 'module';
}
