import type * as t from '@babel/types';
import type { ClassMember, TypeFact, ValueId } from './module-facts.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

/** How deep type arguments are kept: `Promise<Response<Body>>`. */
const MAX_DEPTH = 3;

const KEYWORDS: Readonly<Record<string, string>> = {
  TSStringKeyword: 'string',
  TSNumberKeyword: 'number',
  TSBooleanKeyword: 'boolean',
  TSBigIntKeyword: 'bigint',
  TSAnyKeyword: 'any',
  TSUnknownKeyword: 'unknown',
  TSNeverKeyword: 'never',
  TSVoidKeyword: 'void',
  TSObjectKeyword: 'object',
};

/** What a type annotation names; undefined for shapes, functions and what is not a type. */
export function typeFactOf(w: Walker, node: t.Node | null | undefined, depth = 0): TypeFact | undefined {
  if (!node || depth > MAX_DEPTH) return undefined;
  switch (node.type) {
    case 'TSTypeAnnotation':
    case 'TSParenthesizedType':
    case 'TSTypeOperator':
    case 'TSOptionalType':
    case 'TSRestType':
      return typeFactOf(w, node.typeAnnotation, depth);
    case 'TSTypeReference':
      return referenceOf(w, node, depth);
    case 'TSArrayType': {
      const element = typeFactOf(w, node.elementType, depth);
      return element && { ...element, array: true };
    }
    case 'TSUnionType':
    case 'TSIntersectionType': {
      const named = node.types.map((type) => typeFactOf(w, type, depth)).filter((type) => type !== undefined);
      return named.find(({ value }) => value !== undefined) ?? named[0];
    }
    case 'TSLiteralType':
      return { name: 'literal' };
    case 'TSTypeLiteral':
      return shapeOf(w, node, depth);
    case 'TSTypeQuery': {
      const value = node.exprName.type === 'Identifier' ? w.read(node.exprName.name, rangeOf(node)) : undefined;
      return { name: 'typeof', ...(value !== undefined && { value }) };
    }
    default: {
      const name = Object.hasOwn(KEYWORDS, node.type) ? KEYWORDS[node.type] : undefined;
      return name === undefined ? undefined : { name };
    }
  }
}

/** `{ db: Pool }` is a class of its fields, where one of them names something. */
function shapeOf(w: Walker, node: t.TSTypeLiteral, depth: number): TypeFact | undefined {
  const members = fieldsOf(w, node.members, depth + 1);
  if (members.every(({ type }) => type?.value === undefined)) return undefined;
  const at = rangeOf(node);
  const id = w.classes.push({ members, decorators: [], interface: true, at }) - 1;
  return { name: 'object', value: w.value({ kind: 'class', class: id, at }) };
}

/** The fields of an interface or a type of an object, as far as their types name something. */
export const fieldsOf = (w: Walker, elements: readonly t.TSTypeElement[], depth = 0): readonly ClassMember[] =>
  elements.flatMap((element): readonly ClassMember[] => {
    if (element.type !== 'TSPropertySignature' || element.key.type !== 'Identifier') return [];
    const type = typeFactOf(w, element.typeAnnotation, depth);
    return type ? [{ name: element.key.name, kind: 'field', type, decorators: [], at: rangeOf(element) }] : [];
  });

function referenceOf(w: Walker, node: t.TSTypeReference, depth: number): TypeFact {
  const path = entityPath(node.typeName);
  const args = (node.typeParameters?.params ?? [])
    .map((argument) => typeFactOf(w, argument, depth + 1))
    .filter((argument) => argument !== undefined);
  const value = entityValue(w, path, node);
  return { name: path.join('.'), ...(value !== undefined && { value }), ...(args.length > 0 && { arguments: args }) };
}

/** What the name of a type stands for. */
export const entityOf = (w: Walker, name: t.TSEntityName): ValueId | undefined =>
  entityValue(w, entityPath(name), name);

function entityPath(name: t.TSEntityName): readonly string[] {
  if (name.type === 'Identifier') return [name.name];
  if (name.type === 'TSQualifiedName') return [...entityPath(name.left), name.right.name];
  return ['this'];
}

/** `express.Request` is the member `Request` of what `express` holds. */
function entityValue(w: Walker, [first, ...rest]: readonly string[], node: t.Node): ValueId | undefined {
  const at = rangeOf(node);
  if (first === undefined || !w.scope.find(first)) return undefined;
  let value = w.read(first, at);
  for (const property of rest) {
    if (value === undefined) return undefined;
    value = w.value({ kind: 'member', object: value, property, block: w.block, at });
  }
  return value;
}
