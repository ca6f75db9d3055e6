import type { Location } from '../../document/document.ts';
import type { Module, Node } from '../program/program.ts';
import type { Link, Setting } from './app.ts';
import type { Ref } from './frame.ts';
import { matcherReach } from './next-matcher.ts';
import { SECURITY_HEADERS } from './packages.ts';
import type { Walk } from './walk.ts';

/** What `next.config.js` says of responses. Source: https://nextjs.org/docs/app/api-reference/config/next-config-js */
export interface NextConfig {
  readonly objects: readonly Ref[];
  readonly settings: readonly Setting[];
  readonly basePath: string;
  readonly at?: Location;
  readonly node?: Node;
  /** Where it is written, if what it is cannot be seen. */
  readonly unknown?: Location;
}

const MAX_DEPTH = 6;

export function configOf(module: Module | undefined, walk: Walk): NextConfig {
  if (!module) return { objects: [], settings: [], basePath: '/' };
  const exported = module.facts.exports.filter(({ name }) => name === 'default' || name === '=');
  const objects = exported.flatMap(({ value }) =>
    walk.resolver.refs(module.first + value, undefined).flatMap((ref) => objectsIn(ref, walk, 0)),
  );
  const [first] = objects;
  const [place] = exported;
  if (!first) {
    const unknown = walk.program.locationIn(module, place?.at ?? [0, 0]);
    return { objects: [], settings: [], basePath: '/', unknown };
  }
  const [base] = objects
    .flatMap((ref) => walk.resolver.property(ref, 'basePath'))
    .flatMap((ref) => walk.resolver.constants(ref.node, ref.frame) ?? []);
  const settings = objects.flatMap((ref) =>
    walk.resolver.property(ref, 'poweredByHeader').map(({ node, frame }): Setting => ({
      name: 'x-powered-by',
      at: walk.locationOf(node),
      enabled: walk.resolver.constants(node, frame)?.[0] !== false,
      condition: 'always',
    })),
  );
  return {
    objects,
    settings,
    basePath: typeof base === 'string' ? base : '/',
    at: walk.locationOf(first.node),
    node: first.node,
  };
}

/** The object itself, what a function of the phase returns, what `withPlugin(config)` is given. */
function objectsIn(ref: Ref, walk: Walk, depth: number): readonly Ref[] {
  if (depth > MAX_DEPTH) return [];
  const value = walk.program.valueOf(ref.node);
  if (value.kind === 'object') return [ref];
  const fn = walk.program.functionAt(ref.node);
  if (fn)
    return fn.fact.returns.flatMap(({ value: returned }) =>
      walk.resolver.refs(fn.module.first + returned, ref.frame).flatMap((each) => objectsIn(each, walk, depth + 1)),
    );
  if (value.kind !== 'call') return [];
  const given = value.args.flatMap(({ value: argument }) =>
    walk.resolver
      .refs(walk.program.child(ref.node, argument), ref.frame)
      .flatMap((each) => objectsIn(each, walk, depth + 1)),
  );
  return given;
}

/** `headers: async () => [{ source: '/(.*)', headers: [{ key, value }] }]` */
export function headerLinks(
  { objects }: NextConfig,
  walk: Walk,
): readonly { readonly link: Link; readonly reach: (path: string | undefined) => 'all' | 'some' | 'none' }[] {
  const { resolver, program } = walk;
  const texts = (ref: Ref, name: string): readonly (string | undefined)[] =>
    resolver.property(ref, name).map(({ node, frame }) => {
      const [text] = resolver.constants(node, frame) ?? [];
      return typeof text === 'string' ? text : undefined;
    });
  const rows = objects
    .flatMap((ref) => resolver.property(ref, 'headers'))
    .flatMap((ref) => program.functionAt(ref.node) ?? [])
    .flatMap(({ module, fact }) => fact.returns.flatMap(({ value }) => resolver.refs(module.first + value, undefined)))
    .flatMap((ref) => resolver.items(ref) ?? [ref]);
  return rows.map((row, order) => {
    const [source] = texts(row, 'source');
    const isPlain = resolver.property(row, 'has').length === 0 && resolver.property(row, 'missing').length === 0;
    const matcher = isPlain ? source?.replaceAll('(.*?)', '(.*)') : undefined;
    const items = resolver.property(row, 'headers').flatMap((ref) => resolver.items(ref) ?? [{ node: -1 }]);
    const keys = items.map((item) => (item.node < 0 ? undefined : texts(item, 'key')[0]?.toLowerCase()));
    const names = SECURITY_HEADERS.filter((name) => keys.includes(name));
    const isSeen = keys.every((key) => key !== undefined) && source !== undefined;
    const link: Link = {
      at: walk.locationOf(row.node),
      node: row.node,
      name: `headers ${source ?? ''}`.trim(),
      effects: [
        ...(names.length > 0 ? [{ kind: 'headers', by: 'behaviour', headers: names } as const] : []),
        ...(keys.includes('access-control-allow-origin') ? [{ kind: 'cors', by: 'behaviour' } as const] : []),
        ...(isSeen
          ? []
          : [{ kind: 'unknown', by: 'behaviour', reason: 'which headers it sets cannot be seen' } as const]),
        ...(isSeen && names.length === 0 ? [{ kind: 'none', by: 'behaviour' } as const] : []),
      ],
      condition: 'always',
      scope: matcherReach(matcher, '/x/y/z') === 'all' ? '/' : source,
      level: 'app',
      order,
    };
    return { link, reach: (path) => matcherReach(matcher, path) };
  });
}
