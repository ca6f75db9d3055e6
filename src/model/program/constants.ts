import type { Apis } from './apis.ts';
import type { Graph } from './graph.ts';
import { joined } from './module-resolution.ts';
import type { Origins } from './origins.ts';
import type { Constant, Node } from './program.ts';

const MAX_CONSTANTS = 16;

/** Folds values; see `Program.constants`. `__dirname` and `__filename` are paths from the project root. */
export class Constants {
  readonly #graph: Graph;
  readonly #origins: Origins;
  readonly #apis: Apis;
  readonly #known = new Map<Node, readonly Constant[] | undefined>();
  readonly #open = new Set<Node>();

  constructor(graph: Graph, origins: Origins, apis: Apis) {
    this.#graph = graph;
    this.#origins = origins;
    this.#apis = apis;
  }

  of(node: Node): readonly Constant[] | undefined {
    if (this.#known.has(node)) return this.#known.get(node);
    if (this.#open.has(node)) return undefined;
    this.#open.add(node);
    const all = this.#origins.of(node).map((origin) => this.#fold(origin));
    this.#open.delete(node);
    const known = all.filter((each) => each !== undefined);
    const folded = known.length === all.length ? [...new Set(known.flat())] : undefined;
    const result = folded && folded.length > 0 && folded.length <= MAX_CONSTANTS ? folded : undefined;
    this.#known.set(node, result);
    return result;
  }

  #fold(node: Node): readonly Constant[] | undefined {
    const value = this.#graph.valueOf(node);
    const child = (id: number): Node => this.#graph.child(node, id);
    switch (value.kind) {
      case 'literal':
        return [value.value];
      case 'global':
        return this.#ofGlobal(node, value.name);
      case 'join':
        return this.#product(
          value.parts.map((part) => child(part.value)),
          (parts) =>
            value.operator === '+' && parts.every((part) => typeof part === 'number')
              ? parts.reduce<number>((sum, part) => sum + Number(part), 0)
              : parts.map(String).join(''),
        );
      case 'operation':
        return this.#product(
          value.operands.map((operand) => child(operand.value)),
          (operands) => arithmetic(value.operator, operands),
        );
      case 'call':
        return this.#ofCall(node);
      case 'member':
        return this.#isMeta(node, 'dirname') || this.#isMeta(node, 'filename')
          ? this.#ofGlobal(node, `import.meta.${value.property}`)
          : undefined;
      default:
        return undefined;
    }
  }

  /** `import.meta.dirname` */
  #isMeta(node: Node, property: string): boolean {
    const value = this.#graph.valueOf(node);
    const object = value.kind === 'member' ? this.#graph.valueOf(this.#graph.child(node, value.object)) : undefined;
    return (
      value.kind === 'member' &&
      value.property === property &&
      object?.kind === 'global' &&
      object.name === 'import.meta'
    );
  }

  /** `fileURLToPath(import.meta.url)`, `fileURLToPath(new URL('./routes', import.meta.url))` */
  #pathOfUrl(argument: Node): readonly Constant[] | undefined {
    if (this.#isMeta(argument, 'url')) return this.#ofGlobal(argument, 'import.meta.filename');
    const [origin = argument] = this.#origins.of(argument);
    if (this.#isMeta(origin, 'url')) return this.#ofGlobal(origin, 'import.meta.filename');
    const call = this.#graph.callAt(origin);
    const [relative, base] = (call?.args ?? []).map(({ value }) => this.#graph.child(origin, value));
    if (!call?.new || relative === undefined || base === undefined || !this.#isMeta(base, 'url')) return undefined;
    const folder = this.#ofGlobal(base, 'import.meta.dirname') ?? [];
    return this.of(relative)?.flatMap((part) => folder.map((each) => pathOf([String(each), String(part)])));
  }

  #ofGlobal(node: Node, name: string): readonly Constant[] | undefined {
    const { path } = this.#graph.moduleOf(node);
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (name === '__dirname' || name === 'import.meta.dirname') return [`/${folder}`];
    if (name === '__filename' || name === 'import.meta.filename') return [`/${path}`];
    return name === 'Infinity' ? [Number.POSITIVE_INFINITY] : undefined;
  }

  #ofCall(node: Node): readonly Constant[] | undefined {
    const call = this.#graph.callAt(node);
    const [api] = call ? this.#apis.of(this.#graph.child(node, call.callee)) : [];
    if (!call || api === undefined) return undefined;
    const args = call.args.map(({ value }) => this.#graph.child(node, value));
    if (api === 'path.join' || api === 'path.resolve') return this.#product(args, (parts) => pathOf(parts.map(String)));
    const [only] = args;
    if (api === 'path.dirname') return this.#product(args, ([path]) => String(path).replace(/\/[^/]*$/, '') || '/');
    if (api === 'url.fileURLToPath') return only === undefined ? undefined : this.#pathOfUrl(only);
    if (api === 'Number' || api === 'String')
      return this.#product(args, ([part]) =>
        part === undefined ? undefined : api === 'Number' ? Number(part) : String(part),
      );
    return undefined;
  }

  /** Every combination of the parts' constants, folded. */
  #product(
    parts: readonly Node[],
    fold: (parts: readonly Constant[]) => Constant | undefined,
  ): readonly Constant[] | undefined {
    let rows: Constant[][] = [[]];
    for (const part of parts) {
      const options = this.of(part);
      if (!options || rows.length * options.length > MAX_CONSTANTS) return undefined;
      rows = rows.flatMap((row) => options.map((option) => [...row, option]));
    }
    const folded = rows.map(fold);
    return folded.every((each) => each !== undefined) ? folded : undefined;
  }
}

/** Absolute parts restart the path, as `path.resolve` does; paths from `__dirname` are absolute. */
function pathOf(parts: readonly string[]): string {
  const [first = ''] = parts;
  return (first.startsWith('/') ? '/' : '') + parts.reduce((folder, part) => joined(folder, part), '');
}

function arithmetic(operator: string, operands: readonly Constant[]): Constant | undefined {
  const [left, right] = operands;
  if (left === undefined) return undefined;
  if (right === undefined) {
    if (operator === '-' && typeof left === 'number') return -left;
    if (operator === '+') return Number(left);
    return operator === '!' ? !left : undefined;
  }
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (operator) {
    case '*':
      return left * right;
    case '-':
      return left - right;
    case '/':
      return left / right;
    case '**':
      return left ** right;
    case '%':
      return left % right;
    case '<<':
      return left << right;
    case '|':
      return left | right;
    default:
      return undefined;
  }
}
