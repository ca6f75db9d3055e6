import type * as t from '@babel/types';
import { classOf, newClass } from './classes.ts';
import { literalOf, useOf, valueOf } from './expressions.ts';
import { functionOf } from './functions.ts';
import type { Property, Range, ValueId } from './module-facts.ts';
import { namesIn } from './regions.ts';
import { declarationIn, statementOf, statementsOf } from './statements.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

/** Imports are bound before anything else runs. */
export function bindImports(w: Walker, statements: readonly t.Statement[]): void {
  for (const node of statements) {
    if (node.type === 'ImportDeclaration') bindImport(w, node);
    else if (node.type === 'TSImportEqualsDeclaration' && node.moduleReference.type === 'TSExternalModuleReference') {
      const module = node.moduleReference.expression.value;
      w.imports.push({ module, kind: node.importKind === 'type' ? 'type' : 'require', block: 0, at: rangeOf(node) });
      w.assign(w.declare(node.id.name), w.value({ kind: 'import', module, name: '=', at: rangeOf(node.id) }));
    }
  }
}

function bindImport(w: Walker, node: t.ImportDeclaration): void {
  const module = node.source.value;
  const onlyTypes =
    node.importKind === 'type' ||
    (node.specifiers.length > 0 &&
      node.specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type'));
  w.imports.push({ module, kind: onlyTypes ? 'type' : 'import', block: 0, at: rangeOf(node) });
  for (const specifier of node.specifiers) {
    const name =
      specifier.type === 'ImportNamespaceSpecifier'
        ? '*'
        : specifier.type === 'ImportDefaultSpecifier'
          ? 'default'
          : nameOf(specifier.imported);
    w.assign(w.declare(specifier.local.name), w.value({ kind: 'import', module, name, at: rangeOf(specifier) }));
  }
}

/** Statements only modules and TypeScript have. */
export function moduleStatementOf(w: Walker, node: t.Statement): void {
  switch (node.type) {
    case 'ExportNamedDeclaration':
      exportNamed(w, node);
      return;
    case 'ExportDefaultDeclaration':
      exportDefault(w, node);
      return;
    case 'ExportAllDeclaration': {
      const module = node.source.value;
      w.imports.push({ module, kind: node.exportKind === 'type' ? 'type' : 'reexport', block: 0, at: rangeOf(node) });
      exportAs(w, '*', w.value({ kind: 'import', module, name: '*', at: rangeOf(node) }), rangeOf(node));
      return;
    }
    case 'TSExportAssignment':
      w.commonjs = true;
      exportAs(w, '=', valueOf(w, node.expression), rangeOf(node));
      return;
    case 'TSEnumDeclaration':
      declareEnum(w, node);
      return;
    case 'TSModuleDeclaration':
      if (node.body?.type === 'TSModuleBlock' && !node.declare) statementsOf(w, node.body.body);
      return;
    default:
  }
}

const exportAs = (w: Walker, name: string, value: ValueId, at: Range): void => {
  w.exports.push({ name, value, at });
};

const nameOf = (node: t.Identifier | t.StringLiteral): string => (node.type === 'Identifier' ? node.name : node.value);

function exportNamed(w: Walker, node: t.ExportNamedDeclaration): void {
  const at = rangeOf(node);
  if (node.source) {
    const module = node.source.value;
    w.imports.push({ module, kind: node.exportKind === 'type' ? 'type' : 'reexport', block: 0, at });
    for (const specifier of node.specifiers) {
      const imported =
        specifier.type === 'ExportSpecifier' ? nameOf(specifier.local as t.Identifier | t.StringLiteral) : '*';
      exportAs(
        w,
        nameOf(specifier.exported),
        w.value({ kind: 'import', module, name: imported, at: rangeOf(specifier) }),
        rangeOf(specifier),
      );
    }
    return;
  }
  if (node.declaration) {
    statementOf(w, node.declaration);
    const declared = declarationIn(node);
    if (!declared) return;
    const names =
      declared.type === 'VariableDeclaration'
        ? declared.declarations.flatMap(({ id }) => namesIn(id))
        : declared.id
          ? namesIn(declared.id)
          : [];
    for (const name of names) w.exported.push({ local: name, name, at });
    return;
  }
  if (node.exportKind === 'type') return;
  for (const specifier of node.specifiers) {
    if (specifier.type === 'ExportSpecifier')
      w.exported.push({ local: specifier.local.name, name: nameOf(specifier.exported), at: rangeOf(specifier) });
  }
}

/** Exports of names stand for what the names finally hold. */
export function settleExports(w: Walker): void {
  for (const { local, name, at } of w.exported) {
    const binding = w.scope.find(local);
    if (!binding) continue;
    const [only, ...others] = binding.given;
    const value =
      only !== undefined && others.length === 0
        ? only
        : w.value({ kind: 'variable', name: local, options: binding.given, at });
    exportAs(w, name, value, at);
  }
}

function exportDefault(w: Walker, node: t.ExportDefaultDeclaration): void {
  const { declaration } = node;
  const at = rangeOf(node);
  if (declaration.type === 'FunctionDeclaration') {
    const value = declaration.id ? w.scope.find(declaration.id.name)?.given[0] : undefined;
    exportAs(w, 'default', value ?? functionOf(w, declaration), at);
  } else if (declaration.type === 'ClassDeclaration') {
    const declared = declaration.id
      ? w.scope.find(declaration.id.name)?.given.find((id) => w.values[id]?.kind === 'class')
      : w.value({ kind: 'class', class: newClass(w, declaration), at: rangeOf(declaration) });
    exportAs(w, 'default', classOf(w, declaration, declared), at);
  } else if (declaration.type !== 'TSDeclareFunction') {
    exportAs(w, 'default', valueOf(w, declaration), at);
  }
}

/** An enum is an object of its members. */
function declareEnum(w: Walker, node: t.TSEnumDeclaration): void {
  if (node.declare) return;
  let next: number | undefined = 0;
  const properties = (node.body?.members ?? node.members ?? []).map((member): Property => {
    const at = rangeOf(member);
    const name = nameOf(member.id as t.Identifier | t.StringLiteral);
    if (member.initializer) {
      const value = useOf(w, member.initializer).value;
      const literal = w.values[value];
      next = literal?.kind === 'literal' && typeof literal.value === 'number' ? literal.value + 1 : undefined;
      return { kind: 'value', name, value, at };
    }
    const value = next === undefined ? w.value({ kind: 'opaque', at }) : literalOf(w, next, member);
    if (next !== undefined) next += 1;
    return { kind: 'value', name, value, at };
  });
  w.assign(
    w.scope.find(node.id.name) ?? w.declare(node.id.name),
    w.value({ kind: 'object', properties, at: rangeOf(node) }),
  );
}
