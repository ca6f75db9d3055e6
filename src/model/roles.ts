import { locationOf } from '../document/document.ts';
import type { Location } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { detachedOf } from './entries/detached.ts';
import { isPublished } from './entries/entries.ts';
import type { Entries, Entry } from './entries/entry.ts';
import { isDeployed } from './entries/entry.ts';
import { activitiesOf } from './entries/listening.ts';
import type { Activity } from './entries/listening.ts';
import { SourceFiles } from './entries/source-files.ts';
import { manifestsOf } from './images/project-manifest.ts';
import type { ProjectManifest } from './images/project-manifest.ts';
import { placeOf } from './place.ts';
import type { Program } from './program/program.ts';
import type { Role } from './role.ts';
import { defineView, present } from './view.ts';
import type { Source } from './view.ts';

/** What the project's code is deployed as. */
export interface Roles {
  /** Every role some code has; empty where none is known. */
  readonly all: ReadonlySet<Role>;
  /** The roles of the code in a file; empty for code no entry reaches. */
  readonly at: (path: string) => ReadonlySet<Role>;
  /** Each entry with the role it gives to what it reaches, the evidence first. */
  readonly entries: readonly DeployedEntry[];
}

export interface DeployedEntry extends Entry {
  readonly role: Role;
  /** The call that opens the port, where one was seen. */
  readonly listensAt?: Location;
  /** Every module it loads, itself included. */
  readonly reach: ReadonlySet<string>;
}

const NO_ROLES: ReadonlySet<Role> = new Set();

export const roles = defineView({
  name: 'roles',
  reads: [],
  needs: ['entries', 'program'],
  build: (source, { entries, program }) => {
    const code = program.state === 'present' ? program.answer : undefined;
    const known = entries.state === 'present' ? entries.answer : { entries: [], lost: [] };
    if (source.assume) return present(assumed(source.assume, code));
    if (!code)
      return present(rolesOf(known.entries.flatMap((entry) => (entry.role ? [given(entry, entry.role)] : []))));
    return discovered(source, code, known);
  },
});

/** All code has the role; every module nothing imports is an entry. */
function assumed(role: Role, program: Program | undefined): Roles {
  const all = new Set([role]);
  const paths = [...(program?.modules.keys() ?? [])];
  const imported = new Set(paths.flatMap((path) => program?.importsOf(path) ?? []));
  const roots = paths.filter((path) => !imported.has(path));
  const entries = (roots.length > 0 ? roots : paths.slice(0, 1)).map((path): DeployedEntry => {
    const at = locationOf(path, { start: 0, end: 0 });
    const reach = program ? reachOf(program.importsOf, path) : new Set([path]);
    return {
      path,
      kind: 'assumed',
      at,
      evidence: `${path} is taken for a ${role}`,
      confidence: 'certain',
      role,
      reach,
    };
  });
  return { all, at: () => all, entries };
}

const given = (entry: Entry, role: Role): DeployedEntry => ({ ...entry, role, reach: new Set([entry.path]) });

function rolesOf(entries: readonly DeployedEntry[]): Roles {
  const byPath = new Map<string, Set<Role>>();
  for (const { role, reach } of entries) {
    for (const path of reach) {
      const known = byPath.get(path);
      if (known) known.add(role);
      else byPath.set(path, new Set([role]));
    }
  }
  return { all: new Set(entries.map(({ role }) => role)), at: (path) => byPath.get(path) ?? NO_ROLES, entries };
}

function discovered(source: Source, program: Program, { entries }: Entries): ReturnType<typeof present<Roles>> {
  const detached = detachedOf(program);
  const activityAt = activitiesOf(program);
  const published = publishedFolders(source, (folder) =>
    entries.some((entry) => isDeployed(entry) && entry.path.startsWith(folder)),
  );
  const files = new SourceFiles(source, manifestsOf(source));
  const known = new Map<string, readonly string[]>();
  const loads = (path: string): readonly string[] => {
    let found = known.get(path);
    if (!found) {
      const all = [...program.importsOf(path), ...detached(path), ...importsOfBuilt(program, files, path)];
      known.set(path, (found = [...new Set(all)]));
    }
    return found;
  };
  const gaps: Gap[] = [];
  const started = entries.flatMap((entry): readonly DeployedEntry[] => {
    if (entry.preload) return [];
    if (!program.modules.has(entry.path)) return entry.role ? [given(entry, entry.role)] : [];
    const reach = reachOf(loads, entry.path);
    const role = entry.role ?? roleOf(entry, activityIn(reach, activityAt), published);
    if (role === undefined) {
      if (isDeployed(entry)) gaps.push(unknownRole(entry));
      return [];
    }
    const listens = listenIn(reach, activityAt);
    const own = { ...entry, role, reach, ...(listens !== undefined && { listensAt: program.locationOf(listens) }) };
    const onServer = role === 'frontend' ? serverReach(program, loads, entry.path) : new Set<string>();
    return onServer.size > 0 ? [own, { ...entry, role: 'service', reach: onServer }] : [own];
  });
  const found = [...started, ...preloaded(program, entries, started, loads)];
  const deployed = found.filter(isDeployed);
  if (deployed.length === 0) {
    const isLibrary = publishedFolders(source, () => true);
    const listening = unimported(program, loads, activityAt).filter(({ path }) => !isLibrary(path));
    const isExcerpt = entries.length === 0 && manifestsOf(source).every(saysNothing);
    const guessed = isExcerpt ? excerpts(program, loads, activityAt).filter(({ path }) => !isLibrary(path)) : listening;
    if (guessed.length > 0) gaps.push(guessedRole(guessed, isExcerpt));
    else if (found.length === 0) gaps.push({ kind: 'roles', message: NOTHING_KNOWN });
    return present(rolesOf([...found, ...guessed]), gaps);
  }
  return present(rolesOf(found), gaps);
}

/** Exports that say a page is made on the server. */
const MADE_ON_SERVER = /^(getServerSideProps|getStaticProps|getInitialProps|generateStaticParams|generateMetadata)$/;

/**
 * What of a page of Next.js runs on the server: all of it in the folder `app`, down to what says `use client`, and
 * every module that says `use server`. Source: https://nextjs.org/docs/app/getting-started/server-and-client-components
 */
function serverReach(program: Program, loads: (path: string) => readonly string[], page: string): ReadonlySet<string> {
  const says = (path: string, directive: string): boolean =>
    program.modules.get(path)?.facts.directives.includes(directive) === true;
  const exports = program.modules.get(page)?.facts.exports ?? [];
  const isMade = /(^|\/)app\//.test(page) || exports.some(({ name }) => MADE_ON_SERVER.test(name));
  const onServer = (path: string): readonly string[] =>
    says(path, 'use client') ? [] : loads(path).filter((each) => !says(each, 'use client'));
  const actions = [...reachOf(loads, page)].filter((path) => says(path, 'use server'));
  const starts = isMade && !says(page, 'use client') ? [page, ...actions] : actions;
  return new Set(starts.flatMap((path) => [...reachOf(onServer, path)]));
}

const NOTHING_KNOWN =
  'Nothing says what this project is deployed as: no start script, image or handler leads to code. Say so with --assume.';

const unknownRole = ({ at, evidence }: Entry): Gap => ({
  kind: 'roles',
  at,
  message: `${evidence}, but it neither listens nor consumes anything that can be seen: its role is not known.`,
});

const guessedRole = (entries: readonly DeployedEntry[], isExcerpt: boolean): Gap => ({
  kind: 'roles',
  message: `Nothing says how this project is started; ${entries
    .slice(0, 3)
    .map(({ path }) => path)
    .join(', ')} ${isExcerpt ? 'is part of something' : 'listens'} and is taken for a service. Say so with --assume.`,
});

/** What is loaded before another module has the role of that one. */
const preloaded = (
  program: Program,
  entries: readonly Entry[],
  started: readonly DeployedEntry[],
  loads: (path: string) => readonly string[],
): readonly DeployedEntry[] =>
  entries.flatMap((entry) => {
    if (!entry.preload || !program.modules.has(entry.path)) return [];
    const main = started.find(({ at }) => at.path === entry.at.path && at.start === entry.at.start);
    return main ? [{ ...entry, role: main.role, reach: reachOf(loads, entry.path) }] : [];
  });

/** The modules loaded from one: imports, and those started or loaded by name. */
function reachOf(loads: (path: string) => readonly string[], from: string): ReadonlySet<string> {
  const reach = new Set<string>();
  const open = [from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reach.has(path)) continue;
    reach.add(path);
    open.push(...loads(path));
  }
  return reach;
}

const listenIn = (reach: ReadonlySet<string>, activityAt: (path: string) => Activity): number | undefined =>
  [...reach].map((path) => activityAt(path).listens?.call).find((call) => call !== undefined);

function activityIn(reach: ReadonlySet<string>, activityAt: (path: string) => Activity): 'listens' | 'works' | 'none' {
  const activities = [...reach].map(activityAt);
  if (activities.some(({ listens }) => listens)) return 'listens';
  return activities.some(({ works }) => works !== undefined) ? 'works' : 'none';
}

function roleOf(
  entry: Entry,
  activity: 'listens' | 'works' | 'none',
  published: (path: string) => boolean,
): Role | undefined {
  if (entry.kind === 'bin') return 'cli';
  if (entry.kind === 'main') return published(entry.path) ? 'library' : undefined;
  if (activity === 'listens') return 'service';
  return activity === 'works' ? 'worker' : undefined;
}

/** Whether a file belongs to a package that is published for others to import. */
function publishedFolders(source: Source, isDeployedIn: (folder: string) => boolean): (path: string) => boolean {
  const packages = source.facts('manifest').map(({ path, facts }) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/') + 1));
    return { folder, published: isPublished(facts.documents[0], isDeployedIn(folder)) };
  });
  return (path) =>
    packages.filter(({ folder }) => path.startsWith(folder)).toSorted((a, b) => b.folder.length - a.folder.length)[0]
      ?.published === true;
}

/** Imports of what is built from the project: `require('../lib/server')` where `lib` comes from `src`. */
function importsOfBuilt(program: Program, files: SourceFiles, path: string): readonly string[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const imports = program.modules.get(path)?.facts.imports ?? [];
  return imports.flatMap(({ module, kind }) => {
    if (module === undefined || kind === 'type' || !/^\.{1,2}\//.test(module)) return [];
    const found = files.moduleAt(folder, module);
    return found === undefined ? [] : [found];
  });
}

/** Modules of the product that open a port and that nothing imports, or their nearest importer that nothing imports. */
function unimported(
  program: Program,
  loads: (path: string) => readonly string[],
  activityAt: (path: string) => Activity,
): readonly DeployedEntry[] {
  const paths = [...program.modules.keys()].filter((path) => placeOf(path) === 'product');
  const imported = new Set(paths.flatMap(loads));
  const found = paths.flatMap((path): readonly DeployedEntry[] => {
    if (imported.has(path)) return [];
    const reach = reachOf(loads, path);
    const listens = listenIn(reach, activityAt);
    if (listens === undefined) return [];
    const listensAt = program.locationOf(listens);
    const evidence = `${path} opens a port, and nothing imports it`;
    const at = locationOf(path, { start: 0, end: 0 });
    return [{ path, kind: 'unimported', at, evidence, confidence: 'weak', role: 'service', reach, listensAt }];
  });
  return likeliest(found);
}

/** A package.json that only lists what is needed, for files that are no program of their own. */
const saysNothing = ({ main, bin, scripts }: ProjectManifest): boolean =>
  main === undefined && !bin && scripts.every(({ name }) => /^(test|lint|format|check)/.test(name));

const IN_BROWSER = /^(document|window|localStorage|sessionStorage)$/;

/** Code that nothing starts is part of something: whatever nothing imports, unless it is for a browser. */
function excerpts(
  program: Program,
  loads: (path: string) => readonly string[],
  activityAt: (path: string) => Activity,
): readonly DeployedEntry[] {
  const all = [...program.modules.keys()];
  const product = all.filter((path) => placeOf(path) === 'product');
  // what is nothing but samples is meant by who asks
  const paths = product.length > 0 ? product : all;
  const imported = new Set(paths.flatMap(loads));
  const inBrowser = new Set(
    program.nodesOf('global').flatMap((node) => {
      const value = program.valueOf(node);
      return value.kind === 'global' && IN_BROWSER.test(value.name) ? [program.moduleOf(node).path] : [];
    }),
  );
  return paths.flatMap((path): readonly DeployedEntry[] => {
    const isClient = inBrowser.has(path) || program.modules.get(path)?.facts.directives.includes('use client') === true;
    if (imported.has(path) || isClient) return [];
    const reach = reachOf(loads, path);
    const listens = listenIn(reach, activityAt);
    const at = locationOf(path, { start: 0, end: 0 });
    const listensAt = listens === undefined ? {} : { listensAt: program.locationOf(listens) };
    const evidence = `Nothing says what starts ${path}`;
    return [{ path, kind: 'excerpt', at, evidence, confidence: 'weak', role: 'service', reach, ...listensAt }];
  });
}

/** Where many modules are loaded by names we cannot see, those that are named like a start count, else the shallowest. */
function likeliest(entries: readonly DeployedEntry[]): readonly DeployedEntry[] {
  const named = entries.filter(({ path }) =>
    /(^|\/)(index|server|app|main|www|start|api|bin\/[\w-]+)(\.\w+)?$/.test(path),
  );
  const among = named.length > 0 ? named : entries;
  const depth = ({ path }: DeployedEntry): number => path.split('/').length;
  const least = Math.min(...among.map(depth));
  return among.length <= 3 ? among : among.filter((entry) => depth(entry) === least);
}
