import { parse } from '@babel/parser';
import babelTraverse from '@babel/traverse';
import type { Node } from '@babel/types';
import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import type { ModuleFacts, ValueId } from './module-facts.ts';
import { chooserOf, scopedProgram } from './random-source.ts';

// the package is CommonJS: under ES modules its function is a property of the default export
const traverse = (
  typeof (babelTraverse as unknown) === 'function' ? babelTraverse : babelTraverse.default
) as typeof babelTraverse.default;

/** What `probe('name', x)` is asked about, by Babel's scopes. */
function byBabel(text: string): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  traverse(parse(text, { sourceType: 'module' }), {
    CallExpression(path) {
      const { callee, arguments: args } = path.node;
      const [name, asked] = args;
      if (callee.type !== 'Identifier' || callee.name !== 'probe') return;
      if (name?.type !== 'StringLiteral' || asked?.type !== 'Identifier') return;
      const declaration = path.scope.getBinding(asked.name)?.path.node;
      held.set(name.value, declaration?.type === 'VariableDeclarator' ? literalIn(declaration.init) : 'nothing');
    },
  });
  return held;
}

function literalIn(node: Node | null | undefined): string {
  if (node?.type === 'StringLiteral') return node.value;
  const property = node?.type === 'ObjectExpression' ? node.properties[0] : undefined;
  return property?.type === 'ObjectProperty' ? literalIn(property.value) : 'nothing';
}

/** The same by the value graph. */
function byFacts(text: string): ReadonlyMap<string, string> {
  const { facts } = extract({ path: 'a.js', text, language: 'javascript', tracked: 'tracked' });
  const held = new Map<string, string>();
  for (const value of facts.values) {
    if (value.kind !== 'call') continue;
    const [name, asked] = value.args.map((argument) => argument.value);
    const literal = name === undefined ? undefined : facts.values[name];
    if (literal?.kind === 'literal' && asked !== undefined) held.set(String(literal.value), shown(facts, asked));
  }
  return held;
}

function shown(facts: ModuleFacts, id: ValueId): string {
  const value = facts.values[id];
  if (value?.kind === 'literal') return String(value.value);
  const object = value?.kind === 'member' ? facts.values[value.object] : undefined;
  const property = object?.kind === 'object' ? object.properties[0] : undefined;
  return property ? shown(facts, property.value) : (value?.kind ?? 'nothing');
}

describe('a name holds what the scopes of the language say', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('in random program %i', (seed) => {
    const text = scopedProgram(chooserOf(seed));
    expect(byFacts(text), text).toEqual(byBabel(text));
  });
});
