import { joined } from '../program/module-resolution.ts';
import type { Node, Program } from '../program/program.ts';

/** Calls that run another module of the project without importing it, and the argument that names it. */
const RUNS_MODULE: readonly { readonly api: RegExp; readonly index: number; readonly option?: string }[] = [
  { api: /^child_process\.fork$/, index: 0 },
  { api: /^worker_threads\.Worker$/, index: 0 },
  { api: /^cluster\.(setupPrimary|setupMaster)$/, index: 0, option: 'exec' },
  { api: /^(piscina|piscina\.Piscina|tinypool|tinypool\.Tinypool)$/, index: 0, option: 'filename' },
  { api: /^workerpool\.pool$/, index: 0 },
  { api: /^(bullmq\.Worker|bull\(\)\.process)$/, index: 1 },
  { api: /^bull\(\)\.process$/, index: 0 },
  { api: /^pm2\.start$/, index: 0, option: 'script' },
];

/** Calls that load every module of a folder, and the option that names it. */
const LOADS_FOLDER: readonly { readonly api: RegExp; readonly index: number; readonly option?: string }[] = [
  { api: /^@fastify\/autoload$/, index: 1, option: 'dir' },
  { api: /^fastify-autoload$/, index: 1, option: 'dir' },
];

/** Paths that a module starts or loads by name rather than by import. */
export function detachedOf(program: Program): (path: string) => readonly string[] {
  const edges = new Map<string, string[]>();
  const paths = [...program.modules.keys()];
  const add = (from: string, to: readonly string[]): void => {
    edges.set(from, [...(edges.get(from) ?? []), ...to]);
  };
  for (const { api, index, option } of RUNS_MODULE) {
    for (const call of program.callsTo(api)) {
      const from = program.moduleOf(call).path;
      add(from, modulesNamed(program, paths, from, argumentOf(program, call, index, option)));
    }
  }
  for (const call of program.callsTo(/\.register$/)) {
    const from = program.moduleOf(call).path;
    add(from, foldersNamed(program, paths, from, call));
  }
  return (path) => edges.get(path) ?? [];
}

function argumentOf(program: Program, call: Node, index: number, option: string | undefined): readonly Node[] {
  const argument = program.argument(call, index);
  if (argument === undefined) return [];
  return option === undefined ? [argument] : program.property(argument, option);
}

/** `./worker.js` relative to the module, `path.join(__dirname, 'worker.js')`, `new URL('./worker.js', import.meta.url)`. */
function modulesNamed(
  program: Program,
  paths: readonly string[],
  from: string,
  nodes: readonly Node[],
): readonly string[] {
  const folder = from.slice(0, Math.max(0, from.lastIndexOf('/')));
  const texts = nodes.flatMap((node) => {
    const direct = program.constants(node);
    if (direct) return direct;
    return program.origins(node).flatMap((origin) => {
      const value = program.valueOf(origin);
      if (value.kind !== 'call') return [];
      const first = program.argument(origin, 0);
      return first === undefined ? [] : (program.constants(first) ?? []);
    });
  });
  return texts.flatMap((text) => {
    if (typeof text !== 'string' || text === '') return [];
    const candidates = text.startsWith('/') ? [joined('', text)] : [joined(folder, text), joined('', text)];
    return paths.filter((path) =>
      candidates.some((each) => path === each || withoutEnding(path) === withoutEnding(each)),
    );
  });
}

const withoutEnding = (path: string): string => path.replace(/\.[mc]?[jt]sx?$/, '');

/** `register(autoload, { dir })` */
function foldersNamed(program: Program, paths: readonly string[], from: string, call: Node): readonly string[] {
  const plugin = program.argument(call, 0);
  const options = program.argument(call, 1);
  if (plugin === undefined || options === undefined) return [];
  if (!program.apis(plugin).some((api) => LOADS_FOLDER.some((each) => each.api.test(api)))) return [];
  const here = from.slice(0, Math.max(0, from.lastIndexOf('/')));
  return program.property(options, 'dir').flatMap((node) => {
    const [text] = program.constants(node) ?? [];
    if (typeof text !== 'string') return [];
    const folder = text.startsWith('/') ? joined('', text) : joined(here, text);
    return paths.filter((path) => path.startsWith(`${folder}/`));
  });
}
