import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { satisfies } from 'semver';
import type { Advisory, AdvisoryReport, PackageVersion } from '../../document/advisory.ts';
import { advisoriesIn, severityOf } from './osv-record.ts';
import { answerOf, listOf, NoAnswer, recordOf, textIn } from './request.ts';
import type { RequestLimits } from './request.ts';

export interface AdvisorySource {
  /**
   * `osv`: https://google.github.io/osv.dev/api/; `registry`: the bulk endpoint of an npm registry; `file`: records of
   * OSV in a JSON file, as a list, an object with `vulns`, or one a line.
   */
  readonly kind: 'osv' | 'registry' | 'file';
  /** Address of the service, or path of the file. */
  readonly at: string;
  /** Folder in which answers are kept for a day. */
  readonly cache?: string;
  readonly timeoutMs?: number;
  readonly now?: Date;
}

export const OSV = 'https://api.osv.dev';

const A_DAY_MS = 86_400_000;
const MAX_QUERIES = 1_000;
const MAX_RECORDS = 2_000;
const AT_ONCE = 8;
const MAX_FILE_BYTES = 1024 * 1024 * 1024;
const LIMITS: RequestLimits = { timeoutMs: 10_000, maxBytes: 64 * 1024 * 1024 };

/**
 * Asks for known holes in packages. Only names and versions are sent; `isPrivate` keeps a package to ourselves.
 * Never throws: whatever goes wrong is "unknown", which is not "none".
 */
export async function advisoriesOn(
  all: readonly PackageVersion[],
  source: AdvisorySource,
  isPrivate: (name: string) => boolean = () => false,
): Promise<AdvisoryReport> {
  const asked = all.filter(({ name, version }) => version !== '' && !isPrivate(name));
  const skipped = [...new Set(all.filter(({ name }) => isPrivate(name)).map(({ name }) => name))].toSorted();
  const now = source.now ?? new Date();
  const limits = { ...LIMITS, ...(source.timeoutMs !== undefined && { timeoutMs: source.timeoutMs }) };
  try {
    const versions = versionsByName(asked);
    const file = source.cache === undefined ? undefined : cacheFile(source.cache, source, versions);
    const kept = file === undefined ? undefined : cached(file, now);
    const { asOf, advisories } = kept ?? { asOf: now, advisories: await found(source, versions, limits) };
    if (file !== undefined && !kept) keep(file, { asOf, advisories });
    const from = source.kind === 'file' ? source.at : new URL(source.at).host;
    return { state: 'known', from, asOf, advisories, skipped };
  } catch (error) {
    return { state: 'unknown', reason: error instanceof NoAnswer ? error.message : 'the advisories could not be read' };
  }
}

type Versions = ReadonlyMap<string, readonly string[]>;

function versionsByName(packages: readonly PackageVersion[]): Versions {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages) {
    const known = versions.get(name);
    if (known) known.add(version);
    else versions.set(name, new Set([version]));
  }
  return new Map(
    [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => [name, [...of].toSorted()]),
  );
}

async function found(source: AdvisorySource, versions: Versions, limits: RequestLimits): Promise<readonly Advisory[]> {
  if (source.kind === 'file') return inFile(source.at, versions);
  return source.kind === 'osv' ? fromOsv(source.at, versions, limits) : fromRegistry(source.at, versions, limits);
}

async function fromOsv(base: string, versions: Versions, limits: RequestLimits): Promise<readonly Advisory[]> {
  const queries = [...versions].flatMap(([name, of]) =>
    of.map((version) => ({ package: { name, ecosystem: 'npm' }, version })),
  );
  const ids = new Set<string>();
  for (let at = 0; at < queries.length; at += MAX_QUERIES) {
    const part = queries.slice(at, at + MAX_QUERIES);
    const answer = await answerOf(new URL('/v1/querybatch', base), posted({ queries: part }), limits);
    const results = recordOf(answer)['results'];
    if (!Array.isArray(results) || results.length !== part.length) throw new NoAnswer('OSV answered another question');
    for (const result of results) {
      const { vulns, next_page_token: more } = recordOf(result);
      if (typeof more === 'string' && more !== '') throw new NoAnswer('OSV has more advisories than fit its answer');
      for (const record of listOf(vulns)) ids.add(textIn(recordOf(record)['id'], 60));
    }
  }
  if (ids.size > MAX_RECORDS) throw new NoAnswer(`OSV knows more than ${MAX_RECORDS} advisories for these packages`);
  const open = [...ids].filter((id) => /^[\w.-]+$/.test(id)).toSorted();
  const advisories: Advisory[] = [];
  for (let at = 0; at < open.length; at += AT_ONCE) {
    const records = await Promise.all(
      open.slice(at, at + AT_ONCE).map((id) => answerOf(new URL(`/v1/vulns/${id}`, base), {}, limits)),
    );
    for (const record of records) {
      if (textIn(recordOf(record)['id']) === '') throw new NoAnswer('OSV answered no advisory');
      advisories.push(...advisoriesIn(record, versions));
    }
  }
  return withoutAliases(advisories);
}

/** The endpoint `npm audit` asks: name → versions in, name → advisories out. It does not say what repairs them. */
async function fromRegistry(base: string, versions: Versions, limits: RequestLimits): Promise<readonly Advisory[]> {
  const url = new URL('-/npm/v1/security/advisories/bulk', base.endsWith('/') ? base : `${base}/`);
  const body = gzipSync(JSON.stringify(Object.fromEntries(versions)));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const answer = await answerOf(url, { method: 'POST', headers, body }, limits);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new NoAnswer(`${url.host} answered no list`);
  return Object.entries(answer).flatMap(([name, advisories]) => {
    if (!Array.isArray(advisories))
      throw new NoAnswer(`${url.host} answered no list of advisories for ${name.slice(0, 100)}`);
    return advisories.flatMap((advisory): readonly Advisory[] => {
      const { url: page, title, severity, vulnerable_versions: range } = recordOf(advisory);
      const concerned = (versions.get(name) ?? []).filter((version) =>
        satisfies(version, textIn(range), { includePrerelease: true }),
      );
      const id =
        /GHSA(-[23456789cfghjmpqrvwx]{4}){3}/.exec(textIn(page))?.[0] ?? String(recordOf(advisory)['id']).slice(0, 60);
      if (concerned.length === 0) return [];
      const malicious = /malware|malicious/i.test(textIn(title));
      return [
        {
          id,
          aliases: [],
          package: name,
          versions: concerned,
          severity: severityOf(severity),
          summary: textIn(title),
          fixed: [],
          malicious,
        },
      ];
    });
  });
}

const posted = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function inFile(path: string, versions: Versions): readonly Advisory[] {
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new NoAnswer(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(`${path} cannot be read`);
  }
  const records = recordsIn(text);
  if (!records) throw new NoAnswer(`${path} holds no records of OSV`);
  return withoutAliases(records.flatMap((record) => advisoriesIn(record, versions)));
}

function recordsIn(text: string): readonly unknown[] | undefined {
  try {
    const whole: unknown = JSON.parse(text);
    if (Array.isArray(whole)) return whole as unknown[];
    const { vulns, id } = recordOf(whole);
    return Array.isArray(vulns) ? (vulns as unknown[]) : typeof id === 'string' ? [whole] : undefined;
  } catch {
    try {
      return text.split('\n').flatMap((line): unknown[] => (line.trim() === '' ? [] : [JSON.parse(line)]));
    } catch {
      return undefined;
    }
  }
}

/** The same hole is told under several names: the one of GitHub has the severity. */
function withoutAliases(advisories: readonly Advisory[]): readonly Advisory[] {
  const kept: Advisory[] = [];
  const rank = ({ id }: Advisory): number => (id.startsWith('GHSA-') ? 0 : id.startsWith('MAL-') ? 1 : 2);
  for (const advisory of advisories.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))) {
    const same = kept.some(
      (known) =>
        known.package === advisory.package &&
        (known.id === advisory.id || known.aliases.includes(advisory.id) || advisory.aliases.includes(known.id)),
    );
    if (!same) kept.push(advisory);
  }
  return kept;
}

const cacheFile = (folder: string, { kind, at }: AdvisorySource, versions: Versions): string =>
  join(
    folder,
    `advisories-${createHash('sha256')
      .update(JSON.stringify([1, kind, at, [...versions]]))
      .digest('hex')}.json`,
  );

interface Kept {
  readonly asOf: Date;
  readonly advisories: readonly Advisory[];
}

function cached(file: string, now: Date): Kept | undefined {
  try {
    const { asOf, advisories } = recordOf(JSON.parse(readFileSync(file, 'utf8')));
    const day = new Date(textIn(asOf));
    const age = now.getTime() - day.getTime();
    return age >= 0 && age < A_DAY_MS && Array.isArray(advisories)
      ? { asOf: day, advisories: advisories as Advisory[] }
      : undefined;
  } catch {
    return undefined;
  }
}

function keep(file: string, kept: Kept): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(kept));
    renameSync(own, file);
  } catch {
    // without a cache the next run asks again
  }
}
