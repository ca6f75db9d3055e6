import { AuditError } from '../document/audit-error.ts';
import { nearestOf } from '../document/nearest.ts';
import { callOf } from '../model/flows/surroundings.ts';
import type { Declared } from '../model/flows/surroundings.ts';
import type { Program } from '../model/program/program.ts';

/** The user speaks of a call that the code does not have: it would change nothing, and nobody would notice. */
export function checkDeclared(declared: Declared, program: Program): void {
  const all = (['sources', 'sinks', 'sanitizers', 'gates'] as const).flatMap((list) =>
    (declared[list] ?? []).map(({ call }, index) => ({ call, key: `declare.${list}.${index}.call` })),
  );
  if (all.length === 0) return;
  const { names, packages } = namesIn(program);
  for (const { call, key } of all) {
    const { path, own } = callOf(call);
    const isPackage = path === undefined && [...packages].some((name) => call === name || call.startsWith(`${name}.`));
    if (isPackage || names.has(path === undefined ? own : `${path}#${own}`)) continue;
    const nearest = nearestOf(path === undefined ? own : `${path}#${own}`, [...names, ...packages]);
    throw new AuditError(
      2,
      `"${key}" names "${call}", and nothing in the code that is deployed is called so.`,
      `${nearest === undefined ? '' : `Did you mean "${nearest}"? `}A call is \`package.function\`, the name of a function or a guard class, or \`src/file.ts#name\`.`,
    );
  }
}

/** What functions, classes and properties are called, functions with their files too; and the packages in use. */
function namesIn(program: Program): { readonly names: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const names = new Set<string>();
  const packages = new Set<string>();
  for (const { path, facts } of program.modules.values()) {
    for (const { name } of [...facts.functions, ...facts.classes]) {
      if (name === undefined) continue;
      names.add(name);
      names.add(`${path}#${name}`);
    }
    for (const { module } of facts.imports) if (module !== undefined && !module.startsWith('.')) packages.add(module);
  }
  // what a framework or a package keeps it under: `app.authenticate`
  for (const node of program.nodesOf('member')) {
    const value = program.valueOf(node);
    if (value.kind === 'member' && value.property !== undefined) names.add(value.property);
  }
  for (const node of [...program.nodesOf('variable'), ...program.nodesOf('import')]) {
    const value = program.valueOf(node);
    if (value.kind === 'variable' || value.kind === 'import') names.add(value.name);
  }
  return { names, packages };
}
