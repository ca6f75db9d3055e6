import type { Language } from '../document/document.ts';
import type { Answer, Answers, Source, ViewDefinition } from './view.ts';
import type { ViewName, Views } from './views.ts';
import { apps } from './apps/view.ts';
import { deployments } from './deployments/deployments.ts';
import { clients } from './clients/view.ts';
import { code } from './code/view.ts';
import { cors } from './cors/view.ts';
import { credentials } from './credentials/view.ts';
import { handlers } from './handlers/view.ts';
import { history } from './history.ts';
import { edge } from './edge/view.ts';
import { misplaced } from './entries/compiled.ts';
import { entries } from './entries/entries.ts';
import { active } from './active.ts';
import { counted } from './counted.ts';
import { errorPages } from './error-pages.ts';
import { cookies } from './cookies.ts';
import { pages } from './pages.ts';
import { secured } from './secured.ts';
import { strained } from './strained.ts';
import { told } from './told.ts';
import { transport } from './transport.ts';
import { tightHeaps } from './memory.ts';
import { loading } from './loading/view.ts';
import { policies } from './policies/view.ts';
import { pooled } from './poolers/pooled.ts';
import { poolers } from './poolers/view.ts';
import { pools } from './pools/view.ts';
import { telemetry } from './telemetry/view.ts';
import { tokens } from './tokens.ts';
import { servers } from './servers/view.ts';
import { licenses } from './dependencies/licenses.ts';
import { lockfiles } from './dependencies/lockfiles.ts';
import { manifests } from './dependencies/manifests.ts';
import { nodeVersions } from './dependencies/node-versions.ts';
import { wiring } from './wiring/view.ts';
import { workflows } from './workflows/workflows.ts';
import { registrySettings } from './dependencies/registry-settings.ts';
import { flows } from './flows/view.ts';
import { advisories } from './dependencies/advisories.ts';
import { variableReads } from './environment/reads.ts';
import { requiredVariables } from './environment/required.ts';
import { environment } from './environment/view.ts';
import { ignores } from './ignores.ts';
import { images } from './images/images.ts';
import { managed } from './managers/managed.ts';
import { proxies } from './proxies/proxies.ts';
import { records } from './records/view.ts';
import { responses } from './responses.ts';
import { program } from './program/view.ts';
import { roles } from './roles.ts';
import { running } from './running/view.ts';
import { secrets } from './secrets.ts';
import { sensitiveFiles } from './sensitive-files.ts';

type Definitions = { readonly [Name in ViewName]: ViewDefinition<Name> };

const DEFINITIONS: Definitions = {
  apps,
  flows,
  clients,
  code,
  cors,
  credentials,
  handlers,
  history,
  loading,
  policies,
  pooled,
  poolers,
  pools,
  servers,
  telemetry,
  tightHeaps,
  tokens,
  deployments,
  edge,
  entries,
  advisories,
  environment,
  variableReads,
  requiredVariables,
  ignores,
  licenses,
  lockfiles,
  manifests,
  misplaced,
  nodeVersions,
  registrySettings,
  wiring,
  workflows,
  images,
  active,
  counted,
  errorPages,
  cookies,
  pages,
  secured,
  strained,
  transport,
  managed,
  proxies,
  records,
  responses,
  running,
  told,
  program,
  roles,
  secrets,
  sensitiveFiles,
};

/** The languages that must be read to answer the given views. */
export function languagesOf(names: Iterable<ViewName>): ReadonlySet<Language> {
  const seen = new Set<ViewName>();
  const languages = new Set<Language>();
  const visit = (name: ViewName): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const language of DEFINITIONS[name].reads) languages.add(language);
    DEFINITIONS[name].needs.forEach(visit);
  };
  for (const name of names) visit(name);
  return languages;
}

/** Answers views on demand, each at most once. */
export interface Model {
  readonly view: <Name extends ViewName>(name: Name) => Answer<Views[Name]>;
}

/** `onBuilt` hears what each view cost by itself, without the views it needed. */
export function modelOf(source: Source, onBuilt?: (view: ViewName, milliseconds: number) => void): Model {
  const answers = new Map<ViewName, Answer<unknown>>();
  const view = <Name extends ViewName>(name: Name): Answer<Views[Name]> => {
    const known = answers.get(name);
    if (known) return known as Answer<Views[Name]>;
    const definition: ViewDefinition = DEFINITIONS[name];
    const needs = Object.fromEntries(definition.needs.map((need) => [need, view(need)])) as Answers<ViewName>;
    const start = performance.now();
    const answer = definition.build(source, needs);
    onBuilt?.(name, performance.now() - start);
    answers.set(name, answer);
    return answer as Answer<Views[Name]>;
  };
  return { view };
}
