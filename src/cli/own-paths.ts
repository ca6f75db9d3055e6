import { understandingOf } from '../engine/understanding.ts';
import type { Project } from '../load/project.ts';
import type { Route } from '../model/apps/app.ts';
import { languagesOf } from '../model/model.ts';
import type { AuditFlags } from './flags.ts';

/** Paths of one probe; each costs a request, and a redirect another. */
const MAX_PATHS = 40;
/** What a GET may end or undo, against all custom. */
const UNWANTED = /log-?(?:out|off)|sign-?(?:out|off)|delete|remove|destroy|unsubscribe|revoke|reset|cancel|shutdown/i;

/** Paths of the GET routes the project is understood to have, that can be asked as they are: no parameters. */
export async function ownPathsOf(project: Project, { assume }: Pick<AuditFlags, 'assume'>): Promise<readonly string[]> {
  const today = new Date();
  const wanted = {
    languages: languagesOf(['apps']),
    onlyDeployed: assume === undefined,
    sourceOf: (facts: Parameters<Parameters<typeof understandingOf>[1]['sourceOf']>[0]) => ({
      facts: (language: string) => facts.filter((each) => each.language === language) as never,
      files: project.files,
      today,
      ...(assume && { assume }),
    }),
  };
  const { model } = await understandingOf(project, wanted, {});
  const apps = model.view('apps');
  const routes = apps.state === 'present' ? apps.answer.routes : [];
  const paths = routes.filter(isAskable).flatMap(({ path }) => path ?? []);
  return [...new Set(paths)].toSorted().slice(0, MAX_PATHS);
}

const isAskable = ({ app, method, path, condition }: Route): boolean =>
  app.serving !== 'no' &&
  method === 'GET' &&
  condition !== 'development' &&
  path !== undefined &&
  /^\/[\w./~-]*$/.test(path) &&
  !path.startsWith('//') &&
  !UNWANTED.test(path);
