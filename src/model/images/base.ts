import { majorOfCodename, youngestLts, youngestNode } from '../node-release.ts';
import type { ImageReference } from './image-reference.ts';

/** What is known of an image that no Dockerfile here builds. Data below; `unknown` where nothing is. */
export interface Base {
  readonly family: BaseFamily;
  /** Account its processes run as when no USER is set. `drops`: its entrypoint leaves root by itself. */
  readonly user: 'root' | 'other' | 'drops' | 'unknown';
  /** Accounts besides root that it has. */
  readonly accounts: readonly string[];
  readonly libc: 'glibc' | 'musl' | 'unknown';
  /** How much of an operating system it brings. `bare`: no shell, no package manager. */
  readonly size: 'full' | 'slim' | 'alpine' | 'bare' | 'unknown';
  readonly node?: BaseNode;
  /** Programs known to be, or not to be, in it. */
  readonly tools: ReadonlyMap<string, boolean>;
}

export type BaseFamily =
  | 'node'
  | 'distroless'
  | 'hardened'
  | 'lambda'
  | 'ubi'
  | 'bun'
  | 'alpine'
  | 'debian'
  | 'scratch'
  | 'server' // a database, proxy or other finished program
  | 'unknown';

export interface BaseNode {
  readonly major: number;
  /** The exact version, where the tag says it. */
  readonly version?: string;
  /** The tag that stands for the major: a number, a codename, or one that moves. */
  readonly by: 'number' | 'codename' | 'moving';
}

const tools = (present: string, absent: string): ReadonlyMap<string, boolean> =>
  new Map([
    ...present.split(' ').map((tool) => [tool, true] as const),
    ...absent.split(' ').map((tool) => [tool, false] as const),
  ]);

const FULL_TOOLS = tools('sh bash curl wget git python3 gcc g++ make npm npx node', 'tini dumb-init gosu');
const SLIM_TOOLS = tools('sh bash npm npx node', 'curl wget git python3 gcc g++ make tini dumb-init gosu nc');
const ALPINE_TOOLS = tools('sh wget nc npm npx node', 'bash curl git python3 gcc g++ make tini dumb-init su-exec');
const BARE_TOOLS = tools('node', 'sh bash curl wget git npm npx yarn pnpm nc');

const UNKNOWN: Base = {
  family: 'unknown',
  user: 'unknown',
  accounts: [],
  libc: 'unknown',
  size: 'unknown',
  tools: new Map(),
};

/** Images of finished programs that start as root and give it up by themselves, or never run ours. */
const SERVERS = new Set(
  (
    'postgres mysql mariadb mongo redis valkey/valkey memcached rabbitmq nginx nginxinc/nginx-unprivileged httpd caddy ' +
    'traefik haproxy elasticsearch opensearchproject/opensearch minio/minio edoburu/pgbouncer bitnami/pgbouncer ' +
    'postgis/postgis pgvector/pgvector timescale/timescaledb influxdb grafana/grafana prom/prometheus adminer ' +
    'jaegertracing/jaeger jaegertracing/all-in-one otel/opentelemetry-collector mailhog/mailhog'
  ).split(' '),
);

export function baseOf(reference: ImageReference, today: Date): Base {
  const { repository, registry, tag = '' } = reference;
  const where = registry ? `${registry}/${repository}` : repository;
  if (where === 'scratch') return { ...UNKNOWN, family: 'scratch', user: 'root', size: 'bare', tools: BARE_TOOLS };
  if (where === 'node' || where === 'docker.io/node') {
    // a digest alone says neither version nor variant
    const isNamed = tag !== '' || reference.digest === undefined;
    return isNamed ? officialNode(tag, today) : { ...UNKNOWN, family: 'node', user: 'root', accounts: ['node'] };
  }
  if (where.startsWith('gcr.io/distroless/')) return distroless(where, tag);
  if (/^(cgr\.dev\/|dhi\.io\/|chainguard\/)/.test(where)) return hardened(where, tag, today);
  if (/^(public\.ecr\.aws\/)?lambda\/|^amazon\/aws-lambda/.test(where)) {
    return { ...UNKNOWN, family: 'lambda', user: 'other', libc: 'glibc', ...nodeBy(nodeOfTag(tag, today)) };
  }
  const ubi = /(?:^|\/)ubi\d*\/nodejs-(\d+)/.exec(where)?.[1];
  if (ubi) {
    return {
      ...UNKNOWN,
      family: 'ubi',
      user: 'other',
      libc: 'glibc',
      accounts: ['default'],
      ...nodeBy({ major: Number(ubi), by: 'number' }),
    };
  }
  if (where === 'oven/bun') {
    const alpine = tag.includes('alpine');
    return {
      ...UNKNOWN,
      family: 'bun',
      user: 'root',
      accounts: ['bun'],
      libc: alpine ? 'musl' : 'glibc',
      size: alpine ? 'alpine' : 'slim',
    };
  }
  if (where === 'alpine')
    return {
      ...UNKNOWN,
      family: 'alpine',
      user: 'root',
      accounts: ['nobody', 'guest', 'daemon'],
      libc: 'musl',
      size: 'alpine',
      tools: withoutNode(ALPINE_TOOLS),
    };
  if (['debian', 'ubuntu', 'buildpack-deps'].includes(where)) {
    return {
      ...UNKNOWN,
      family: 'debian',
      user: 'root',
      accounts: ['nobody', 'www-data', 'daemon', 'games', 'mail', 'backup', ...(where === 'ubuntu' ? ['ubuntu'] : [])],
      libc: 'glibc',
      size: where === 'buildpack-deps' ? 'full' : 'slim',
      tools: where === 'buildpack-deps' ? withoutNode(FULL_TOOLS) : withoutNode(SLIM_TOOLS),
    };
  }
  if (
    /^(python|golang|rust|ruby|php|openjdk|eclipse-temurin|maven|gradle|amazoncorretto|perl|elixir|erlang)$/.test(where)
  ) {
    return { ...UNKNOWN, user: 'root', libc: tag.includes('alpine') ? 'musl' : 'glibc' };
  }
  if (/^(amazonlinux|fedora|centos|rockylinux|almalinux|oraclelinux)$/.test(where)) {
    return { ...UNKNOWN, family: 'unknown', user: 'root', libc: 'glibc' };
  }
  if (SERVERS.has(where))
    return { ...UNKNOWN, family: 'server', user: 'drops', libc: tag.includes('alpine') ? 'musl' : 'unknown' };
  return nodeLikeBase(repository, tag, today);
}

/** Someone else's image whose name says it is Node.js: only the version is known. */
function nodeLikeBase(repository: string, tag: string, today: Date): Base {
  const libc = tag.includes('alpine') ? 'musl' : 'unknown';
  if (!/(^|[/-])node(js)?(-|$)/.test(repository)) return { ...UNKNOWN, libc };
  return { ...UNKNOWN, libc, ...nodeBy(/^v?\d|^(lts|latest|current)/.test(tag) ? nodeOfTag(tag, today) : undefined) };
}

function officialNode(tag: string, today: Date): Base {
  const node = nodeOfTag(tag === '' ? 'latest' : tag, today);
  const size = /alpine/.test(tag) ? 'alpine' : /slim/.test(tag) ? 'slim' : 'full';
  const known = { full: FULL_TOOLS, slim: SLIM_TOOLS, alpine: ALPINE_TOOLS }[size];
  // corepack left the image with 25, Yarn 1 with 26
  const major = node?.major;
  const managers = new Map<string, boolean>([
    ['pnpm', false],
    ['bun', false],
  ]);
  if (major !== undefined) {
    managers.set('corepack', major >= 14 && major < 25);
    managers.set('yarn', major < 26);
  }
  return {
    family: 'node',
    user: 'root',
    accounts: ['node'],
    libc: size === 'alpine' ? 'musl' : 'glibc',
    size,
    tools: new Map([...known, ...managers]),
    ...nodeBy(node),
  };
}

function distroless(where: string, tag: string): Base {
  const major = /\/nodejs(\d+)/.exec(where)?.[1] ?? (where.includes('/nodejs') ? /^(\d+)/.exec(tag)?.[1] : undefined);
  const shell = /debug/.test(tag);
  return {
    family: 'distroless',
    user: /nonroot/.test(tag) ? 'other' : 'root',
    accounts: ['nonroot', 'nobody'],
    libc: 'glibc',
    size: 'bare',
    tools: shell ? new Map([...BARE_TOOLS, ['sh', true], ['wget', true]]) : BARE_TOOLS,
    ...nodeBy(major === undefined ? undefined : { major: Number(major), by: 'number' }),
  };
}

function hardened(where: string, tag: string, today: Date): Base {
  const development = /-dev\b/.test(tag);
  const node = /\bnode\b/.test(where) ? nodeOfTag(tag === '' ? 'latest' : tag, today) : undefined;
  return {
    ...UNKNOWN,
    family: 'hardened',
    user: development ? 'root' : 'other',
    accounts: ['node', 'nonroot'],
    libc: 'glibc',
    size: development ? 'slim' : 'bare',
    ...nodeBy(node),
  };
}

const nodeBy = (node: BaseNode | undefined): { node?: BaseNode } => (node ? { node } : {});

const withoutNode = (known: ReadonlyMap<string, boolean>): ReadonlyMap<string, boolean> =>
  new Map([...known, ['node', false], ['npm', false], ['npx', false]]);

/** The Node.js a tag stands for on a day; undefined for a tag that does not say. */
export function nodeOfTag(tag: string, today: Date): BaseNode | undefined {
  const version = /^v?(\d+)((?:\.\d+){0,2})(?=$|-)/.exec(tag);
  if (version) {
    const [, major = '', rest = ''] = version;
    return { major: Number(major), by: 'number', ...(rest.split('.').length === 3 && { version: major + rest }) };
  }
  const word = /^[a-z]+/i.exec(tag)?.[0].toLowerCase() ?? '';
  const named = majorOfCodename(word);
  if (named !== undefined) return { major: named, by: 'codename' };
  if (word === 'lts') {
    // `lts-krypton` names its line
    const line = majorOfCodename(/^lts-([a-z]+)/i.exec(tag)?.[1] ?? '');
    if (line !== undefined) return { major: line, by: 'codename' };
    const lts = youngestLts(today);
    return lts && { major: lts.major, by: 'moving' };
  }
  const moves = ['latest', 'current', 'slim', 'alpine', 'bookworm', 'bullseye', 'buster', 'stretch', 'trixie'].includes(
    word,
  );
  const youngest = youngestNode(today);
  return moves && youngest ? { major: youngest.major, by: 'moving' } : undefined;
}
