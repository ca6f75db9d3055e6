import { describe, expect, it } from 'vitest';
import { rules as known } from '../../rules/index.ts';
import type { Document } from '../document/document.ts';
import { audit } from '../engine/audit.ts';
import { liveRules } from './probe-command.ts';

/** What must hold for any set of headers, whatever is right about it. */
type Header = readonly [name: string, value: string];

/** A small random generator whose run can be repeated from its seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  'Content-Security-Policy': [
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "script-src 'unsafe-inline'",
    'default-src *; frame-ancestors *',
    "script-src https: 'nonce-q83vEjRWeJASNFZ4mrzeEA=='; script-src script-src",
    ';',
    'frame-ancestors https://*',
    "default-src 'self' script-src 'none'",
  ],
  'Strict-Transport-Security': [
    'max-age=31536000',
    'max-age=300',
    'max-age=0',
    'max-age',
    'max-age=31536000; preload',
    '"',
  ],
  'X-Frame-Options': ['DENY', 'ALLOW-FROM https://a.example', 'SAMEORIGIN, DENY', ''],
  'X-Content-Type-Options': ['nosniff', 'NOSNIFF, x', 'no', ''],
  'Referrer-Policy': ['no-referrer', 'unsafe-url', 'no-referrer, origin', 'x'],
  'Permissions-Policy': ['camera=()', 'camera=*', "camera 'none'"],
  'Cross-Origin-Opener-Policy': ['same-origin', '"same-origin"'],
  'Set-Cookie': [
    'sid=abcdef; Path=/',
    '__Host-a=1; Path=/x; Secure',
    'theme=a; SameSite=None; Secure',
    'a=1; Secure; SameSite=Foo',
  ],
  'Access-Control-Allow-Origin': ['*', 'null', 'https://a.example/'],
  'X-Powered-By': ['Express'],
};

function headersFrom(random: () => number): readonly Header[] {
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? '';
  return Object.entries(VALUES).flatMap(([name, values]): Header[] => {
    const count = random() < 0.6 ? 1 : random() < 0.3 ? 2 : 0;
    return Array.from({ length: count }, () => [name, pick(values)]);
  });
}

const RULES = liveRules(known);

/** Rules and severities, without their places. */
async function verdictOf(headers: readonly Header[]): Promise<readonly string[]> {
  const lines = headers.map(([name, value]) => `${name}: ${value}`.trimEnd());
  const text = [
    '# address: 203.0.113.7 public',
    'GET https://app.example/ HTTP/1.1',
    '',
    'HTTP/1.1 200 OK',
    'Content-Type: text/html',
    ...lines,
    '',
    '<!doctype html><title>Shop</title>',
  ].join('\n');
  const document: Document = { path: 'live/1-home.http', text, language: 'http', tracked: 'untracked' };
  const project = { root: '/', documents: [document], files: [], gaps: [] };
  const { findings } = await audit(project, RULES, { today: new Date('2026-06-01'), known: known.map(({ id }) => id) });
  return findings.map(({ rule, severity, message }) => `${rule} ${severity} ${message.toLowerCase()}`).toSorted();
}

const SEED = 20_261_124;
const SETS = 60;
const STRICT: Header = [
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
];
/** Of these several equal lines are one value that no browser knows. */
const STRUCTURED = /^cross-origin-(?:opener|embedder|resource)-policy$/i;

describe(`${SETS} sets of headers, seed ${SEED}`, () => {
  const random = randomFrom(SEED);
  const sets = Array.from({ length: SETS }, () => headersFrom(random));

  it('are judged alike in any case of their names and among headers nobody knows', async () => {
    for (const headers of sets) {
      const shouted = headers.map(([name, value]): Header => [name.toUpperCase(), `  ${value}`]);
      const others: readonly Header[] = [['X-Request-Id', '7'], ...shouted, ['Vary', 'Accept-Encoding']];
      expect(await verdictOf(others)).toEqual(await verdictOf(headers));
    }
  });

  it('are judged alike in any order of names', async () => {
    for (const headers of sets) {
      const turned = Object.keys(VALUES)
        .toReversed()
        .flatMap((name) => headers.filter((header) => header[0] === name));
      expect(await verdictOf(turned)).toEqual(await verdictOf(headers));
    }
  });

  it('are not worse for a second and stricter policy', async () => {
    for (const headers of sets) {
      const before = new Set(await verdictOf(headers));
      const added = (await verdictOf([...headers, STRICT])).filter((finding) => !before.has(finding));
      expect(added).toEqual([]);
    }
  });

  it('are not worse for a line that is sent twice', async () => {
    for (const headers of sets) {
      const [again] = headers.filter(([name]) => !STRUCTURED.test(name) && name !== 'Access-Control-Allow-Origin');
      if (!again) continue;
      const before = new Set(await verdictOf(headers));
      const at = headers.indexOf(again);
      const added = (await verdictOf([...headers.slice(0, at), again, ...headers.slice(at)])).filter(
        (finding) => !before.has(finding),
      );
      expect(added).toEqual([]);
    }
  });
});
