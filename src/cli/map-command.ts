import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import type { Location } from '../document/document.ts';
import { lineStartsOf, positionAt } from '../document/position.ts';
import { understandingOf } from '../engine/understanding.ts';
import { load } from '../load/load.ts';
import type { Project } from '../load/project.ts';
import { targetOf } from '../load/target.ts';
import type { App, Apps, Link, Route } from '../model/apps/app.ts';
import { languagesOf } from '../model/model.ts';
import type { Answer } from '../model/view.ts';
import { mapHtml, mapHuman, mapJson, mapMarkdown } from '../report/map-formats.ts';
import type { MapApp, MapLink, MapProtection, MapReport, MapRoute, ProtectionName } from '../report/map-report.ts';
import { PROTECTIONS } from '../report/map-report.ts';
import { paintOf } from '../report/paint.ts';
import type { AuditFlags } from './flags.ts';
import { terminalOf } from './terminal.ts';

const FORMATS = ['human', 'json', 'markdown', 'html'] as const;

/** `audit map [folder]` → exit code. */
export async function mapCommand(folder: string | undefined, flags: AuditFlags): Promise<number> {
  const target = targetOf(folder === undefined ? [] : [folder], process.cwd());
  const report = await mapOf(await load(target.root), flags);
  for (const wanted of flags.format ?? ['human']) {
    const [format = '', file] = wanted.split(/=(.*)/s);
    const text = textOf(report, format, flags);
    if (file === undefined || file === '') process.stdout.write(text);
    else writeFileSync(resolve(file), text);
  }
  return 0;
}

function textOf(report: MapReport, format: string, flags: AuditFlags): string {
  if (format === 'human') return mapHuman(report, paintOf(terminalOf(flags).color));
  if (format === 'json') return mapJson(report);
  if (format === 'markdown') return mapMarkdown(report);
  if (format === 'html') return mapHtml(report);
  throw new AuditError(2, `There is no map in the format ${format}.`, `Choose one of: ${FORMATS.join(', ')}.`);
}

/** What the model says of a project. */
export async function mapOf(project: Project, { assume }: Pick<AuditFlags, 'assume'>): Promise<MapReport> {
  const today = new Date();
  const wanted = {
    languages: languagesOf(['apps', 'roles', 'entries']),
    onlyDeployed: assume === undefined,
    sourceOf: (facts: Parameters<Parameters<typeof understandingOf>[1]['sourceOf']>[0]) => ({
      facts: (language: string) => facts.filter((each) => each.language === language) as never,
      files: project.files,
      today,
      ...(assume && { assume }),
    }),
  };
  const { model } = await understandingOf(project, wanted, {});
  const place = placeIn(project);
  const roles = model.view('roles');
  const apps = model.view('apps');
  const seen = new Set<string>();
  const gaps = [...gapsOf(model.view('entries')), ...gapsOf(roles), ...gapsOf(apps)].flatMap(({ message, at }) => {
    const gap = { message, ...(at && { at: place(at) }) };
    const key = JSON.stringify(gap);
    if (seen.has(key)) return [];
    seen.add(key);
    return [gap];
  });
  return {
    entries: (roles.state === 'present' ? roles.answer.entries : []).map((entry) => ({
      path: entry.path,
      role: entry.role,
      evidence: entry.evidence,
      confidence: entry.confidence,
      ...(entry.listensAt && { listensAt: place(entry.listensAt) }),
      modules: entry.reach.size,
    })),
    apps: apps.state === 'present' ? apps.answer.apps.map((app) => appOf(app, apps.answer, place)) : [],
    gaps,
  };
}

type PlaceOf = (at: Location) => string;

function placeIn({ documents }: Project): PlaceOf {
  const starts = new Map<string, readonly number[]>();
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  return ({ path, start }) => {
    const lines = starts.get(path) ?? lineStartsOf(texts.get(path) ?? '');
    starts.set(path, lines);
    return `${path}:${positionAt(lines, start).line}`;
  };
}

const gapsOf = (answer: Answer<unknown>): readonly { readonly message: string; readonly at?: Location }[] =>
  answer.state === 'present' ? answer.gaps : [];

const appOf = (app: App, apps: Apps, place: PlaceOf): MapApp => ({
  framework: app.framework,
  ...(app.major !== undefined && { major: app.major }),
  at: place(app.at),
  serving: app.serving,
  links: app.links.map((link) => linkOf(link, place)),
  routes: app.routes.map((route) => routeOf(route, apps, place)),
});

const linkOf = ({ name, at, effects, scope, condition }: Link, place: PlaceOf): MapLink => ({
  name,
  at: place(at),
  does: [...new Set(effects.map(({ kind }) => kind))],
  ...(scope !== undefined && { scope }),
  condition,
});

function routeOf(route: Route, apps: Apps, place: PlaceOf): MapRoute {
  const states = PROTECTIONS.map((name) => [name, stateOf(route, apps, name)] as const);
  return {
    method: route.method,
    path: route.path ?? '?',
    at: place(route.at),
    protections: Object.fromEntries(states) as Record<ProtectionName, MapProtection>,
    chain: route.chain.map(({ name }) => name),
  };
}

function stateOf(route: Route, apps: Apps, name: ProtectionName): MapProtection {
  if (route.app.defaults.some((kind) => kind === name)) return 'present';
  if (name !== 'errors') return apps.protectionOf(route, name).state;
  const all = [...route.app.links, ...route.chain];
  if (all.some(({ effects }) => effects.some(({ kind }) => kind === 'errors'))) return 'present';
  return all.some(({ forErrors, effects }) => forErrors && effects.some(({ kind }) => kind === 'unknown'))
    ? 'unknown'
    : 'absent';
}
