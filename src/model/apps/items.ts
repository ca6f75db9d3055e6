import type { Module, Node } from '../program/program.ts';

/** What a walk does in a function: calls, and modules that are loaded where they are required. */
export type Item = { readonly kind: 'call'; readonly node: Node } | { readonly kind: 'load'; readonly path: string };

/** The calls and requires of each function of a module, in the order of evaluation. */
export function itemsOf(
  module: Module,
  resolveImport: (from: string, specifier: string) => string | undefined,
): ReadonlyMap<number, readonly Item[]> {
  const { values, blocks, imports } = module.facts;
  const byFunction = new Map<number, Item[]>();
  const push = (functionId: number, item: Item): void => {
    const list = byFunction.get(functionId);
    if (list) list.push(item);
    else byFunction.set(functionId, [item]);
  };
  const requires = new Map(
    imports.filter(({ kind }) => kind === 'require' || kind === 'dynamic').map((fact) => [fact.at[0], fact]),
  );
  values.forEach((value, id) => {
    if (value.kind === 'call') {
      push(blocks[value.block]?.function ?? 0, { kind: 'call', node: module.first + id });
    } else if (value.kind === 'import') {
      const fact = requires.get(value.at[0]);
      const path = fact?.module === undefined ? undefined : resolveImport(module.path, fact.module);
      if (fact && path !== undefined) push(blocks[fact.block]?.function ?? 0, { kind: 'load', path });
    }
  });
  return byFunction;
}
