import type * as t from '@babel/types';
import { argumentOf, literalOf, useOf, valueOf } from './expressions.ts';
import type { Result } from './expressions.ts';
import type { Range, ValueId } from './module-facts.ts';
import { specifierOf } from './specifier.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

type Call = t.CallExpression | t.OptionalCallExpression | t.NewExpression;

export function callOf(w: Walker, node: Call, result: Result): ValueId {
  const at = rangeOf(node);
  if (node.callee.type === 'Import') {
    const [source] = node.arguments;
    return source ? importCallOf(w, source, at) : w.value({ kind: 'opaque', at });
  }
  const required = requireOf(w, node, at);
  if (required !== undefined) return required;
  const callee = valueOf(w, node.callee);
  // the parser leaves holes where it recovered from a comma too many
  const args = (node.arguments as (t.Node | null)[]).flatMap((argument) => (argument ? [argumentOf(w, argument)] : []));
  return w.value({
    kind: 'call',
    callee,
    args,
    block: w.block,
    ...(node.type === 'NewExpression' && { new: true }),
    ...(node.type === 'OptionalCallExpression' && node.optional && { optional: true }),
    result,
    at,
  });
}

/** `require('x')` and `require.resolve`-free kin; a computed specifier is recorded and stays a call. */
function requireOf(w: Walker, node: Call, at: Range): ValueId | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return undefined;
  if (w.scope.find('require')?.given.some((id) => w.values[id]?.kind === 'param')) return undefined;
  const [source] = node.arguments;
  if (!source) return undefined;
  w.commonjs = true;
  const module = specifierOf(source);
  if (module !== undefined) {
    w.imports.push({ module, kind: 'require', block: w.block, at });
    return w.value({ kind: 'import', module, name: '=', at });
  }
  const callee = w.value({ kind: 'global', name: 'require', at: rangeOf(node.callee) });
  const use = useOf(w, source);
  w.imports.push({ value: use.value, kind: 'require', block: w.block, at });
  return w.value({ kind: 'call', callee, args: [use], block: w.block, result: 'used', at });
}

/** `import(…)`. */
export function importCallOf(w: Walker, source: t.Node, at: Range): ValueId {
  const module = specifierOf(source);
  if (module !== undefined) {
    w.imports.push({ module, kind: 'dynamic', block: w.block, at });
    return w.value({ kind: 'import', module, name: '*', dynamic: true, at });
  }
  const use = useOf(w, source);
  w.imports.push({ value: use.value, kind: 'dynamic', block: w.block, at });
  const callee = w.value({ kind: 'global', name: 'import', at });
  return w.value({ kind: 'call', callee, args: [use], block: w.block, result: 'used', at });
}

export function taggedCallOf(w: Walker, node: t.TaggedTemplateExpression, result: Result): ValueId {
  const callee = valueOf(w, node.tag);
  const { quasis, expressions } = node.quasi;
  const pieces = quasis.map((quasi) => ({
    value: literalOf(w, quasi.value.cooked ?? quasi.value.raw, quasi),
    at: rangeOf(quasi),
  }));
  const strings = w.value({ kind: 'array', items: pieces, at: rangeOf(node.quasi) });
  const holes = expressions.map((hole) => useOf(w, hole));
  return w.value({
    kind: 'call',
    callee,
    args: [{ value: strings, at: rangeOf(node.quasi) }, ...holes],
    block: w.block,
    tagged: true,
    result,
    at: rangeOf(node),
  });
}
