import type { Document, Language } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import { extractorOf } from '../facts/extract.ts';
import { secretsIn } from '../facts/secrets.ts';
import type { Project } from '../load/project.ts';
import { languagesOf, modelOf } from '../model/model.ts';
import type { Role } from '../model/role.ts';
import type { Source } from '../model/view.ts';
import type { ViewName } from '../model/views.ts';
import type { Rule } from '../rule/rule.ts';
import { check } from './check.ts';
import type { Checked } from './check.ts';
import { pageOf } from './excerpt.ts';
import type { Page } from './excerpt.ts';
import type { Finding, Outcome } from './finding.ts';
import { findingsOf } from './findings-of.ts';

export interface AuditOptions {
  readonly today: Date;
  /** Treat every module as reachable from an entry of this role. */
  readonly assume?: Role;
}

export interface AuditResult {
  /** In path and position order. */
  readonly findings: readonly Finding[];
  /** One for each rule, in the order of the rules. */
  readonly outcomes: readonly Outcome[];
  /** What could not be seen, whichever rule asked. */
  readonly gaps: readonly Gap[];
}

/** load → documents → **facts → model → rules → findings**. */
export async function audit(project: Project, rules: readonly Rule[], options: AuditOptions): Promise<AuditResult> {
  const languages = languagesOf(viewsOf(rules));
  const facts = await extractAll(project.documents, languages);
  const model = modelOf(sourceOf(project, facts, options));
  const languageAt = languagesByPath(project.documents);
  const checked = rules.map((rule) => check(rule, model, (path) => languageAt.get(path)));
  const pages = pagesOf(project.documents, checked);
  return {
    findings: findingsOf(rules, checked, pages),
    outcomes: checked.map(({ outcome }) => outcome),
    gaps: distinct([
      ...project.gaps,
      ...facts.flatMap(({ gaps }) => gaps),
      ...checked.flatMap(({ outcome }) => outcome.gaps),
    ]),
  };
}

/** The views of the rules, and the roles where a rule is not for every role. */
function viewsOf(rules: readonly Rule[]): ReadonlySet<ViewName> {
  const views = new Set<ViewName>(rules.flatMap(({ needs }) => needs));
  if (rules.some((rule) => !rule.roles.includes('any'))) views.add('roles');
  return views;
}

async function extractAll(
  documents: readonly Document[],
  languages: ReadonlySet<Language>,
): Promise<readonly DocumentFacts[]> {
  const facts: DocumentFacts[] = [];
  for (const document of documents) {
    if (!languages.has(document.language)) continue;
    const extract = await extractorOf(document.language);
    facts.push(extract(document));
  }
  return facts;
}

function sourceOf(project: Project, facts: readonly DocumentFacts[], { today, assume }: AuditOptions): Source {
  const byLanguage = new Map<Language, DocumentFacts[]>();
  for (const fact of facts) {
    const known = byLanguage.get(fact.language);
    if (known) known.push(fact);
    else byLanguage.set(fact.language, [fact]);
  }
  return {
    facts: (language) => (byLanguage.get(language) ?? []) as never,
    files: project.files,
    today,
    ...(assume && { assume }),
  };
}

const languagesByPath = (documents: readonly Document[]): ReadonlyMap<string, Language> =>
  new Map(documents.map(({ path, language }) => [path, language]));

/** The documents some problem is in, ready to be quoted. */
function pagesOf(documents: readonly Document[], checked: readonly Checked[]): ReadonlyMap<string, Page> {
  const quoted = new Set(
    checked.flatMap(({ problems }) =>
      problems.flatMap(({ at, trail = [] }) => [at.path, ...trail.map((step) => step.at.path)]),
    ),
  );
  return new Map(
    documents
      .filter(({ path }) => quoted.has(path))
      .map((document) => [document.path, pageOf(document, secretsIn(document))]),
  );
}

const distinct = (gaps: readonly Gap[]): readonly Gap[] => [
  ...new Map(gaps.map((gap) => [`${gap.message}\n${gap.at?.path}\n${gap.at?.start}`, gap])).values(),
];
