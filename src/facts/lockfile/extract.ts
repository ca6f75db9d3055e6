import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import { bunLockOf } from './bun.ts';
import type { LockfileFacts } from './lockfile-facts.ts';
import { npmLockOf } from './npm.ts';
import { pnpmLockOf } from './pnpm.ts';
import { yarnLockOf } from './yarn.ts';

const MAX_LENGTH = 32 * 1024 * 1024;
const CONFLICT = /^<{7} |^>{7} /m;

export function extract({ path, text }: Document): Extraction<LockfileFacts> {
  const manager = managerOf(path);
  const nothing: LockfileFacts = { manager, format: '', packages: [], importers: [] };
  const unread = (message: string): Extraction<LockfileFacts> => ({
    facts: nothing,
    gaps: [{ kind: 'unreadable', message, at: { path, start: 0, end: 0 } }],
  });
  if (text.length > MAX_LENGTH) return unread(`${path} is longer than ${MAX_LENGTH} characters and was not read.`);
  if (CONFLICT.test(text)) return unread(`${path} holds the marks of a merge conflict.`);
  try {
    const facts = lockOf(manager, text);
    return facts ? { facts, gaps: [] } : unread(`${path} could not be parsed.`);
  } catch {
    return unread(`${path} could not be parsed.`);
  }
}

export function managerOf(path: string): LockfileFacts['manager'] {
  if (path.endsWith('pnpm-lock.yaml')) return 'pnpm';
  if (path.endsWith('yarn.lock')) return 'yarn';
  return path.endsWith('bun.lock') ? 'bun' : 'npm';
}

function lockOf(manager: LockfileFacts['manager'], text: string): LockfileFacts | undefined {
  if (manager === 'pnpm') return pnpmLockOf(text);
  if (manager === 'yarn') return yarnLockOf(text);
  return manager === 'bun' ? bunLockOf(text) : npmLockOf(text);
}
