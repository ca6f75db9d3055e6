import { compare, gte, lt, valid } from 'semver';
import type { Advisory } from '../../document/advisory.ts';
import { listOf, recordOf, textIn } from './request.ts';

const SEVERITIES: ReadonlyMap<string, Advisory['severity']> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
]);

export const severityOf = (word: unknown): Advisory['severity'] =>
  SEVERITIES.get(textIn(word).toLowerCase()) ?? 'unknown';

/**
 * What a record of OSV says about versions of packages; nothing for one that was withdrawn.
 * Source: https://ossf.github.io/osv-schema/
 */
export function advisoriesIn(record: unknown, versionsOf: ReadonlyMap<string, readonly string[]>): readonly Advisory[] {
  const { id, withdrawn, aliases, summary, details, affected, database_specific: specific } = recordOf(record);
  const name = textIn(id, 60);
  if (name === '' || withdrawn !== undefined) return [];
  return listOf(affected).flatMap((entry): readonly Advisory[] => {
    const { package: of, ranges, versions } = recordOf(entry);
    const { name: packageName, ecosystem } = recordOf(of);
    const asked = ecosystem === 'npm' ? versionsOf.get(textIn(packageName)) : undefined;
    if (!asked) return [];
    const listed = new Set(listOf(versions));
    const spans = listOf(ranges).flatMap(spansOf);
    const concerned = asked.filter((version) => listed.has(version) || spans.some((span) => isIn(span, version)));
    if (concerned.length === 0) return [];
    return [
      {
        id: name,
        aliases: listOf(aliases).map((alias) => textIn(alias, 60)),
        package: textIn(packageName),
        versions: concerned,
        severity: severityOf(recordOf(specific)['severity']),
        summary: textIn(summary) || textIn(details, 120).split('\n')[0] || name,
        fixed: spans.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed])).toSorted(compare),
        malicious: name.startsWith('MAL-') || listOf(aliases).some((alias) => textIn(alias).startsWith('MAL-')),
      },
    ];
  });
}

interface AffectedSpan {
  readonly introduced: string;
  readonly fixed?: string;
  readonly last?: string;
}

function spansOf(range: unknown): readonly AffectedSpan[] {
  const { type, events } = recordOf(range);
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return [];
  const spans: AffectedSpan[] = [];
  let introduced: string | undefined;
  for (const event of listOf(events)) {
    const { introduced: from, fixed, last_affected: last } = recordOf(event);
    if (typeof from === 'string') {
      if (introduced !== undefined) spans.push({ introduced });
      introduced = from === '0' ? '0.0.0-0' : from;
    } else if (introduced !== undefined && typeof fixed === 'string') {
      if (valid(fixed)) spans.push({ introduced, fixed });
      introduced = undefined;
    } else if (introduced !== undefined && typeof last === 'string') {
      spans.push({ introduced, last });
      introduced = undefined;
    }
  }
  if (introduced !== undefined) spans.push({ introduced });
  return spans;
}

function isIn({ introduced, fixed, last }: AffectedSpan, version: string): boolean {
  if (!valid(version) || !valid(introduced) || !gte(version, introduced)) return false;
  if (fixed !== undefined) return lt(version, fixed);
  return last === undefined || (valid(last) !== null && !lt(last, version));
}
