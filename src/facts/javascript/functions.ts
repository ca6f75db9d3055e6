import type * as t from '@babel/types';
import { assignPattern, declarePattern } from './assignments.ts';
import { valueOf } from './expressions.ts';
import type { ClassId, FunctionId, ParamFact, Use, ValueId } from './module-facts.ts';
import { namesIn } from './regions.ts';
import { bodyOf } from './statements.ts';
import { typeFactOf } from './types.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

export type FunctionNode =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ArrowFunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

/** A function as a value; its body is walked once all the names around it are known. */
export function functionOf(w: Walker, node: FunctionNode, memberOf?: ClassId): ValueId {
  const at = rangeOf(node);
  const id: FunctionId = w.functions.length;
  const name = nameOf(node);
  w.functions.push({
    ...(name !== undefined && { name }),
    params: [],
    arity: arityOf(node.params),
    returns: [],
    ...(node.async && { async: true }),
    ...(node.generator && { generator: true }),
    ...(node.type === 'ArrowFunctionExpression' && { arrow: true }),
    block: 0,
    parent: w.function,
    within: w.block,
    ...(memberOf !== undefined && { class: memberOf }),
    at,
  });
  const value = w.value({ kind: 'function', function: id, at });
  const { scope, self } = w;
  w.pending.push(() => {
    const outer = { scope: w.scope, self: w.self, function: w.function, block: w.block, volatile: w.volatile };
    w.scope = scope;
    w.self = node.type === 'ArrowFunctionExpression' ? self : { function: id };
    w.function = id;
    walkFunction(w, node, id, value);
    Object.assign(w, outer);
  });
  return value;
}

/** Names a function without a name of its own by what it is given to; a wrapped one, too: `const f = wrap(() => {})`. */
export function nameFunction(w: Walker, id: ValueId, name: string): void {
  const value = w.values[id];
  if (value?.kind === 'call') {
    for (const { value: argument } of value.args)
      if (w.values[argument]?.kind === 'function') nameFunction(w, argument, name);
  }
  const fact = value?.kind === 'function' ? w.functions[value.function] : undefined;
  if (fact && fact.name === undefined) Object.assign(fact, { name });
}

function walkFunction(w: Walker, node: FunctionNode, id: FunctionId, value: ValueId): void {
  const fact = w.functions[id];
  if (!fact) return;
  const block = w.newBlock({ kind: 'body', at: rangeOf(node.body) });
  fact.block = block;
  const region = w.region(node);
  const volatile = region?.assignedByClosures ?? new Set<string>();
  w.volatile = volatile;
  w.inScope(() =>
    w.inBlock(block, () => {
      if (node.type === 'FunctionExpression' && node.id) w.assign(w.declare(node.id.name), value);
      fact.params = node.params.filter(isReal).map((param, index) => paramOf(w, param, index, id, volatile));
      const returnType = 'returnType' in node ? typeFactOf(w, node.returnType) : undefined;
      if (returnType) fact.returnType = returnType;
      declarePattern(w, region?.vars ?? [], volatile);
      if (node.body.type === 'BlockStatement') {
        if (node.body.directives.length > 0)
          fact.directives = node.body.directives.map(({ value: directive }) => directive.value);
        bodyOf(w, node.body.body, volatile);
      } else {
        const returned: Use = { value: valueOf(w, node.body, 'returned'), at: rangeOf(node.body) };
        fact.returns.push({ ...returned, block: w.block });
      }
    }),
  );
}

function paramOf(w: Walker, node: t.Node, index: number, id: FunctionId, volatile: ReadonlySet<string>): ParamFact {
  const at = rangeOf(node);
  const isProperty = node.type === 'TSParameterProperty';
  const inner = isProperty ? node.parameter : node;
  const isRest = inner.type === 'RestElement';
  const pattern = isRest ? inner.argument : inner;
  declarePattern(w, namesIn(pattern), volatile);

  const param = w.value({ kind: 'param', function: id, index, ...(isRest && { rest: true }), at });
  const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
  const value =
    pattern.type === 'AssignmentPattern'
      ? w.value({ kind: 'either', reason: 'default', options: [param, valueOf(w, pattern.right)], at })
      : param;
  const annotated = target as { typeAnnotation?: t.Node | null };
  const type = typeFactOf(w, annotated.typeAnnotation);
  if (target.type === 'Identifier') {
    const binding = w.declare(target.name, volatile.has(target.name));
    w.assign(binding, value);
  } else {
    assignPattern(w, target, value, '=');
  }
  const decorators = ((node as { decorators?: t.Decorator[] | null }).decorators ?? []).map(({ expression }) =>
    valueOf(w, expression),
  );
  const [name] = namesIn(target);
  return {
    value,
    at,
    ...(target.type === 'Identifier' && name !== undefined && { name }),
    ...(type && { type }),
    ...(decorators.length > 0 && { decorators }),
    ...(isProperty && { property: true }),
  };
}

/** TypeScript's `this` parameter only declares a type. */
const isReal = (param: t.Node): boolean => !(param.type === 'Identifier' && param.name === 'this');

function arityOf(params: readonly t.Node[]): number {
  const real = params.filter(isReal);
  const first = real.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return first === -1 ? real.length : first;
}

function nameOf(node: FunctionNode): string | undefined {
  if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') return node.id?.name;
  if (node.type === 'ArrowFunctionExpression') return undefined;
  if (node.key.type === 'Identifier') return node.key.name;
  if (node.key.type === 'PrivateName') return `#${node.key.id.name}`;
  return node.key.type === 'StringLiteral' ? node.key.value : undefined;
}
