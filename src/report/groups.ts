import type { AuditReport, ReportedFinding, ReportedOutcome } from './audit-report.ts';
import { CATEGORIES, SEVERITIES } from './category.ts';
import type { Category, Severity } from './category.ts';

/** The findings of one category, rule by rule, worst first. */
export interface CategoryGroup {
  readonly category: Category;
  /** Points its controls cost. */
  readonly points: number;
  readonly rules: readonly RuleGroup[];
}

export interface RuleGroup {
  readonly rule: string;
  /** The worst of its findings. */
  readonly severity: Severity;
  /** Worst first, then by place. */
  readonly findings: readonly [ReportedFinding, ...ReportedFinding[]];
  readonly outcome: ReportedOutcome | undefined;
}

/** Neither unsure nor ignored nor of the baseline. */
export const isOpen = ({ confidence, ignored }: ReportedFinding): boolean =>
  confidence !== 'unsure' && ignored === undefined;

export const openFindings = ({ findings }: AuditReport): readonly ReportedFinding[] => findings.filter(isOpen);

/** Categories with the worst rule first, and within them rules and findings with the worst first. */
export function groupsOf(report: AuditReport, findings: readonly ReportedFinding[]): readonly CategoryGroup[] {
  return CATEGORIES.map((category): CategoryGroup => ({
    category,
    points: pointsOf(report, category),
    rules: ruleGroupsOf(
      report,
      findings.filter((finding) => finding.category === category),
    ),
  }))
    .filter(({ rules }) => rules.length > 0)
    .toSorted((a, b) => rankOf(a.rules[0]?.severity) - rankOf(b.rules[0]?.severity));
}

export function ruleGroupsOf(report: AuditReport, findings: readonly ReportedFinding[]): readonly RuleGroup[] {
  const outcomes = new Map(report.outcomes.map((outcome) => [outcome.rule, outcome]));
  const byRule = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const known = byRule.get(finding.rule);
    if (known) known.push(finding);
    else byRule.set(finding.rule, [finding]);
  }
  return [...byRule]
    .flatMap(([rule, all]): RuleGroup[] => {
      const [worst, ...rest] = all.toSorted(byWeight);
      return worst ? [{ rule, severity: worst.severity, findings: [worst, ...rest], outcome: outcomes.get(rule) }] : [];
    })
    .toSorted((a, b) => byWeight(a.findings[0], b.findings[0]));
}

/** Worst and surest first, then where a reader meets them. */
export const byWeight = (a: ReportedFinding, b: ReportedFinding): number =>
  rankOf(a.severity) - rankOf(b.severity) ||
  CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
  compare(a.at.path, b.at.path) ||
  a.at.start.line - b.at.start.line ||
  a.at.start.column - b.at.start.column ||
  compare(a.rule, b.rule);

const CONFIDENCES = ['certain', 'likely', 'unsure'] as const;

const rankOf = (severity: Severity | undefined): number =>
  severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const pointsOf = ({ score }: AuditReport, category: Category): number =>
  score.lines
    .filter((line) => line.kind === 'control' && line.category === category)
    .reduce((sum, { points }) => sum + points, 0);

/**
 * Where to begin: the worst finding of the worst rules, at most three; those that break the gate before others, and
 * among equals those of the category that comes first.
 */
export function startHere(report: AuditReport): readonly RuleGroup[] {
  const breaking = new Set(report.gate.breaches.flatMap(({ fingerprints }) => fingerprints));
  const open = openFindings(report).filter(({ severity }) => severity !== 'info');
  const first = open.filter(({ fingerprint }) => breaking.has(fingerprint));
  return ruleGroupsOf(report, first.length > 0 ? first : open)
    .toSorted((a, b) => urgencyOf(a) - urgencyOf(b))
    .slice(0, 3);
}

const urgencyOf = ({ findings: [worst] }: RuleGroup): number =>
  (rankOf(worst.severity) * CONFIDENCES.length + CONFIDENCES.indexOf(worst.confidence)) * CATEGORIES.length +
  CATEGORIES.indexOf(worst.category);
