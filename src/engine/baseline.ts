import type { Finding } from './finding.ts';

/** Findings that were there when it was written: by identity, without line numbers and without counts. */
export interface Baseline {
  /** In path, rule and fingerprint order. */
  readonly findings: readonly BaselineEntry[];
}

export interface BaselineEntry {
  readonly fingerprint: string;
  /** For people who read the file, and to know whether this run could have seen it. */
  readonly rule: string;
  readonly path: string;
}

export interface Refreshed {
  readonly baseline: Baseline;
  /** Solved since: no longer in it. */
  readonly gone: readonly BaselineEntry[];
  /** Found now and not in the old one: in the new one only if accepted. */
  readonly fresh: readonly BaselineEntry[];
}

/**
 * The baseline after a run. What is solved leaves it; what is new enters only if accepted, so that refreshing it
 * swallows no new debt. An entry this run could not have seen stays.
 */
export function refreshed(
  old: Baseline,
  findings: readonly Finding[],
  { accept, wasSeen }: { readonly accept: boolean; readonly wasSeen: (entry: BaselineEntry) => boolean },
): Refreshed {
  const now = new Map(
    findings
      .filter(({ ignored }) => ignored === undefined || ignored.by === 'baseline')
      .flatMap(({ fingerprint, rule, at, also = [] }) =>
        [{ fingerprint, at }, ...also].map((each) => [
          each.fingerprint,
          { fingerprint: each.fingerprint, rule, path: each.at.path },
        ]),
      ),
  );
  const before = new Set(old.findings.map(({ fingerprint }) => fingerprint));
  const gone = old.findings.filter((entry) => !now.has(entry.fingerprint) && wasSeen(entry));
  const fresh = [...now.values()].filter(({ fingerprint }) => !before.has(fingerprint));
  const isGone = new Set(gone);
  const kept = old.findings.filter((entry) => !isGone.has(entry));
  return {
    baseline: { findings: [...kept, ...(accept ? fresh : [])].toSorted(byPathAndRule) },
    gone,
    fresh,
  };
}

const byPathAndRule = (a: BaselineEntry, b: BaselineEntry): number =>
  compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
