import type { Gap } from '../../document/gap.ts';
import { majorOf } from './versions.ts';
import { absent, defineView, present } from '../view.ts';
import type { App, Apps } from './app.ts';
import { appOf, flatLayers } from './build.ts';
import { Classifier } from './classify.ts';
import { fastify, serveExported } from './fastify.ts';
import { hapi } from './hapi.ts';
import { hapiAppOf } from './build-hapi.ts';
import { hono } from './hono.ts';
import { koa } from './koa.ts';
import { lambdaAppsOf } from './lambda.ts';
import { nest } from './nest.ts';
import { nestAppOf } from './build-nest.ts';
import { express, servedBy } from './express.ts';
import { nextAppsOf } from './next.ts';
import { nodeHttp } from './node-http.ts';
import { httpAppOf } from './build-http.ts';
import { exportsOf } from './module-exports.ts';
import { protectionOf } from './protection.ts';
import type { Instance } from './registry.ts';
import { Walk } from './walk.ts';

/** Frameworks in the order they are asked whose a value is. */
const READERS = [nest, express, koa, hono, fastify, hapi, nodeHttp];

export const apps = defineView({
  name: 'apps',
  reads: ['manifest', 'yaml', 'json'],
  needs: ['program', 'roles', 'lockfiles'],
  build: (source, { program, roles, lockfiles }) => {
    if (program.state !== 'present') return absent('There is no JavaScript or TypeScript to look at.');
    const code = program.answer;
    const entries = roles.state === 'present' ? roles.answer.entries : [];
    const started = entries.filter(({ role }) => role === 'service' || role === 'function');
    const alone = started.filter(({ kind }) => kind === 'assumed' || kind === 'excerpt').map(({ path }) => path);
    const walk = new Walk(code, READERS, new Set(alone));
    walk.run(started);
    for (const path of alone) walk.unmade.runExports(path);
    walk.unmade.serveAlone();
    for (const { path, by } of started) if (by === 'fastify') serveExported(path, walk);
    for (const { path, kind, role } of started.filter(({ by }) => by === undefined)) {
      const isCalled = kind === 'platform' || role === 'function';
      // `export default app`: what loads the module serves it
      for (const instance of exportsOf(walk, path).flatMap((ref) => servedBy(ref, walk))) {
        if (instance.kind === 'router') walk.unmade.addAround(instance);
        if (instance.serving === 'no') instance.serving = isCalled ? 'yes' : 'unknown';
        instance.listensAt ??= walk.locationOf(instance.node);
      }
    }
    const classifier = new Classifier(code, source.declared, walk.resolver);
    const found = [...walk.instances.values()].filter(
      (instance) =>
        !instance.mounted &&
        (instance.kind === 'app' || instance.serving === 'yes' || walk.unmade.isPart(instance)) &&
        (instance.stack.length > 0 || instance.serving === 'yes' || walk.unmade.isPart(instance)) &&
        (instance.serving === 'yes' || !walk.isStandIn(instance)),
    );
    const distinct = distinctOf(found);
    const versionOf = majorOf(source, lockfiles);
    const all: App[] = distinct.map((instance) => {
      const path = code.moduleOf(instance.node).path;
      const major = versionOf(instance.framework, path);
      if (instance.framework === 'nest') return nestAppOf(instance, walk, classifier, major);
      if (instance.framework === 'hapi') return hapiAppOf(instance, walk, classifier, major);
      if (instance.framework === 'http') return httpAppOf(instance, walk, classifier);
      return appOf(instance, walk, classifier, major);
    });
    all.push(...nextAppsOf(source, walk, classifier, versionOf));
    all.push(...lambdaAppsOf(source, started, walk, classifier));
    if (all.length === 0) {
      const [entry] = started;
      if (!entry) return absent('Nothing that is deployed serves requests.');
      return present({ apps: [], routes: [], protectionOf }, [
        { kind: 'escaped', at: entry.at, message: `No application can be seen in what ${entry.path} starts.` },
      ]);
    }
    const gaps: Gap[] = all.flatMap(({ escapes }) =>
      escapes.map(({ at, to }): Gap => ({
        kind: 'escaped',
        at,
        message: `The application is handed to ${to}, which cannot be followed.`,
      })),
    );
    gaps.push(...unseenLinks(all));
    const unserved = 'It has routes, but where it is mounted or served cannot be seen.';
    const listed = new Set(all.map(({ at }) => `${at.path}:${at.start}`));
    for (const instance of walk.instances.values()) {
      const hasRoutes = instance.stack.some(({ kind }) => kind === 'route');
      const at = walk.locationOf(instance.node);
      if (!hasRoutes || instance.mounted || instance.serving === 'yes' || instance.parent) continue;
      if (!listed.has(`${at.path}:${at.start}`)) gaps.push({ kind: 'escaped', at, message: unserved });
    }
    for (const { at, serving, routes } of all)
      if (serving === 'no' && routes.length > 0) gaps.push({ kind: 'escaped', at, message: unserved });
    if (walk.isCapped) gaps.push({ kind: 'capped', message: 'The program is too large to walk through as a whole.' });
    const answer: Apps = { apps: all, routes: all.flatMap(({ routes }) => routes), protectionOf };
    return present(answer, [...gaps, ...code.gaps]);
  },
});

/** One call that is reached in two ways makes one application, if both are given the same. */
function distinctOf(instances: readonly Instance[]): readonly Instance[] {
  const known = new Map<string, Instance>();
  for (const instance of instances) {
    const layers = flatLayers(instance).map(({ layer, path, condition }) => `${layer.call} ${path} ${condition}`);
    const key = [instance.node, ...layers].join('\n');
    const other = known.get(key);
    if (!other || (other.serving !== 'yes' && instance.serving === 'yes')) known.set(key, instance);
  }
  return [...known.values()];
}

const MAX_UNSEEN = 20;

/** Middleware that cannot be looked into: it may do any of what the rules look for. */
function unseenLinks(all: readonly App[]): readonly Gap[] {
  const found = new Map<string, Gap>();
  for (const { at, name, effects } of all.flatMap(({ links }) => links)) {
    const reason = effects.find(({ kind }) => kind === 'unknown')?.reason;
    if (reason === undefined || found.size >= MAX_UNSEEN) continue;
    found.set(`${at.path}:${at.start}`, { kind: 'escaped', at, message: `${name} cannot be looked into: ${reason}.` });
  }
  return [...found.values()];
}
