import type { Commit } from '../document/history.ts';
import { gitStream, git } from './git.ts';
import type { GitAnswer, GitCaps } from './git.ts';

/** Limits of one look through the history. */
export interface HistoryCaps extends GitCaps {
  readonly commits: number;
}

const MEBIBYTE = 1024 * 1024;

/** What a look at every run may cost. Commits are what ends it: the same run ends at the same commit. */
export const BRIEF_CAPS: HistoryCaps = { commits: 100, bytes: 64 * MEBIBYTE, milliseconds: 10_000 };
export const THOROUGH_CAPS: HistoryCaps = { commits: 50_000, bytes: 2_000 * MEBIBYTE, milliseconds: 120_000 };

/** The lines one commit adds to one file. */
export interface Addition extends Commit {
  readonly path: string;
  readonly text: string;
}

/** A name that one commit adds or takes away. */
export interface NameChange extends Commit {
  readonly path: string;
  readonly change: 'added' | 'deleted';
}

export type Extent =
  | {
      readonly state: 'read';
      readonly searched: number;
      readonly commits: number;
      readonly stopped?: string;
      readonly allNames: boolean;
      readonly shallow: boolean;
    }
  | { readonly state: 'unknown'; readonly reason: string };

/** No filter, driver, pager, signature or rename search of the repository; paths of this folder alone, from it. */
const PLAIN = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-show-signature',
  '--no-notes',
  '--no-mailmap',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--relative',
];
const SETTINGS = ['-c', 'core.quotePath=false', '-c', 'log.diffMerges=off', '-c', 'diff.orderFile=/dev/null'];
const HEADER = '%x01%h %cs';
const LONGEST_LINE = 100_000;

/**
 * Every name the history adds or deletes, and the lines its commits add, newest first. Streamed: nothing is kept here.
 * What lies beyond a cap is told in the answer.
 */
export async function readHistory(
  root: string,
  caps: HistoryCaps,
  onName: (change: NameChange) => void,
  onAddition: (addition: Addition) => void,
): Promise<Extent> {
  const [count, shallow] = await Promise.all([
    git(root, ['rev-list', '--count', '--all']),
    git(root, ['rev-parse', '--is-shallow-repository']),
  ]);
  if (count.state !== 'answered') return { state: 'unknown', reason: reasonOf(count) };
  const commits = Number(count.output.trim());
  const names = new Lines(nameReader(onName));
  const patch = patchReader(onAddition);
  const lines = new Lines(patch.line);
  const [named, added] = await Promise.all([
    gitStream(root, NAMES, { ...caps, bytes: THOROUGH_CAPS.bytes }, (chunk) => names.add(chunk)),
    gitStream(root, additionsOf(caps.commits), caps, (chunk) => lines.add(chunk)),
  ]);
  names.end();
  lines.end();
  patch.end();
  // a partial clone ends where its first missing object is
  const broken = added.state === 'failed' && patch.commits() > 0;
  for (const answer of broken ? [named] : [named, added]) {
    if (answer.state !== 'answered' && answer.state !== 'capped') return { state: 'unknown', reason: reasonOf(answer) };
  }
  const most = Math.min(commits, caps.commits);
  const stopped = broken
    ? 'some of its objects are not on this machine'
    : added.state === 'capped'
      ? added.reason
      : commits > caps.commits
        ? `more than ${caps.commits} commits`
        : undefined;
  return {
    state: 'read',
    // merges and commits outside the folder add nothing to be searched
    searched: broken || added.state === 'capped' ? Math.min(most, patch.commits()) : most,
    commits,
    ...(stopped !== undefined && { stopped }),
    allNames: named.state === 'answered',
    shallow: shallow.state === 'answered' && shallow.output.trim() === 'true',
  };
}

const NAMES = [
  ...SETTINGS,
  'log',
  '--all',
  '--diff-filter=AD',
  '--name-status',
  `--format=${HEADER}`,
  ...PLAIN,
  '--',
  '.',
];

const additionsOf = (commits: number): readonly string[] => [
  ...SETTINGS,
  'log',
  '--all',
  `--max-count=${commits}`,
  '-p',
  '-U0',
  '--diff-filter=AM',
  '--no-merges',
  `--format=${HEADER}`,
  ...PLAIN,
  '--',
  '.',
];

const reasonOf = (answer: GitAnswer): string =>
  answer.state === 'failed' || answer.state === 'capped'
    ? `git did not answer (${answer.reason})`
    : ({ 'no repository': 'this is no git repository', 'no git': 'there is no git command' }[answer.state as string] ??
      'git refuses to read a repository of another user');

/** Cuts a stream of bytes into lines; of a line without end only the start is kept. */
class Lines {
  #rest = '';
  #skipping = false;
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (!this.#skipping) this.#onLine(text.slice(start, Math.min(end, start + LONGEST_LINE)));
      this.#skipping = false;
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > LONGEST_LINE) {
      if (!this.#skipping) this.#onLine(this.#rest.slice(0, LONGEST_LINE));
      this.#skipping = true;
      this.#rest = '';
    }
  }

  end(): void {
    if (this.#rest !== '' && !this.#skipping) this.#onLine(this.#rest);
    this.#rest = '';
  }
}

const commitIn = (line: string): Commit | undefined => {
  const [commit, date] = line.startsWith('\u0001') ? line.slice(1).split(' ') : [];
  return commit !== undefined && date !== undefined ? { commit, date } : undefined;
};

function nameReader(onName: (change: NameChange) => void): (line: string) => void {
  let commit: Commit | undefined;
  return (line) => {
    const header = commitIn(line);
    if (header) commit = header;
    else if (commit && /^[AD]\t/.test(line)) {
      const change = line.startsWith('A') ? ('added' as const) : ('deleted' as const);
      onName({ ...commit, path: line.slice(2), change });
    }
  };
}

/** A file of a patch is added to in one piece; longer than this it is data. */
const LONGEST_ADDITION = 1_000_000;

function patchReader(onAddition: (addition: Addition) => void): {
  readonly line: (line: string) => void;
  readonly end: () => void;
  readonly commits: () => number;
} {
  let commit: Commit | undefined;
  let path: string | undefined;
  let added: string[] = [];
  let length = 0;
  let inHunk = false;
  let commits = 0;
  const end = (): void => {
    if (commit && path !== undefined && added.length > 0) onAddition({ ...commit, path, text: added.join('\n') });
    path = undefined;
    added = [];
    length = 0;
    inHunk = false;
  };
  const line = (text: string): void => {
    const header = commitIn(text);
    if (header) {
      end();
      commit = header;
      commits += 1;
    } else if (text.startsWith('diff --git ')) end();
    else if (!inHunk && text.startsWith('+++ b/')) path = text.slice('+++ b/'.length).replace(/\t$/, '');
    else if (text.startsWith('@@ ')) inHunk = true;
    else if (inHunk && text.startsWith('+') && length < LONGEST_ADDITION) {
      added.push(text.slice(1));
      length += text.length;
    }
  };
  return { line, end, commits: () => commits };
}
