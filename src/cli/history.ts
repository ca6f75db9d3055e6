import type { Document } from '../document/document.ts';
import type { HistoryFile, HistoryLeak, HistoryReport } from '../document/history.ts';
import { languageOf } from '../document/language.ts';
import { formedSecretsIn, secretsIn } from '../facts/secrets.ts';
import type { SecretFact } from '../facts/secrets/secret-fact.ts';
import { BRIEF_CAPS, THOROUGH_CAPS, readHistory } from '../load/history.ts';
import type { Addition, HistoryCaps, NameChange } from '../load/history.ts';
import type { Project } from '../load/project.ts';
import { placeOf } from '../model/place.ts';
import type { Rule } from '../rule/rule.ts';
import type { AuditFlags } from './flags.ts';
import type { Progress } from './progress.ts';

/** What the history still holds; undefined where no rule asks, the user forbids it, or only some files are of interest. */
export async function historyFor(
  project: Project,
  rules: readonly Rule[],
  { history, changed }: Pick<AuditFlags, 'history' | 'changed'>,
  progress: Progress,
): Promise<HistoryReport | undefined> {
  if (history === false || (changed !== undefined && history === undefined)) return undefined;
  if (!rules.some(({ needs }) => needs.includes('history'))) return undefined;
  progress.say('Looking into the git history');
  return historyOf(project, history === true ? THOROUGH_CAPS : BRIEF_CAPS);
}

/** Whether another look would see the same: neither the clock nor a failure of git ended this one. */
export function isRepeatable(report: HistoryReport | undefined): boolean {
  if (report === undefined) return true;
  if (report.state === 'unknown') return report.reason === 'this is no git repository';
  return report.allNames && (report.stopped === undefined || /^more than \d+ commits$/.test(report.stopped));
}

/** A secret of the past, its value kept only to see whether it is still there. */
interface Candidate extends HistoryLeak {
  readonly value: string;
}

const MAX_CANDIDATES = 5_000;

export async function historyOf(project: Project, caps: HistoryCaps): Promise<HistoryReport> {
  const present = new Set(project.files.map(({ path }) => path));
  const gone = new Map<string, NameChange>();
  const searched = new Set<string>();
  const candidates = new Map<string, Candidate>();
  const extent = await readHistory(
    project.root,
    caps,
    (change) => {
      // newest first: the last one told is the oldest
      if (change.change === 'added' && !present.has(change.path) && isSensitiveName(change.path))
        gone.set(change.path, change);
    },
    (addition) => {
      if (isSensitiveName(addition.path)) searched.add(addition.path);
      for (const candidate of candidatesIn(addition)) {
        if (candidates.size < MAX_CANDIDATES || candidates.has(candidate.value))
          candidates.set(candidate.value, candidate);
      }
    },
  );
  if (extent.state === 'unknown') return extent;
  const { state: _, ...reach } = extent;
  return {
    state: 'searched',
    ...reach,
    leaks: leaksOf([...candidates.values()], project.documents),
    files: [...gone.values()]
      .map(({ path, commit, date }): HistoryFile => ({ path, commit, date, searched: searched.has(path) }))
      .toReversed(),
  };
}

/** Those that are in no file now: what still is has findings of its own. */
const leaksOf = (candidates: readonly Candidate[], documents: readonly Document[]): readonly HistoryLeak[] =>
  candidates
    .filter(({ value }) => !documents.some(({ text }) => text.includes(value)))
    .map(({ path, name, grade, commit, date }) => ({ path, name, grade, commit, date }))
    .toReversed();

function candidatesIn({ path, text, commit, date }: Addition): readonly Candidate[] {
  const place = placeOf(path);
  if (VENDORED.test(path)) return [];
  const isSettings = place === 'product' && languageOf(path) === 'dotenv' && !DEVELOPMENT.test(path);
  const document: Document = { path, text, language: 'dotenv', tracked: 'unknown' };
  const found = isSettings ? secretsIn(document) : formedSecretsIn(text);
  return found
    .filter(
      (secret) =>
        // keys beside the product were made for tests
        counts(secret) && (place === 'product' || (secret.strength === 'verified' && secret.kind === 'token')),
    )
    .map((secret) => ({
      path,
      commit,
      date,
      name: secret.name,
      grade: secret.grade,
      value: text.slice(secret.start, secret.end),
    }))
    .filter(({ value }) => value.length >= 6);
}

/** Only what opens something: no test keys, no words, nothing whose checksum is wrong. */
const counts = ({ strength, mode, grade, kind, expires }: SecretFact): boolean =>
  (strength === 'verified' || strength === 'shaped' || (strength === 'guessed' && kind === 'named')) &&
  mode === undefined &&
  grade !== 'info' &&
  grade !== 'low' &&
  (expires === undefined || expires * 1000 > Date.now());

const VENDORED =
  /(^|\/)(node_modules|bower_components|vendor|third_party|dist|build|\.yarn|__snapshots__|fixtures?)\/|\.(min\.js|map|snap|svg)$/;
const DEVELOPMENT = /\.(dev|development|local|test|ci|sample)(\.|$)/i;

/** Names of files that hold secrets as a whole. */
const SENSITIVE =
  /(^|\/)(\.env(\.[\w.-]+)?|id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.git-credentials|kubeconfig|[\w.-]*service-?account[\w.-]*\.json|[\w.-]+\.(p12|pfx|jks|keystore|kdbx|ppk|tfstate))$/i;

const isSensitiveName = (path: string): boolean =>
  SENSITIVE.test(path) &&
  placeOf(path) === 'product' &&
  !DEVELOPMENT.test(path) &&
  !/\.(js|ts|d\.ts|md|enc)$/.test(path);
