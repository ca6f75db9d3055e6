import type * as t from '@babel/types';
import { literalOf, useOf, valueOf } from './expressions.ts';
import type { Property, Use, ValueId } from './module-facts.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

export function jsxOf(w: Walker, node: t.JSXElement | t.JSXFragment): ValueId {
  const at = rangeOf(node);
  const tag =
    node.type === 'JSXElement' ? tagOf(w, node.openingElement.name) : w.value({ kind: 'literal', value: '', at });
  const properties =
    node.type === 'JSXElement' ? node.openingElement.attributes.map((attribute) => propertyOf(w, attribute)) : [];
  const children = node.children.flatMap((child) => childOf(w, child));
  return w.value({ kind: 'jsx', tag, properties, children, at });
}

/** `<div>` is the literal `div`, `<Page>` what `Page` holds. */
function tagOf(w: Walker, name: t.JSXElement['openingElement']['name']): ValueId {
  const at = rangeOf(name);
  if (name.type === 'JSXMemberExpression') {
    return w.value({ kind: 'member', object: tagOf(w, name.object), property: name.property.name, block: w.block, at });
  }
  if (name.type === 'JSXNamespacedName')
    return w.value({ kind: 'literal', value: `${name.namespace.name}:${name.name.name}`, at });
  if (/^[a-z]/.test(name.name)) return w.value({ kind: 'literal', value: name.name, at });
  return w.read(name.name, at) ?? w.value({ kind: 'global', name: name.name, at });
}

function propertyOf(w: Walker, node: t.JSXAttribute | t.JSXSpreadAttribute): Property {
  const at = rangeOf(node);
  if (node.type === 'JSXSpreadAttribute') return { kind: 'spread', value: valueOf(w, node.argument), at };
  const name =
    node.name.type === 'JSXIdentifier' ? node.name.name : `${node.name.namespace.name}:${node.name.name.name}`;
  const { value } = node;
  if (!value) return { kind: 'value', name, value: w.value({ kind: 'literal', value: true, at }), at };
  return {
    kind: 'value',
    name,
    value: value.type === 'JSXExpressionContainer' ? valueOf(w, value.expression) : valueOf(w, value),
    at,
  };
}

function childOf(w: Walker, node: t.JSXElement['children'][number]): readonly Use[] {
  switch (node.type) {
    case 'JSXText':
      return node.value.trim() === '' ? [] : [{ value: literalOf(w, node.value, node), at: rangeOf(node) }];
    case 'JSXExpressionContainer':
      return node.expression.type === 'JSXEmptyExpression' ? [] : [useOf(w, node.expression)];
    case 'JSXSpreadChild':
      return [{ ...useOf(w, node.expression), spread: true }];
    default:
      return [useOf(w, node)];
  }
}
