import { relative } from 'node:path';
import type { Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import type { Caps } from './caps.ts';
import { git } from './git.ts';
import type { GitAnswer } from './git.ts';
import { walk } from './walk.ts';

/** The files of a folder that count, by name: tracked, about to be tracked, and the few ignored ones that matter. */
export interface Listing {
  /** In path order. */
  readonly files: readonly ListedName[];
  readonly gaps: readonly Gap[];
}

export interface ListedName {
  readonly path: string;
  readonly tracked: Tracked;
}

export async function listingOf(root: string, caps: Caps): Promise<Listing> {
  const [top, listed, ignored] = await Promise.all([
    git(root, ['rev-parse', '--show-toplevel']),
    git(root, ['ls-files', '-z', '-t', '--cached', '--others', '--exclude-standard']),
    git(root, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']),
  ]);
  const counted = isElsewhere(root, top) ? ELSEWHERE : listed;
  if (counted.state === 'answered') {
    const files = new Map<string, Tracked>();
    for (const entry of counted.output.split('\0')) {
      const path = entry.slice(2);
      if (isInside(path)) files.set(path, entry.startsWith('?') ? 'untracked' : 'tracked');
    }
    if (ignored.state === 'answered') {
      for (const path of ignored.output.split('\0')) {
        if (isInside(path) && mattersThoughIgnored(path)) files.set(path, 'ignored');
      }
    }
    // a folder that the repository around it ignores as a whole has no file of its own in git's eyes
    if (files.size > 0) return capped(files, caps, []);
  }
  const walked = walk(root, caps, mattersThoughIgnored);
  return capped(walked.files, caps, [...gapsOf(counted), ...walked.gaps]);
}

/** A repository may claim a work tree anywhere on the disk. */
const isElsewhere = (root: string, top: GitAnswer): boolean =>
  top.state === 'answered' && relative(top.output.trimEnd(), root).startsWith('..');

const ELSEWHERE: GitAnswer = { state: 'failed', reason: 'its configuration says that the files are elsewhere' };

const isInside = (path: string): boolean => path !== '' && !path.startsWith('../') && !path.startsWith('/');

/** Local secrets: never leaked while ignored, but they can be weak, misread or copied into an image. */
const mattersThoughIgnored = (path: string): boolean =>
  /(^|\/)(\.env(\.[^/]+)?|[^/]+\.env|\.npmrc|\.netrc|id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(pem|key|p12|pfx|jks))$/.test(
    path,
  );

function gapsOf(answer: GitAnswer): readonly Gap[] {
  switch (answer.state) {
    case 'dubious ownership':
      return [
        {
          kind: 'unreached',
          message:
            'Git refuses to read this repository because it belongs to another user, so it is not known which files are tracked; run `git config --global --add safe.directory <folder>` if you trust it.',
        },
      ];
    case 'no git':
      return [
        {
          kind: 'unreached',
          message: 'No git command was found, so it is not known which files are tracked; install git.',
        },
      ];
    case 'failed':
    case 'capped':
      return [
        {
          kind: 'unreached',
          message: `Git did not list the files (${answer.reason}), so it is not known which are tracked.`,
        },
      ];
    case 'answered':
    case 'no repository':
      return [];
  }
}

function capped(files: ReadonlyMap<string, Tracked>, caps: Caps, gaps: readonly Gap[]): Listing {
  const all = [...files].map(([path, tracked]) => ({ path, tracked })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (all.length <= caps.files) return { files: all, gaps };
  const message = `The project has ${all.length} files; only the first ${caps.files} in path order were looked at. Audit one of its packages at a time.`;
  return { files: all.slice(0, caps.files), gaps: [...gaps, { kind: 'capped', message }] };
}
