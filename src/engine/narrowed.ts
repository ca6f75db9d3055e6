import type { Finding, Outcome } from './finding.ts';

/**
 * Only what concerns the named files (or, with a trailing `/`, folders): a finding in one of them, or a flow through
 * one. A rule without a finding left has nothing against these files.
 */
export function narrowed<
  Result extends { readonly findings: readonly Finding[]; readonly outcomes: readonly Outcome[] },
>(result: Result, only: readonly string[]): Result {
  const folders = only.filter((path) => path.endsWith('/'));
  const files = new Set(only);
  const isNamed = (path: string): boolean => files.has(path) || folders.some((folder) => path.startsWith(folder));
  const findings = result.findings.filter(
    ({ at, trail }) => isNamed(at.path) || trail.some((step) => isNamed(step.at.path)),
  );
  const sure = new Set(findings.filter(({ confidence }) => confidence !== 'unsure').map(({ rule }) => rule));
  const any = new Set(findings.map(({ rule }) => rule));
  const statusOf = ({ rule, status, gaps }: Outcome): Outcome['status'] => {
    if (status !== 'failed' && status !== 'unsure') return status;
    if (sure.has(rule)) return 'failed';
    if (any.has(rule)) return 'unsure';
    return gaps.length > 0 ? 'partly' : 'passed';
  };
  const outcomes = result.outcomes.map((outcome) => ({ ...outcome, status: statusOf(outcome) }));
  return { ...result, findings, outcomes };
}
