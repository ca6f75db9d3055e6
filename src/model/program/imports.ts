import type { ImportFact } from '../../facts/javascript/module-facts.ts';
import type { Constants } from './constants.ts';
import type { Graph } from './graph.ts';
import type { ModuleResolution } from './module-resolution.ts';
import { joined } from './module-resolution.ts';
import type { Module } from './program.ts';

/** A folder with more modules than this is not loaded file by file. */
const MAX_FOLDER = 400;

/** See `Program.importsOf`. */
export function importerOf(
  graph: Graph,
  resolution: ModuleResolution,
  constants: Constants,
): (path: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const all = [...graph.modules.keys()];
  const targetsOf = (module: Module, fact: ImportFact): readonly string[] => {
    if (fact.kind === 'type') return [];
    if (fact.module !== undefined) {
      const found = resolution.resolve(module.path, fact.module);
      return found.kind === 'file' ? [found.path] : [];
    }
    const folder = fact.value === undefined ? undefined : folderOf(graph, constants, module, module.first + fact.value);
    if (folder === undefined) return [];
    const inside = all.filter((path) => path.startsWith(`${folder}/`) && path !== module.path);
    return inside.length > MAX_FOLDER ? [] : inside;
  };
  return (path) => {
    const cached = known.get(path);
    if (cached) return cached;
    const module = graph.modules.get(path);
    const found = module ? [...new Set(module.facts.imports.flatMap((fact) => targetsOf(module, fact)))] : [];
    known.set(path, found);
    return found;
  };
}

/** The folder a computed specifier certainly lies in: of `'./routes/' + name`, of `path.join(__dirname, 'x', name)`. */
function folderOf(graph: Graph, constants: Constants, module: Module, node: number): string | undefined {
  const value = graph.valueOf(node);
  const here = module.path.slice(0, Math.max(0, module.path.lastIndexOf('/')));
  const textOf = (id: number): string | undefined => {
    const known = constants.of(graph.child(node, id));
    return known?.length === 1 && typeof known[0] === 'string' ? known[0] : undefined;
  };
  const parts =
    value.kind === 'join'
      ? value.parts.map((part) => part.value)
      : value.kind === 'call'
        ? value.args.map((argument) => argument.value)
        : [];
  const separator = value.kind === 'call' ? '/' : '';
  const prefix: string[] = [];
  for (const part of parts) {
    const text = textOf(part);
    if (text === undefined) break;
    prefix.push(text);
  }
  const text = prefix.join(separator) + (prefix.length < parts.length ? separator : '');
  if (!/^\.{0,2}\//.test(text)) return undefined;
  const cut = text.slice(0, text.lastIndexOf('/'));
  const folder = text.startsWith('/') ? joined('', cut) : joined(here, cut);
  return folder === '' || folder === here ? undefined : folder;
}
