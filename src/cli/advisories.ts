import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import type { AdvisoryReport, PackageVersion } from '../document/advisory.ts';
import type { Document } from '../document/document.ts';
import { extract } from '../facts/lockfile/extract.ts';
import { advisoriesOn, OSV } from '../load/advisories/advisories.ts';
import type { AdvisorySource } from '../load/advisories/advisories.ts';
import type { Project } from '../load/project.ts';
import { cacheFolder } from './cache-file.ts';
import type { AuditFlags } from './flags.ts';
import type { Progress } from './progress.ts';

/** What is known of holes in the locked packages; undefined where the user did not ask. */
export async function advisoriesFor(
  { documents }: Pick<Project, 'documents'>,
  { advisories, cache, offline }: Pick<AuditFlags, 'advisories' | 'cache' | 'offline'>,
  progress: Progress,
): Promise<AdvisoryReport | undefined> {
  if (advisories === undefined) return undefined;
  const lockfiles = documents.filter(({ language }) => language === 'lockfile');
  if (lockfiles.length === 0) return { state: 'unknown', reason: 'there is no lockfile' };
  const source = sourceOf(advisories === true ? 'osv' : advisories);
  if (offline && source.kind !== 'file')
    return { state: 'unknown', reason: 'it would have been asked of others, and --offline forbids it' };
  const packages = lockfiles.flatMap(packagesOf);
  progress.say(
    `Asking ${source.kind === 'file' ? source.at : new URL(source.at).host} about ${packages.length} packages`,
  );
  return advisoriesOn(packages, { ...source, ...(cache && { cache: cacheFolder() }) }, privateNames(documents));
}

/** Only what a registry has: no links, git repositories or files. */
const packagesOf = (document: Document): readonly PackageVersion[] =>
  extract(document).facts.packages.flatMap(({ name, version, source }) =>
    source === 'registry' && version !== '' ? [{ name, version }] : [],
  );

/** Scopes the project fetches from a registry of their own, and the names of its own packages, are told to nobody. */
function privateNames(documents: readonly Document[]): (name: string) => boolean {
  const scopes = new Set<string>();
  const own = new Set<string>();
  for (const { path, text, language } of documents) {
    if (/(^|\/)\.npmrc$/.test(path)) {
      for (const [, scope = ''] of text.matchAll(/^\s*(@[\w.-]+):registry\s*=/gm)) scopes.add(scope);
    }
    if (/(^|\/)\.yarnrc\.ya?ml$/.test(path)) {
      for (const [, scope = ''] of text.matchAll(/^ {2}["']?@?([\w.-]+)["']?:\s*$/gm)) scopes.add(`@${scope}`);
    }
    const name = language === 'manifest' ? /"name"\s*:\s*"([^"]{1,214})"/.exec(text)?.[1] : undefined;
    if (name !== undefined) own.add(name);
  }
  return (name) => own.has(name) || scopes.has(name.slice(0, Math.max(0, name.indexOf('/'))));
}

function sourceOf(wish: string): AdvisorySource {
  if (wish === 'osv') return { kind: 'osv', at: OSV };
  if (wish === 'registry') return { kind: 'registry', at: userRegistry() };
  if (/^https?:\/\//.test(wish)) return { kind: 'osv', at: wish };
  if (existsSync(wish)) return { kind: 'file', at: resolve(wish) };
  throw new AuditError(2, `--advisories ${wish} is neither osv, registry, an address nor a file.`, 'Name one of them.');
}

/** The registry the user's own npm is set to. Never one the project names: it may be anybody's. */
function userRegistry(): string {
  // npm itself sets the same name in lower case, from the settings of the project it runs in
  const fromVariable = process.env['NPM_CONFIG_REGISTRY'];
  const file = process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc');
  const fromFile = existsSync(file) ? /^\s*registry\s*=\s*(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  const registry = fromVariable ?? fromFile;
  if (registry !== undefined && /^https?:\/\/[^@${]+$/.test(registry)) return registry;
  throw new AuditError(
    2,
    'Your npm names no registry of its own.',
    'Use --advisories osv, or set one: npm config set registry <address>.',
  );
}
