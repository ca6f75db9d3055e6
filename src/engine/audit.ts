import type { AdvisoryReport } from '../document/advisory.ts';
import type { Document, Language } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { maskOf } from '../document/mask.ts';
import type { HistoryReport } from '../document/history.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import { secretsIn } from '../facts/secrets.ts';
import { hiddenBy } from '../facts/secrets/secret-fact.ts';
import type { SecretFact } from '../facts/secrets/secret-fact.ts';
import type { Project } from '../load/project.ts';
import { languagesOf, modelOf } from '../model/model.ts';
import type { Model } from '../model/model.ts';
import type { Declared } from '../model/flows/surroundings.ts';
import type { Role } from '../model/role.ts';
import type { DocumentSecrets } from '../model/secrets.ts';
import type { Source } from '../model/view.ts';
import type { ViewName } from '../model/views.ts';
import type { Rule, RuleId } from '../rule/rule.ts';
import { check } from './check.ts';
import { checkDeclared } from './declared.ts';
import type { Checked } from './check.ts';
import { pageOf } from './excerpt.ts';
import type { Page } from './excerpt.ts';
import type { ExtractOptions } from './extract-all.ts';
import { understandingOf } from './understanding.ts';
import type { Wanted } from './understanding.ts';
import type { Finding, Outcome } from './finding.ts';
import { byPlace, findingsOf } from './findings-of.ts';
import { grantedOf, ignoredBy, ignoresOf } from './ignore.ts';
import { ignoreCommentsIn } from './ignore-comment.ts';
import type { IgnoreWish } from './ignore-comment.ts';
import { narrowed } from './narrowed.ts';
import { withoutRepeats } from './repeats.ts';
import { toldOnce } from './told-once.ts';
import { unmentionedIn } from './unmentioned.ts';

export interface AuditOptions extends ExtractOptions {
  /** Known holes in the packages of the lockfiles; absent where nobody was asked. */
  readonly advisories?: AdvisoryReport;
  /** What git keeps of before; absent where nobody looked. */
  readonly history?: Promise<HistoryReport | undefined>;
  readonly today: Date;
  /** What the user says of calls the analysis cannot judge by itself. */
  readonly declared?: Declared;
  /** Treat every module as reachable from an entry of this role. */
  readonly assume?: Role;
  /** Every rule there is; `rules` are those that run. Default: the same. */
  readonly known?: readonly RuleId[];
  /** What the configuration wishes to ignore; comments come from the documents. `none` ignores nothing at all. */
  readonly ignore?: readonly IgnoreWish[] | 'none';
  /** Fingerprints of findings that were there before. */
  readonly baseline?: ReadonlySet<string>;
  /** Report only what concerns these files, or folders with a trailing `/`. */
  readonly only?: readonly string[];
}

export interface AuditResult {
  /** In path and position order. */
  readonly findings: readonly Finding[];
  /** One for each rule, in the order of the rules. */
  readonly outcomes: readonly Outcome[];
  /** What could not be seen, whichever rule asked. */
  readonly gaps: readonly Gap[];
  /** What the code is deployed as; empty where that is not known, or no rule asks. */
  readonly roles: readonly Role[];
}

/** load → documents → **facts → model → rules → findings**. */
export async function audit(project: Project, rules: readonly Rule[], options: AuditOptions): Promise<AuditResult> {
  const { today, known = rules.map(({ id }) => id), ignore = [], only } = options;
  const views = viewsOf(rules);
  let history: HistoryReport | undefined;
  const wanted = wantedOf(project, rules, options, () => history);
  const { facts, source, model } = await understandingOf(project, wanted, options);
  const program = options.declared && languagesOf(views).has('javascript') ? model.view('program') : undefined;
  if (options.declared && program?.state === 'present') checkDeclared(options.declared, program.answer);
  // git looks while the code is read
  history = await options.history;
  const others = rules.filter((rule) => !judgesIgnores(rule));
  const first = run(project, others, model, options);

  const wishes = ignore === 'none' ? [] : [...(await ignoreCommentsIn(project.documents)), ...ignore];
  const granted = grantedOf(first.findings, wishes, today);
  const ignores = ignoresOf(wishes, new Set(granted.values()), { known, outcomes: first.outcomes, today });
  const second = run(project, rules.filter(judgesIgnores), modelOf({ ...source, ignores }), options);

  const outcomes = new Map([...first.outcomes, ...second.outcomes].map((outcome) => [outcome.rule, outcome]));
  const result: AuditResult = {
    findings: [
      ...withIgnored(first.findings, granted, options),
      ...withIgnored(second.findings, grantedOf(second.findings, wishes, today), options),
    ].toSorted(byPlace),
    outcomes: rules.flatMap(({ id }) => outcomes.get(id) ?? []),
    gaps: distinct([
      ...project.gaps,
      ...facts.flatMap(({ gaps }) => gaps),
      ...(views.has('roles') ? rolesGaps(model) : []),
      // rules that ask the same views have the same list
      ...[...new Set([...outcomes.values()].map(({ gaps }) => gaps))].flat(),
    ]),
    roles: views.has('roles') ? rolesIn(model) : [],
  };
  const asked = only ? narrowed(result, only) : result;
  return { ...asked, findings: toldOnce(asked.findings) };
}

/** A rule about front-ends asks code that no deployment starts; every other rule is about what is deployed. */
function wantedOf(
  project: Project,
  rules: readonly Rule[],
  options: AuditOptions,
  history: () => HistoryReport | undefined,
): Wanted {
  const isAboutBrowsers = ({ roles, needs }: Rule): boolean =>
    roles.includes('frontend') && languagesOf(needs).has('javascript');
  return {
    languages: languagesOf(viewsOf(rules)),
    onlyDeployed: options.assume === undefined && !rules.some(isAboutBrowsers),
    sourceOf: (facts) => sourceOf(project, facts, options, history),
  };
}

function rolesIn(model: Model): readonly Role[] {
  const roles = model.view('roles');
  return roles.state === 'present' ? [...roles.answer.all] : [];
}

/** What could not be said of the roles: whether rules apply hangs on it. */
function rolesGaps(model: Model): readonly Gap[] {
  const roles = model.view('roles');
  return roles.state === 'present' ? roles.gaps : [];
}

/** Such a rule runs last: what was ignored is known only after all others have run. */
const judgesIgnores = ({ needs }: Rule): boolean => needs.includes('ignores');

function run(
  project: Project,
  rules: readonly Rule[],
  model: Model,
  { stopwatch }: AuditOptions,
): Pick<AuditResult, 'findings' | 'outcomes'> {
  const languageAt = new Map(project.documents.map(({ path, language }) => [path, language]));
  const checked = rules.map((rule) => check(rule, model, (path) => languageAt.get(path), stopwatch));
  const pages = pagesOf(project, checked);
  return {
    findings: withoutRepeats(findingsOf(rules, checked, pages)),
    outcomes: checked.map(({ outcome }) => outcome),
  };
}

function withIgnored(
  findings: readonly Finding[],
  granted: ReadonlyMap<string, IgnoreWish>,
  { baseline }: AuditOptions,
): readonly Finding[] {
  return findings.map((finding) => {
    const wish = granted.get(finding.fingerprint);
    if (wish) return { ...finding, ignored: ignoredBy(wish) };
    if (!baseline?.has(finding.fingerprint)) return finding;
    return { ...finding, ignored: { by: 'baseline', reason: 'It was there when the baseline was written.' } };
  });
}

/** Looked for at most once a run, and only if a view asks. */
function secretsOf(documents: readonly Document[]): () => readonly DocumentSecrets[] {
  let found: readonly DocumentSecrets[] | undefined;
  return () => {
    found ??= documents.flatMap((document) => {
      const { path, language, tracked } = document;
      const secrets = secretsIn(document);
      return secrets.length > 0 ? [{ path, language, tracked, secrets }] : [];
    });
    return found;
  };
}

/** The views of the rules, and the roles where a rule is not for every role. */
function viewsOf(rules: readonly Rule[]): ReadonlySet<ViewName> {
  const views = new Set<ViewName>(rules.flatMap(({ needs }) => needs));
  if (rules.some((rule) => !rule.roles.includes('any'))) views.add('roles');
  return views;
}

function sourceOf(
  project: Project,
  facts: readonly DocumentFacts[],
  { today, assume, advisories, declared }: AuditOptions,
  history: () => HistoryReport | undefined,
): Source {
  const byLanguage = new Map<Language, DocumentFacts[]>();
  for (const fact of facts) {
    const known = byLanguage.get(fact.language);
    if (known) known.push(fact);
    else byLanguage.set(fact.language, [fact]);
  }
  return {
    facts: (language) => (byLanguage.get(language) ?? []) as never,
    files: project.files,
    secrets: secretsOf(project.documents),
    unmentioned: (names) => unmentionedIn(project.documents, names),
    today,
    ...(assume && { assume }),
    ...(declared && { declared }),
    ...(advisories && { advisories }),
    history,
  };
}

/** The documents some problem is in, ready to be quoted; a file that was only listed, or is gone, has nothing to quote. */
function pagesOf({ documents, files }: Project, checked: readonly Checked[]): ReadonlyMap<string, Page> {
  const quoted = new Set(
    checked.flatMap(({ problems }) =>
      problems.flatMap(({ at, trail = [] }) => [at.path, ...trail.map((step) => step.at.path)]),
    ),
  );
  const listed = files
    .filter(({ path }) => quoted.has(path))
    .map(({ path, tracked }): Document => ({ path, tracked, text: '', language: 'text' }));
  const known = new Set([...files, ...documents].map(({ path }) => path));
  const gone = [...quoted]
    .filter((path) => !known.has(path))
    .map((path): Document => ({ path, tracked: 'unknown', text: '', language: 'text' }));
  return new Map(
    [...gone, ...listed, ...documents.filter(({ path }) => quoted.has(path))].map((document) => [
      document.path,
      pageOf(document, withFlagged(document, secretsIn(document), checked)),
    ]),
  );
}

/** What rules know to be a secret by its use is hidden like what its look gave away. */
function withFlagged(
  { path, text }: Document,
  secrets: readonly SecretFact[],
  checked: readonly Checked[],
): readonly SecretFact[] {
  const flagged = checked.flatMap(({ problems }) =>
    problems.flatMap(({ at, secret }) => {
      if (!secret || at.path !== path) return [];
      const quotes = /^["'`]/.test(text.slice(at.start, at.end)) ? 1 : 0;
      const span = { start: at.start + quotes, end: at.end - quotes };
      return secrets.some(({ start, end }) => start < span.end && span.start < end)
        ? []
        : [hiddenBy('a secret', span, maskOf(text.slice(span.start, span.end)))];
    }),
  );
  return flagged.length === 0 ? secrets : [...secrets, ...flagged].toSorted((a, b) => a.start - b.start);
}

const distinct = (gaps: readonly Gap[]): readonly Gap[] => [
  ...new Map(gaps.map((gap) => [`${gap.message}\n${gap.at?.path}\n${gap.at?.start}`, gap])).values(),
];
