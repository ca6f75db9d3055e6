import type { Finding } from '../engine/finding.ts';
import { SEVERITIES } from '../rule/rule.ts';
import type { Severity } from '../rule/rule.ts';
import { byWeight, evidenceOf } from './score.ts';
import type { Score } from './score.ts';

export interface GateOptions {
  /** The least severity that breaks the gate. */
  readonly level: Severity | 'none';
  readonly minScore: number | null;
  /** Percent. */
  readonly minCoverage: number | null;
}

export interface Gate extends GateOptions {
  readonly status: 'held' | 'broken';
  readonly breaches: readonly Breach[];
}

export interface Breach {
  readonly kind: 'findings' | 'score' | 'coverage';
  readonly message: string;
  /** Of the findings that break it, worst first. */
  readonly fingerprints: readonly string[];
}

export const DEFAULT_GATE: GateOptions = { level: 'high', minScore: null, minCoverage: null };

/**
 * Whether this may be merged. Judges what is new: what is ignored, of the baseline, unsure, or made up for by the
 * deployment breaks nothing. The score is for people; it enters only where a least score is asked for.
 */
export function gateOf(
  findings: readonly Finding[],
  score: Pick<Score, 'value' | 'coverage'>,
  options: GateOptions,
): Gate {
  const breaches = [
    ...findingsBreach(findings, options.level),
    ...minimumBreach('score', 'The score', score.value, options.minScore),
    ...minimumBreach('coverage', 'The coverage', score.coverage, options.minCoverage),
  ];
  return { ...options, status: breaches.length > 0 ? 'broken' : 'held', breaches };
}

function findingsBreach(findings: readonly Finding[], level: GateOptions['level']): readonly Breach[] {
  if (level === 'none') return [];
  const breaking = findings
    .filter((finding) => breaks(finding, level))
    .toSorted(byWeight)
    .map(({ fingerprint }) => fingerprint);
  if (breaking.length === 0) return [];
  const what = breaking.length === 1 ? '1 finding is' : `${breaking.length} findings are`;
  const message = `${what} ${level}${level === 'critical' ? '' : ' or worse'}.`;
  return [{ kind: 'findings', message, fingerprints: breaking }];
}

const breaks = (finding: Finding, level: Severity): boolean =>
  finding.ignored === undefined &&
  finding.confidence !== 'unsure' &&
  evidenceOf(finding) !== 'mitigated' &&
  SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(level);

const minimumBreach = (
  kind: 'score' | 'coverage',
  name: string,
  value: number,
  least: number | null,
): readonly Breach[] =>
  least !== null && value < least
    ? [{ kind, message: `${name} is ${value}, less than ${least}.`, fingerprints: [] }]
    : [];
