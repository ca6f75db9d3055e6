import type { Finding } from './finding.ts';

/** From so many on, findings that one change repairs are told as one. */
const MANY = 5;

/**
 * Findings of a rule that one and the same change repairs, as one finding at the first of their places. Those that are
 * ignored stay by themselves, so that a comment or a baseline answers for its own place alone.
 */
export function toldOnce(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  return findings.flatMap(({ repair: _repair, ...finding }, index): readonly Finding[] => {
    const given = findings[index];
    const key = given && keyOf(given);
    const group = key === undefined ? [] : (groups.get(key) ?? []);
    if (group.length < MANY) return [finding];
    return group[0] === given ? [withPlaces(finding, group.slice(1))] : [];
  });
}

const keyOf = ({ repair, ignored, edits, rule, severity, confidence }: Finding): string | undefined =>
  repair === undefined || ignored || edits ? undefined : [rule, severity, confidence, repair].join('\n');

const withPlaces = (finding: Finding, others: readonly Finding[]): Finding => ({
  ...finding,
  message: `${finding.message} The same in ${others.length} more places, and one change repairs them all.`,
  also: others.map(({ at, fingerprint }) => ({ at, fingerprint })),
});
