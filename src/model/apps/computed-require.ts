import type { Module, Node, Program } from '../program/program.ts';

/**
 * The modules a computed `require` or `import()` may load, without those its module imports by name as well, or leaves
 * out by name: `if (file !== 'index.js')`.
 */
export function computedRequire(program: Program, call: Node): readonly string[] {
  const loaded = program.loadedAt(call);
  if (loaded.length === 0) return [];
  const module = program.moduleOf(call);
  const { path, facts } = module;
  const named = new Set(
    facts.imports.map((fact) => (fact.module === undefined ? undefined : program.resolveImport(path, fact.module))),
  );
  const leftOut = namesLeftOut(program, module);
  return loaded.filter((target) => {
    const file = target.slice(target.lastIndexOf('/') + 1);
    return !named.has(target) && !leftOut.has(file) && !leftOut.has(file.replace(/\.[^.]+$/, ''));
  });
}

/** A `require` or `import()` of a name that is computed. */
export function isComputedRequire(program: Program, node: Node): boolean {
  const value = program.valueOf(node);
  const callee = value.kind === 'call' ? program.valueOf(program.child(node, value.callee)) : undefined;
  return callee?.kind === 'global' && (callee.name === 'require' || callee.name === 'import');
}

function namesLeftOut(program: Program, { facts, first }: Module): ReadonlySet<string> {
  const names = facts.values.flatMap((value) => {
    if (value.kind !== 'operation' || !/^!==?$/.test(value.operator)) return [];
    return value.operands.flatMap((operand) => {
      const { kind } = facts.values[operand.value] ?? {};
      return kind === 'literal' ? (program.constants(first + operand.value) ?? []) : [];
    });
  });
  return new Set(names.filter((name) => typeof name === 'string'));
}
