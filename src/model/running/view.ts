import type { App, Route } from '../apps/app.ts';
import type { LiveResponse } from '../live/live-response.ts';
import type { Site } from '../live/site.ts';
import { textAt } from '../deployments/data.ts';
import type { Program } from '../program/program.ts';
import { defineView, present } from '../view.ts';
import { covers } from './covers.ts';
import type { Deployed } from './running.ts';

/** Always there, and empty where no URL was given: a rule about code must not wait for one. */
export const running = defineView({
  name: 'running',
  reads: [],
  needs: ['apps', 'program', 'responses', 'manifests'],
  build: (_, { apps, program, responses, manifests }) => {
    const versionOf = (app: App): string | undefined => {
      const manifest = manifests.state === 'present' ? manifests.answer.above(app.at.path) : undefined;
      return manifest && textAt(manifest.node, 'version');
    };
    const all =
      apps.state === 'present' && program.state === 'present' && responses.state === 'present'
        ? responses.answer.sites.flatMap((site) => deployedAt(site, apps.answer.apps, program.answer, versionOf))
        : [];
    return present({ all, of: (app) => all.find((one) => one.app === app && one.identity === 'sure') });
  },
});

/** The application that the most traces speak for; nothing where one of them speaks against it. */
function deployedAt(
  site: Site,
  apps: readonly App[],
  program: Program,
  versionOf: (app: App) => string | undefined,
): readonly Deployed[] {
  const serving = apps.filter((app) => app.serving !== 'no' && app.framework !== 'lambda');
  const found = serving
    .filter((app) => !isContradicted(app, site))
    .map((app) => ({ app, traces: [...tracesOf(app, site, program), ...versionTracesOf(versionOf(app), site)] }))
    .toSorted((a, b) => b.traces.length - a.traces.length);
  const [best, second] = found;
  if (!best) return [];
  const isTold = site.exchanges.some(({ note }) => note('same-app') !== undefined);
  const isAlone = second?.traces.length !== best.traces.length;
  const isSure = isAlone && (best.traces.length >= 2 || (isTold && serving.length === 1));
  if (!isSure && best.traces.length === 0) return [];
  const { app, traces } = best;
  return [
    {
      app,
      site,
      traces,
      identity: isSure ? 'sure' : 'guessed',
      routeAt: (method, path) => routeAt(app, method, path),
      answers: answersOf(site),
    },
  ];
}

/** What a framework calls itself in headers and in its own error pages. */
const NAMES: Readonly<Partial<Record<App['framework'], readonly string[]>>> = {
  express: ['Express'],
  nest: ['NestJS', 'Express', 'Fastify'],
  next: ['Next.js'],
  fastify: ['Fastify'],
  koa: ['Koa'],
  hapi: ['hapi'],
  hono: ['Hono'],
};
const KNOWN = new Set(Object.values(NAMES).flat());

function isContradicted({ framework }: App, { identity }: Site): boolean {
  const own = NAMES[framework];
  const shown = [...identity.frameworks].filter((name) => KNOWN.has(name));
  return own !== undefined && shown.length > 0 && !shown.some((name) => own.includes(name));
}

function tracesOf(app: App, site: Site, program: Program): readonly string[] {
  const { frameworks, hasExpressTags, cookies } = site.identity;
  const named = NAMES[app.framework]?.find((name) => frameworks.has(name));
  const isTagged = hasExpressTags && (app.framework === 'express' || app.framework === 'nest');
  const cookie = cookieNamesOf(app, program).find((name) => cookies.has(name));
  const route = declaredAnswerOf(app, site);
  return [
    ...(named !== undefined ? [`answers as ${named} does`] : isTagged ? ['tags answers as Express does'] : []),
    ...(cookie === undefined ? [] : [`sets the cookie ${cookie}`]),
    ...(route === undefined ? [] : [`answers ${route.method} ${route.path ?? ''} as the code says`]),
  ];
}

/** What generators write into a new package.json: half of all services have it. */
const BORN_WITH = new Set(['0.0.0', '0.0.1', '0.1.0', '1.0.0']);

/** Numbers that an answer and the package.json share, and hardly anybody else has. */
function versionTracesOf(version: string | undefined, { responses }: Site): readonly string[] {
  if (version === undefined || BORN_WITH.has(version)) return [];
  const isOwn = responses.some(
    ({ status, stranger, step, body }) =>
      status === 200 && !stranger && step !== 'exposed' && body.version?.replace(/^v(?=\d)/, '') === version,
  );
  return isOwn ? [`says that it is version ${version}, as package.json does`] : [];
}

/** Names that session packages give their cookie unless told another. */
const COOKIES: Readonly<Partial<Record<string, string>>> = {
  'express-session': 'connect.sid',
  'cookie-session': 'session',
  'koa-session': 'koa.sess',
};

function cookieNamesOf(app: App, program: Program): readonly string[] {
  return app.links.flatMap(({ effects }) =>
    effects.flatMap(({ kind, package: name = '', options }) => {
      if (kind !== 'session') return [];
      const given = ['name', 'key']
        .flatMap((option) => (options === undefined ? [] : program.property(options, option)))
        .flatMap((node) => program.constants(node) ?? [])
        .filter((value) => typeof value === 'string');
      return given.length > 0 ? given : (COOKIES[name] ?? []);
    }),
  );
}

/** A route of the code that answers where a made-up path does not. */
function declaredAnswerOf(app: App, site: Site): Route | undefined {
  const missing = site.responses.filter(({ step }) => step === 'missing');
  if (missing.length === 0 || missing.some(({ status }) => status !== 404)) return undefined;
  const found = site.visits.flatMap(({ hops: [first] }) =>
    first.response && first.response.status !== 404 && first.response.status < 500
      ? (routeAt(app, 'GET', first.url.path) ?? [])
      : [],
  );
  // the deepest path says the most
  return found.toSorted((a, b) => (b.path ?? '').length - (a.path ?? '').length)[0];
}

const routeAt = (app: App, method: string, path: string): Route | undefined =>
  app.routes.find(
    (route) =>
      route.path !== undefined && (route.method === method || route.method === 'ALL') && covers(route.path, path),
  );

function answersOf(site: Site): readonly LiveResponse[] {
  const seen = new Map<string, LiveResponse>();
  for (const answer of site.responses) {
    const { method, url, defaultErrorOf, stranger } = answer;
    const isOwn = answer.class === 'page' || answer.class === 'data' || answer.class === 'asset';
    if (method !== 'GET' || !isOwn || stranger || defaultErrorOf !== undefined || seen.has(url.path)) continue;
    seen.set(url.path, answer);
  }
  return [...seen.values()];
}
