import type { AdvisoryReport } from '../document/advisory.ts';
import type { Document, Span } from '../document/document.ts';
import type { HistoryReport } from '../document/history.ts';
import { languageOf } from '../document/language.ts';
import { lineStartsOf, positionAt } from '../document/position.ts';
import { audit } from '../engine/audit.ts';
import type { Finding } from '../engine/finding.ts';
import { fixesOf } from '../engine/fix.ts';
import type { Project } from '../load/project.ts';
import type { Example, Rule } from '../rule/rule.ts';

/** Rules that judge dates are tested as of this day. */
export const EXAMPLE_DAY = new Date('2026-11-22T00:00:00Z');

export interface Verdict {
  /** `path:line:column text`, sorted. */
  readonly found: readonly string[];
  /** What the marks expect, in the same form. */
  readonly expected: readonly string[];
  readonly status: string;
  readonly reason: string;
  /** The files the safe edits change, as they are afterwards. */
  readonly fixed: Readonly<Record<string, string>>;
}

/** What a rule says of an example, and what its marks expect. */
export async function verdictOf(rule: Rule, files: Example['files']): Promise<Verdict> {
  const { documents, marks } = documentsOf(files);
  const project: Project = { root: '/', documents, files: documents.map(listed), gaps: [] };
  const hasManifest = documents.some(({ language }) => language === 'manifest');
  const role = rule.roles[0] === 'any' ? 'service' : rule.roles[0];
  const advisories = advisoriesIn(documents);
  const history = historyIn(documents);
  const result = await audit(project, [rule], {
    today: EXAMPLE_DAY,
    ...(!hasManifest && { assume: role }),
    ...(advisories && { advisories }),
    history: Promise.resolve(history),
  });
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  const outcome = result.outcomes[0];
  return {
    found: result.findings.map((finding) => shownFinding(finding, texts)).toSorted(),
    expected: marks.toSorted(),
    status: outcome?.status ?? 'crashed',
    reason: outcome?.reason ?? '',
    fixed: Object.fromEntries(fixesOf(documents, result.findings).map(({ path, after }) => [path, after])),
  };
}

/** An example says in `advisories.json` what a service would have answered. */
function advisoriesIn(documents: readonly Document[]): AdvisoryReport | undefined {
  const file = documents.find(({ path }) => path === 'advisories.json');
  const advisories = file && (JSON.parse(file.text) as Extract<AdvisoryReport, { state: 'known' }>['advisories']);
  return advisories && { state: 'known', from: 'an example', asOf: EXAMPLE_DAY, advisories, skipped: [] };
}

/** An example says in `history.json` what the repository keeps of before. */
function historyIn(documents: readonly Document[]): HistoryReport | undefined {
  const file = documents.find(({ path }) => path === 'history.json');
  const kept = file && (JSON.parse(file.text) as Partial<Extract<HistoryReport, { state: 'searched' }>>);
  return (
    kept && {
      state: 'searched',
      searched: 3,
      commits: 3,
      allNames: true,
      shallow: false,
      leaks: [],
      files: [],
      ...kept,
    }
  );
}

const listed = ({ path, tracked, text }: Document): Project['files'][number] => ({ path, tracked, bytes: text.length });

function shownFinding({ at }: Finding, texts: ReadonlyMap<string, string>): string {
  const text = texts.get(at.path) ?? '';
  const starts = lineStartsOf(text);
  const offset = ({ line, column }: { line: number; column: number }): number => (starts[line - 1] ?? 0) + column - 1;
  return shown(at.path, text, { start: offset(at.start), end: offset(at.end) });
}

function shown(path: string, text: string, { start, end }: Span): string {
  const { line, column } = positionAt(lineStartsOf(text), start);
  return `${path}:${line}:${column} ${text.slice(start, end)}`;
}

/** Takes the marks out of the files of an example. */
export function documentsOf(files: Example['files']): { documents: Document[]; marks: string[] } {
  const documents: Document[] = [];
  const marks: string[] = [];
  for (const [path, marked] of Object.entries(files)) {
    const { text, spans } = unmarked(marked);
    documents.push({ path, text, language: languageOf(path, text), tracked: 'tracked' });
    marks.push(...spans.map((span) => shown(path, text, span)));
  }
  return { documents: documents.toSorted((a, b) => (a.path < b.path ? -1 : 1)), marks };
}

function unmarked(marked: string): { text: string; spans: Span[] } {
  let text = '';
  const open: number[] = [];
  const spans: Span[] = [];
  for (const character of marked) {
    if (character === '«') open.push(text.length);
    else if (character === '»') spans.push({ start: open.pop() ?? 0, end: text.length });
    else text += character;
  }
  return { text, spans };
}
