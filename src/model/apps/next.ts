import { locationOf } from '../../document/document.ts';
import type { Location } from '../../document/document.ts';
import { entryOf } from '../deployments/data.ts';
import type { Module } from '../program/program.ts';
import type { Source } from '../view.ts';
import type { App, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Ref } from './frame.ts';
import { methodsAsked } from './methods.ts';
import { configOf, headerLinks } from './next-config.ts';
import type { NextConfig } from './next-config.ts';
import { matcherReach } from './next-matcher.ts';
import type { Reach } from './next-matcher.ts';
import { joinedPath } from './paths.ts';
import { purposeOf } from './purpose.ts';
import type { Walk } from './walk.ts';

const PAGES_API = /^(?:src\/)?pages\/(api\/.+|api)\.[mc]?[jt]sx?$/;
const ROUTE = /^(?:src\/)?app\/(.+\/)?route\.[mc]?[jt]sx?$/;
const MIDDLEWARE = /^(?:src\/)?(?:middleware|proxy)\.[mc]?[jt]s$/;
const VERB = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
const TEST = /\.(test|spec|stories|d)\.\w+$/;

/** What Next.js serves from one folder: by the names of files and of exports. Source: https://nextjs.org/docs */
export function nextAppsOf(
  source: Source,
  walk: Walk,
  classifier: Classifier,
  versionOf: (framework: 'next', path: string) => number | undefined,
): readonly App[] {
  return foldersOf(source, walk).flatMap(({ folder, at }) => {
    const modules = [...walk.program.modules.values()].filter(
      ({ path }) => path.startsWith(folder) && !TEST.test(path),
    );
    const built = new NextApp(folder, modules, walk, classifier).app(at, versionOf('next', `${folder}package.json`));
    return built ? [built] : [];
  });
}

interface Folder {
  /** With a final `/`; empty for the root. */
  readonly folder: string;
  readonly at?: Location;
}

/** Folders whose package.json asks for Next.js; where there is none at all, the root. */
function foldersOf(source: Source, { program }: Walk): readonly Folder[] {
  const manifests = source.facts('manifest');
  const found = manifests.flatMap(({ path, facts }): readonly Folder[] => {
    const next = entryOf(entryOf(facts.documents[0], 'dependencies'), 'next');
    return next ? [{ folder: path.slice(0, path.lastIndexOf('/') + 1), at: locationOf(path, next) }] : [];
  });
  const imports = [...program.modules.values()].some(({ facts }) =>
    facts.imports.some(({ module = '' }) => /^next(\/|$)/.test(module)),
  );
  return found.length > 0 || manifests.length > 0 || !imports ? found : [{ folder: '' }];
}

/** A function Next.js calls for a request. */
interface Served {
  readonly method: string;
  /** Undefined for actions, which are called from any page. */
  readonly path: string | undefined;
  readonly name: string;
  readonly ref: Ref;
  readonly at: Location;
}

class NextApp {
  readonly #folder: string;
  readonly #modules: readonly Module[];
  readonly #walk: Walk;
  readonly #classifier: Classifier;
  readonly #config: NextConfig;

  constructor(folder: string, modules: readonly Module[], walk: Walk, classifier: Classifier) {
    this.#folder = folder;
    this.#modules = modules;
    this.#walk = walk;
    this.#classifier = classifier;
    this.#config = configOf(
      modules.find(({ path }) => /^next\.config\.[mc]?[jt]s$/.test(path.slice(folder.length))),
      walk,
    );
  }

  app(at: Location | undefined, major: number | undefined): App | undefined {
    const [first] = this.#modules;
    const place = this.#config.at ?? at;
    const routes: Route[] = [];
    const links: Link[] = [];
    const app: App = {
      framework: 'next',
      ...(major !== undefined && { major }),
      at: place ?? locationOf(first?.path ?? '', { start: 0, end: 0 }),
      node: this.#config.node ?? first?.first ?? 0,
      path: first?.path ?? '',
      serving: 'yes',
      routes,
      links,
      settings: this.#config.settings,
      escapes: this.#escapes(),
      defaults: ['errors'],
    };
    const around = [...headerLinks(this.#config, this.#walk), ...this.#middleware()];
    links.push(...around.map(({ link }) => link));
    for (const module of this.#modules) {
      for (const { method, path, name, ref, at: where } of this.#handlers(module)) {
        const whole = path === undefined ? undefined : joinedPath(this.#config.basePath, path);
        const met = around.flatMap(({ link, reach }): readonly Link[] => {
          const how = reach(path);
          if (how === 'none') return [];
          const asked = this.#askedOf(link, path);
          return [how === 'all' ? asked : { ...asked, partly: true }];
        });
        const handler = this.#handler(ref, where, whole, routes.length);
        routes.push({
          app,
          method,
          path: whole,
          at: where,
          pathAt: where,
          call: ref.node,
          purpose: purposeOf(this.#walk.program, method, whole ?? `/${name}`, [handler]),
          chain: [...met, handler],
          handlers: [handler],
          condition: 'always',
          order: routes.length,
        });
      }
    }
    return routes.length > 0 ? app : undefined;
  }

  /** The middleware as it is for requests to a path, where its code asks for that. */
  #askedOf(link: Link, path: string | undefined): Link {
    const found = this.#classifier.forPath({ node: link.node }, path === undefined ? {} : { path, below: path });
    if (!found) return link;
    const effects = found.effects.filter(({ kind }) => kind !== 'answers');
    return {
      ...link,
      effects: effects.length > 0 ? effects : [{ kind: 'none', by: 'behaviour' }],
      ...(found.isPartly && { partly: true as const }),
    };
  }

  /** A server of its own stands before what Next.js serves. */
  #escapes(): App['escapes'] {
    const { program } = this.#walk;
    const own = program.calls.find((call) => {
      const value = program.valueOf(call);
      return (
        value.kind === 'call' &&
        program.apis(program.child(call, value.callee)).some((api) => /^next(\.default)?$/.test(api)) &&
        program.moduleOf(call).path.startsWith(this.#folder)
      );
    });
    const given = own === undefined ? [] : [{ at: program.locationOf(own), to: 'a server of its own', order: 0 }];
    return this.#config.unknown
      ? [...given, { at: this.#config.unknown, to: 'a configuration that cannot be read', order: 0 }]
      : given;
  }

  #handler(ref: Ref, at: Location, scope: string | undefined, order: number): Link {
    const effects = this.#classifier.of(ref);
    const name = this.#walk.program.describe(ref.node);
    return { at, node: ref.node, name, effects, condition: 'always', scope, level: 'route', order };
  }

  #exported(
    module: Module,
    name: string | RegExp,
  ): readonly { readonly name: string; readonly ref: Ref; readonly at: Location }[] {
    return module.facts.exports
      .filter((each) => each.type !== true && (typeof name === 'string' ? each.name === name : name.test(each.name)))
      .flatMap((each) => {
        const at = this.#walk.program.locationIn(module, each.at);
        return this.#walk.resolver
          .refs(module.first + each.value, undefined)
          .slice(0, 1)
          .map((ref) => ({ name: each.name, ref, at }));
      });
  }

  *#handlers(module: Module): Iterable<Served> {
    const inner = module.path.slice(this.#folder.length);
    const [, api] = PAGES_API.exec(inner) ?? [];
    const route = ROUTE.exec(inner);
    if (api !== undefined) {
      for (const { ref, at, name } of this.#exported(module, /^(default|=)$/)) {
        for (const method of methodsAsked(ref, this.#walk)) yield { method, path: pathOf(api), name, ref, at };
      }
    } else if (route) {
      for (const { ref, at, name } of this.#exported(module, VERB))
        yield { method: name, path: pathOf(route[1] ?? ''), name, ref, at };
    } else yield* this.#actions(module);
  }

  /** Every exported function of a module that says `use server`, and every function that says so itself. */
  *#actions(module: Module): Iterable<Served> {
    const action = { method: 'POST', path: undefined } as const;
    if (module.facts.directives.includes('use server')) {
      for (const { ref, at, name } of this.#exported(module, /^(?!\*)/))
        if (this.#walk.program.functionAt(ref.node)) yield { ...action, name, ref, at };
      return;
    }
    for (const [id, fact] of module.facts.functions.entries()) {
      const fn = fact.directives?.includes('use server') ? this.#walk.program.functionIn(module, id) : undefined;
      if (fn)
        yield { ...action, name: fact.name ?? '', ref: { node: fn.node }, at: this.#walk.program.locationOf(fn.node) };
    }
  }

  /** `middleware.ts`, or `proxy.ts` as it is called since Next.js 16, with what its `config.matcher` says. */
  #middleware(): readonly { readonly link: Link; readonly reach: (path: string | undefined) => Reach }[] {
    const module = this.#modules.find(({ path }) => MIDDLEWARE.test(path.slice(this.#folder.length)));
    const [found] = module ? this.#exported(module, /^(default|middleware|proxy|=)$/) : [];
    if (!module || !found) return [];
    const matchers = this.#matchers(module);
    const [only] = matchers;
    const scope = matchers.length === 0 ? '/' : matchers.length === 1 ? only : undefined;
    const effects = this.#classifier.of(found.ref).filter(({ kind }) => kind !== 'answers');
    const link: Link = {
      ...this.#handler(found.ref, found.at, scope, 0),
      effects: effects.length > 0 ? effects : [{ kind: 'none', by: 'behaviour' }],
      level: 'app',
    };
    return [{ link, reach: (path) => strongest(matchers.map((matcher) => matcherReach(matcher, path))) }];
  }

  /** `export const config = { matcher: ['/api/:path*'] }`; undefined items are conditions and what cannot be seen. */
  #matchers(module: Module): readonly (string | undefined)[] {
    const { resolver } = this.#walk;
    const given = this.#exported(module, 'config').flatMap(({ ref }) => resolver.property(ref, 'matcher'));
    return given
      .flatMap((ref) => resolver.items(ref) ?? [ref])
      .flatMap((ref) => {
        const sources = resolver.property(ref, 'source');
        const isPlain = resolver.property(ref, 'has').length === 0 && resolver.property(ref, 'missing').length === 0;
        return (sources.length > 0 ? sources : [ref]).map(({ node, frame }) => {
          const [text] = resolver.constants(node, frame) ?? [];
          return typeof text === 'string' && isPlain ? text : undefined;
        });
      });
  }
}

const strongest = (all: readonly Reach[]): Reach =>
  all.length === 0 || all.includes('all') ? 'all' : all.includes('some') ? 'some' : 'none';

/** `api/users/[id]` and `(shop)/items/[...rest]/` are `/api/users/:id` and `/items/:rest*`. */
function pathOf(file: string): string {
  const segments = file
    .split('/')
    .filter((segment) => segment !== '' && segment !== 'index' && !/^(\(.*\)|@.*)$/.test(segment))
    .map((segment) => segment.replace(/^\[{1,2}\.\.\.(\w+)\]{1,2}$/, ':$1*').replace(/^\[(\w+)\]$/, ':$1'));
  return `/${segments.join('/')}`;
}
