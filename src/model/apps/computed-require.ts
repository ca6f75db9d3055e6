import type { Node, Program } from '../program/program.ts';

/** The modules a computed `require` may load, without those its module imports by name as well. */
export function computedRequire(program: Program, call: Node): readonly string[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return [];
  const callee = program.valueOf(program.child(call, value.callee));
  if (callee.kind !== 'global' || callee.name !== 'require') return [];
  const { path, facts } = program.moduleOf(call);
  if (!facts.imports.some(({ module, at }) => module === undefined && at[0] === value.at[0])) return [];
  const named = new Set(
    facts.imports.map(({ module }) => (module === undefined ? undefined : program.resolveImport(path, module))),
  );
  return program.importsOf(path).filter((target) => !named.has(target));
}
