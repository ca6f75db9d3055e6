import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import babelTraverse from '@babel/traverse';
import type { NodePath } from '@babel/traverse';
import type { Identifier, JSXIdentifier } from '@babel/types';
import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import { parsed } from './parse.ts';

// CommonJS: what Node.js calls its default export is the whole module
const traverse = (babelTraverse as unknown as { default: typeof babelTraverse.default }).default ?? babelTraverse;

/** Code nobody wrote for this test: our fixtures, and packages that are there anyway. */
const ROOT = new URL('../../../', import.meta.url).pathname;
const FOLDERS = [
  'fixtures',
  'scripts',
  'node_modules/commander',
  'node_modules/semver',
  'node_modules/undici/lib',
  'node_modules/yaml/dist',
];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?js$/.test(name) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`),
);
const SAMPLE = files.filter((_, index) => index % 4 === 0);

/** Names the walk answers itself. */
const OWN = new Set(['undefined', 'arguments', 'require', 'module', 'exports', 'globalThis', 'import']);

describe('names nothing binds, as the scopes of @babel/traverse have them', () => {
  it.each(SAMPLE)('%s', (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const { facts } = extract({ path, text, language: 'javascript', tracked: 'tracked' });
    const found = new Set(
      facts.values.flatMap((value) => (value.kind === 'global' && !value.name.includes('.') ? [value.name] : [])),
    );
    const expected = globalsOf(path, text);
    for (const name of OWN) {
      found.delete(name);
      expected.delete(name);
    }
    expect([...found].toSorted()).toEqual([...expected].toSorted());
  });
});

/** Names that are read and that no scope binds. */
function globalsOf(path: string, text: string): Set<string> {
  const { file } = parsed(path, text);
  const names = new Set<string>();
  if (!file) return names;
  traverse(file, {
    ReferencedIdentifier(reference: NodePath<Identifier | JSXIdentifier>) {
      const { node, scope } = reference;
      if (node.type === 'Identifier' && !scope.hasBinding(node.name, true)) names.add(node.name);
    },
  });
  return names;
}
