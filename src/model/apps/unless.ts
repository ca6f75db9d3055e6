import type { Node } from '../program/program.ts';
import type { Ref } from './frame.ts';
import type { Resolver } from './resolver.ts';

/**
 * Requests a middleware lets by unasked: `jwt({ … }).unless({ path: ['/login', /^\/public/] })`. Source:
 * https://github.com/jfromaniello/express-unless
 */
export interface Unless {
  readonly paths: readonly UnlessPath[];
  /** It leaves out more, in a way that is not read: `custom`, a path that cannot be seen. */
  readonly isOpen: boolean;
}

interface UnlessPath {
  /** What the path begins with, or is. */
  readonly text: string;
  readonly match: 'exact' | 'prefix' | 'perhaps';
  /** Upper case; empty for all. */
  readonly methods: readonly string[];
}

/** What is called `unless` on, and with what options. */
export function unlessAt(resolver: Resolver, { node, frame }: Ref): { inner: Ref; options?: Ref } | undefined {
  const { program } = resolver;
  const value = program.valueOf(node);
  if (value.kind !== 'call') return undefined;
  const callee = program.child(node, value.callee);
  const member = program.valueOf(callee);
  if (program.apis(callee).includes('hono/combine.except')) {
    const [paths, guard] = [program.argument(node, 0), program.argument(node, 1)];
    const [first] = guard === undefined ? [] : resolver.refs(guard, frame);
    const [options] = paths === undefined ? [] : resolver.refs(paths, frame);
    return first && { inner: first, ...(options && { options }) };
  }
  if (member.kind !== 'member' || member.property !== 'unless') return undefined;
  const [inner] = resolver.refs(program.child(callee, member.object), frame);
  const argument = program.argument(node, 0);
  const [options] = argument === undefined ? [] : resolver.refs(argument, frame);
  return inner && { inner, ...(options && { options }) };
}

export function unlessOf(resolver: Resolver, ref: Ref): Unless | undefined {
  const found = unlessAt(resolver, ref);
  if (!found) return undefined;
  const { options } = found;
  const listed = options && (resolver.items(options) ?? [options]);
  const texts = (listed ?? []).map(({ node }) => textAt(resolver, node));
  // paths alone, with a wildcard at their ends
  if (texts.length > 0 && texts.every((text) => text !== undefined))
    return {
      paths: texts.map((text) => ({
        text: text.replace(/\*$/, ''),
        match: text.endsWith('*') ? 'prefix' : 'exact',
        methods: [],
      })),
      isOpen: false,
    };
  if (!options || resolver.program.valueOf(options.node).kind !== 'object') return { paths: [], isOpen: true };
  const given = resolver.property(options, 'path').flatMap((each) => resolver.items(each) ?? [each]);
  const paths = given.map((each) => pathOf(resolver, each));
  const isOther = ['custom', 'method', 'ext', 'useOriginalUrl'].some(
    (name) => resolver.property(options, name).length > 0,
  );
  return { paths: paths.filter((each) => each !== undefined), isOpen: isOther || paths.includes(undefined) };
}

function pathOf(resolver: Resolver, ref: Ref, methods: readonly string[] = []): UnlessPath | undefined {
  const value = resolver.program.valueOf(ref.node);
  if (value.kind === 'regex') return ofPattern(value.pattern, methods);
  if (value.kind === 'object') {
    const [url] = resolver.property(ref, 'url');
    const only = resolver
      .property(ref, 'methods')
      .flatMap((each) => resolver.items(each) ?? [each])
      .map((each) => textAt(resolver, each.node)?.toUpperCase() ?? '?');
    return url && pathOf(resolver, url, only);
  }
  const text = textAt(resolver, ref.node);
  return text === undefined ? undefined : { text, match: 'exact', methods };
}

const textAt = ({ program }: Resolver, node: Node): string | undefined => {
  const [text] = program.constants(node) ?? [];
  return typeof text === 'string' ? text : undefined;
};

/** Patterns are read as far as they are plain text. */
export function ofPattern(pattern: string, methods: readonly string[]): UnlessPath {
  const isAnchored = pattern.startsWith('^');
  const [whole = '', rest = ''] =
    /^((?:[\w/-]|\\[/.-])*)(.*)$/.exec(isAnchored ? pattern.slice(1) : pattern)?.slice(1) ?? [];
  // what is repeated or optional is no longer plain
  const text = (/^[?*+{]/.test(rest) ? whole.replace(/\\?.$/, '') : whole).replaceAll('\\', '');
  if (!isAnchored) return { text: '/', match: 'perhaps', methods };
  if (rest === '$') return { text, match: 'exact', methods };
  return { text, match: /^(|\.\*|\(\.\*\)|\.\*\$)$/.test(rest) ? 'prefix' : 'perhaps', methods };
}

/** How much of the requests to a route meets what has exceptions. */
export function meetsUnless(
  { paths, isOpen }: Unless,
  method: string,
  path: string | undefined,
): 'all' | 'some' | 'none' {
  const verdicts = paths.map((each) => {
    if (each.methods.length > 0 && !each.methods.includes(method)) return method === 'ALL' ? 'some' : 'all';
    if (path === undefined) return 'some';
    const below = path.startsWith(each.text) || each.text.startsWith(path.replace(/[:*].*$/, ''));
    if (!below) return 'all';
    if (each.match === 'exact') return path === each.text ? 'none' : /[:*]/.test(path) ? 'some' : 'all';
    return each.match === 'prefix' && path.startsWith(each.text)
      ? 'none'
      : each.match === 'prefix' && !/[:*]/.test(path)
        ? 'all'
        : 'some';
  });
  if (verdicts.includes('none')) return 'none';
  return isOpen || verdicts.includes('some') ? 'some' : 'all';
}
