import type { Gap } from '../../document/gap.ts';
import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { NginxDirective } from '../../facts/nginx/nginx-facts.ts';
import { placeOf } from '../place.ts';
import { absent, defineView, present } from '../view.ts';

/** The nginx servers of the project. Source: https://nginx.org/en/docs/dirindex.html */
export interface Proxies {
  readonly servers: readonly ProxyServer[];
  readonly upstreams: readonly Upstream[];
}

/** Servers that requests are handed on to, under one name. */
export interface Upstream {
  readonly name: string;
  readonly at: Location;
  readonly own: readonly Directive[];
}

export interface ProxyServer {
  readonly path: string;
  /** The word `server`. */
  readonly at: Location;
  readonly names: readonly string[];
  readonly listens: readonly { readonly at: Location; readonly port: string; readonly ssl: boolean }[];
  /** Directives of the server itself, without those of its locations. */
  readonly own: readonly Directive[];
  readonly locations: readonly ProxyLocation[];
  /** Directives around it, at the level of http. */
  readonly around: readonly Directive[];
  /** It hands requests on, somewhere. */
  readonly proxies: boolean;
  /** It includes files that are not in the project. */
  readonly includesUnknown: boolean;
}

export interface ProxyLocation {
  readonly at: Location;
  /** `/api`, `~ \.php$` */
  readonly pattern: string;
  /** `=`, `^~`, `~`, `~*`, or none. */
  readonly modifier: string;
  readonly own: readonly Directive[];
  /** Its own, else its server's, else those around. */
  readonly effective: (name: string) => readonly Directive[];
  readonly proxyPass?: Directive;
  /** It includes files that are not in the project. */
  readonly includesUnknown: boolean;
}

export interface Directive {
  readonly at: Location;
  readonly name: string;
  readonly args: readonly string[];
  /** Where its arguments stand. */
  readonly argsAt: readonly Location[];
}

export const proxies = defineView({
  name: 'proxies',
  reads: ['nginx'],
  needs: [],
  build: ({ facts }) => {
    const files = facts('nginx').filter(
      ({ path }) => placeOf(path) === 'product' && !/(^|\/)\.?(dev|development|local)\//i.test(path),
    );
    const included = new Map(files.map(({ path, facts: { directives } }) => [path, directives]));
    const servers = files.flatMap(({ path, facts: { directives } }) => serversIn(path, directives, [], included));
    if (servers.length === 0) return absent('The project has no nginx server.');
    const gaps: Gap[] = servers
      .filter(({ includesUnknown }) => includesUnknown)
      .map(({ at }) => ({ kind: 'unresolved', message: 'It includes files that are not in the project.', at }));
    const upstreams = files.flatMap(({ path, facts: { directives } }) => upstreamsIn(path, directives));
    return present({ servers, upstreams }, gaps);
  },
});

type Files = ReadonlyMap<string, readonly NginxDirective[]>;

interface Placed {
  readonly path: string;
  readonly node: NginxDirective;
}

const MAX_DEPTH = 10;

const upstreamsIn = (path: string, directives: readonly NginxDirective[]): readonly Upstream[] =>
  directives.flatMap((node) => {
    if (node.name === 'http' && node.block) return upstreamsIn(path, node.block);
    const [name] = node.words;
    if (node.name !== 'upstream' || !node.block || !name) return [];
    const own = node.block.map((inner) => directiveOf({ path, node: inner }));
    return [{ name: name.text, at: locationOf(path, { start: node.nameAt.start, end: name.end }), own }];
  });

function serversIn(
  path: string,
  directives: readonly NginxDirective[],
  around: readonly Directive[],
  files: Files,
  depth = 0,
): readonly ProxyServer[] {
  if (depth > MAX_DEPTH) return [];
  const own = [...around, ...directives.filter(({ block }) => !block).map((node) => directiveOf({ path, node }))];
  return directives.flatMap((node) => {
    if (node.name === 'server' && node.block && node.words.length === 0) return [serverOf(path, node, own, files)];
    return node.block && node.name === 'http' ? serversIn(path, node.block, own, files, depth + 1) : [];
  });
}

function serverOf(path: string, node: NginxDirective, around: readonly Directive[], files: Files): ProxyServer {
  const { flat, unknown } = expanded(path, node.block ?? [], files);
  const own = flat.filter((placed) => !placed.node.block).map(directiveOf);
  const locations = flat.flatMap((placed) => locationsIn(placed, own, around, files));
  const named = (name: string): readonly Directive[] => own.filter((directive) => directive.name === name);
  return {
    path,
    at: locationOf(path, node.nameAt),
    names: named('server_name').flatMap(({ args }) => args),
    listens: named('listen').map(({ at, args }) => ({
      at,
      port: /(\d+)$/.exec(args[0] ?? '')?.[1] ?? '80',
      ssl: args.includes('ssl'),
    })),
    own,
    locations,
    around,
    proxies: locations.some(({ proxyPass }) => proxyPass) || named('proxy_pass').length > 0,
    includesUnknown: unknown || locations.some((location) => location.includesUnknown),
  };
}

/** Includes of the project replaced by what they hold. */
function expanded(
  path: string,
  block: readonly NginxDirective[],
  files: Files,
  depth = 0,
): { flat: readonly Placed[]; unknown: boolean } {
  let unknown = false;
  const flat = block.flatMap((node): readonly Placed[] => {
    if (node.name !== 'include') return [{ path, node }];
    const name = node.words[0]?.text ?? '';
    const base = name.slice(name.lastIndexOf('/') + 1);
    if (/mime\.types|fastcgi|uwsgi|scgi|letsencrypt|options-ssl/.test(name)) return [];
    const found = base.includes('*')
      ? undefined
      : [...files].find(([file]) => file.endsWith(`/${base}`) || file === base);
    if (!found || found[0] === path || depth > MAX_DEPTH) {
      unknown = true;
      return [];
    }
    const inner = expanded(found[0], found[1], files, depth + 1);
    unknown ||= inner.unknown;
    return inner.flat;
  });
  return { flat, unknown };
}

function locationsIn(
  { path, node }: Placed,
  serverOwn: readonly Directive[],
  around: readonly Directive[],
  files: Files,
  depth = 0,
): readonly ProxyLocation[] {
  if (node.name !== 'location' || !node.block || depth > MAX_DEPTH) return [];
  const { flat, unknown } = expanded(path, node.block, files);
  const own = flat
    .flatMap((placed) =>
      placed.node.name === 'if'
        ? (placed.node.block ?? []).map((inner) => ({ path: placed.path, node: inner }))
        : [placed],
    )
    .filter((placed) => !placed.node.block)
    .map(directiveOf);
  const [first, second] = node.words;
  const modifier = second ? (first?.text ?? '') : '';
  const proxyPass = own.find(({ name }) => name === 'proxy_pass');
  const levels = [own, serverOwn, around];
  const location: ProxyLocation = {
    at: locationOf(path, { start: node.nameAt.start, end: node.words.at(-1)?.end ?? node.nameAt.end }),
    pattern: (second ?? first)?.text ?? '',
    modifier,
    own,
    effective: (name) =>
      levels.map((level) => level.filter((directive) => directive.name === name)).find((found) => found.length > 0) ??
      [],
    ...(proxyPass && { proxyPass }),
    includesUnknown: unknown,
  };
  return [location, ...flat.flatMap((placed) => locationsIn(placed, own, [...serverOwn, ...around], files, depth + 1))];
}

function directiveOf({ path, node }: Placed): Directive {
  return {
    at: locationOf(path, node),
    name: node.name,
    args: node.words.map(({ text }) => text),
    argsAt: node.words.map((word) => locationOf(path, word)),
  };
}
