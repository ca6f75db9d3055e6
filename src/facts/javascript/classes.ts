import type * as t from '@babel/types';
import { keyOf, valueOf } from './expressions.ts';
import { functionOf } from './functions.ts';
import type { ClassMember, ValueId } from './module-facts.ts';
import { statementsOf } from './statements.ts';
import { entityOf, fieldsOf, typeFactOf } from './types.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

export function classOf(w: Walker, node: t.ClassDeclaration | t.ClassExpression, declared?: ValueId): ValueId {
  const at = rangeOf(node);
  const known = declared === undefined ? undefined : w.values[declared];
  const id = known?.kind === 'class' ? known.class : newClass(w, node);
  const value = declared ?? w.value({ kind: 'class', class: id, at });
  const fact = w.classes[id];
  if (!fact) return value;
  fact.decorators = (node.decorators ?? []).map(({ expression }) => valueOf(w, expression));
  if (node.superClass) fact.super = valueOf(w, node.superClass);
  const promised = (node.implements ?? []).flatMap((each) =>
    each.type === 'TSExpressionWithTypeArguments' ? (entityOf(w, each.expression) ?? []) : [],
  );
  if (promised.length > 0) fact.implements = promised;
  w.inScope(() => {
    if (node.id && declared === undefined) w.assign(w.declare(node.id.name), value);
    const outer = w.self;
    w.self = { function: w.function, class: id };
    fact.members = node.body.body.flatMap((member) => membersOf(w, member, id));
    w.self = outer;
  });
  return value;
}

/** A class declaration is known before its body is walked, for the functions above it that use it. */
export function newClass(w: Walker, node: t.ClassDeclaration | t.ClassExpression): number {
  return w.classes.push({ ...(node.id && { name: node.id.name }), members: [], decorators: [], at: rangeOf(node) }) - 1;
}

/** An interface, or a type of an object, is known by its fields; its methods are those of the classes that fulfil it. */
export function interfaceOf(w: Walker, node: t.TSInterfaceDeclaration | t.TSTypeAliasDeclaration): void {
  const id = w.scope.find(node.id.name)?.given.find((given) => w.values[given]?.kind === 'class');
  const value = id === undefined ? undefined : w.values[id];
  const fact = value?.kind === 'class' ? w.classes[value.class] : undefined;
  if (!fact?.interface) return;
  const extended = node.type === 'TSInterfaceDeclaration' ? (node.extends ?? []) : [];
  const parents = extended.flatMap(({ expression }) => entityOf(w, expression) ?? []);
  if (parents.length > 0) fact.implements = parents;
  fact.members = [...fact.members, ...fieldsOf(w, elementsOf(node))];
}

function elementsOf(node: t.TSInterfaceDeclaration | t.TSTypeAliasDeclaration): readonly t.TSTypeElement[] {
  if (node.type === 'TSInterfaceDeclaration') return node.body.body;
  return node.typeAnnotation.type === 'TSTypeLiteral' ? node.typeAnnotation.members : [];
}

function membersOf(w: Walker, node: t.ClassBody['body'][number], id: number): readonly ClassMember[] {
  const at = rangeOf(node);
  switch (node.type) {
    case 'ClassMethod':
    case 'ClassPrivateMethod': {
      const decorators = decoratorsOf(w, node.decorators);
      const named = nameOf(w, node.key, 'computed' in node && node.computed === true);
      return [
        {
          ...named,
          kind: node.kind,
          ...(node.static && { static: true }),
          value: functionOf(w, node, id),
          decorators,
          at,
        },
      ];
    }
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty': {
      const decorators = decoratorsOf(w, node.decorators);
      const named = nameOf(w, node.key, 'computed' in node && node.computed === true);
      const type = typeFactOf(w, node.typeAnnotation);
      return [
        {
          ...named,
          kind: 'field',
          ...(node.static && { static: true }),
          ...(node.value && { value: valueOf(w, node.value) }),
          ...(type && { type }),
          decorators,
          at,
        },
      ];
    }
    case 'StaticBlock':
      w.inScope(() => statementsOf(w, node.body));
      return [];
    default:
      return [];
  }
}

const decoratorsOf = (w: Walker, decorators: t.Decorator[] | null | undefined): readonly ValueId[] =>
  (decorators ?? []).map(({ expression }) => valueOf(w, expression));

function nameOf(w: Walker, key: t.Node, computed: boolean): { name?: string } {
  const { property } = keyOf(w, key, computed);
  return property === undefined ? {} : { name: property };
}
