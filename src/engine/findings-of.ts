import type { Problem, Rule } from '../rule/rule.ts';
import type { Category } from '../rule/category.ts';
import type { Checked } from './check.ts';
import { excerptOf, placeOf, withoutSecrets } from './excerpt.ts';
import type { Page } from './excerpt.ts';
import { Fingerprints } from './fingerprint.ts';
import type { Finding } from './finding.ts';

/** Problems as they are reported: placed, quoted, masked, identified; in path and position order. */
export function findingsOf(
  rules: readonly Rule[],
  checked: readonly Checked[],
  pages: ReadonlyMap<string, Page>,
): readonly Finding[] {
  const fingerprints = new Fingerprints();
  const found = checked.flatMap(({ problems }, index) => {
    const rule = rules[index];
    return rule ? distinct(problems).map((problem) => ({ rule, problem })) : [];
  });
  found.sort(
    (a, b) =>
      compare(a.problem.at.path, b.problem.at.path) ||
      a.problem.at.start - b.problem.at.start ||
      compare(a.rule.id, b.rule.id),
  );
  return found.flatMap(({ rule, problem }) => {
    const page = pages.get(problem.at.path);
    return page ? [findingOf(rule, problem, page, pages, fingerprints)] : [];
  });
}

function findingOf(
  rule: Rule,
  problem: Problem,
  page: Page,
  pages: ReadonlyMap<string, Page>,
  fingerprints: Fingerprints,
): Finding {
  const clean = (text: string): string => withoutSecrets(text, pages.values());
  return {
    rule: rule.id,
    category: rule.id.slice(0, rule.id.indexOf('/')) as Category,
    control: rule.control ?? rule.id,
    severity: problem.severity ?? rule.severity,
    confidence: problem.unsure === undefined ? (problem.confidence ?? 'certain') : 'unsure',
    cwe: rule.cwe === undefined ? [] : [rule.cwe],
    owasp: rule.owasp ?? null,
    message: clean(problem.message),
    ...(problem.unsure !== undefined && { unsure: clean(problem.unsure) }),
    ...(problem.mitigated !== undefined && { mitigated: clean(problem.mitigated) }),
    at: placeOf(page, problem.at),
    trail: (problem.trail ?? []).flatMap(({ at, note }) => {
      const stepPage = pages.get(at.path);
      return stepPage ? [{ at: placeOf(stepPage, at), note: clean(note) }] : [];
    }),
    excerpt: excerptOf(page, problem.at),
    fix: rule.fix,
    fingerprint: fingerprints.next(rule.id, page, problem.at),
    ...(problem.repair !== undefined && { repair: problem.repair }),
    ...(problem.edits && { edits: problem.edits }),
  };
}

/** Two ways to the same place with the same message are one finding. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(
    problems.map((problem) => [`${problem.at.path}:${problem.at.start}:${problem.at.end}:${problem.message}`, problem]),
  ).values(),
];

/** In path and position order. */
export const byPlace = (a: Finding, b: Finding): number =>
  compare(a.at.path, b.at.path) ||
  a.at.start.line - b.at.start.line ||
  a.at.start.column - b.at.start.column ||
  compare(a.rule, b.rule);

/** Code-unit order, the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
