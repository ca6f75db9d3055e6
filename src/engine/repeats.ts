import type { Finding } from './finding.ts';

const CONFIDENCES: readonly Finding['confidence'][] = ['certain', 'likely', 'unsure'];

/**
 * Without guesses about a piece of text of which another rule of the same control is sure: a password in the code is one
 * thing to repair, whether its name gave it away or where it is used.
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
      (other) => other.rule === finding.rule || !overlap(finding, other) || !isSurer(other, finding),
    ),
  );
}

function overlap({ at: a }: Finding, { at: b }: Finding): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

type Position = Finding['at']['start'];

const isBefore = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

const isSurer = (a: Finding, b: Finding): boolean =>
  CONFIDENCES.indexOf(a.confidence) < CONFIDENCES.indexOf(b.confidence);
