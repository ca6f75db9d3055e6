import type { Finding } from './finding.ts';
import { SEVERITIES } from '../rule/rule.ts';

const CONFIDENCES: readonly Finding['confidence'][] = ['certain', 'likely', 'unsure'];

/**
 * Without those that say of a piece of text what a worse or surer finding of the same control says of it already: a
 * password in the code is one thing to repair, whether its name gave it away or where it is used.
 */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const byPlace = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.control}\n${finding.at.path}`;
    const known = byPlace.get(key);
    if (known) known.push(finding);
    else byPlace.set(key, [finding]);
  }
  return findings.filter((finding) =>
    (byPlace.get(`${finding.control}\n${finding.at.path}`) ?? []).every(
      (other) => other.rule === finding.rule || !overlap(finding, other) || weight(finding, other) < 0,
    ),
  );
}

function overlap({ at: a }: Finding, { at: b }: Finding): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

type Position = Finding['at']['start'];

const isBefore = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

/** Below zero where the first says more; never zero for two rules. */
const weight = (a: Finding, b: Finding): number =>
  CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  (a.rule < b.rule ? -1 : 1);
