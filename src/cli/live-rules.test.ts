import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { audit } from '../engine/audit.ts';
import type { Project } from '../load/project.ts';
import { scoreOf } from '../score/score.ts';
import { liveRules } from './probe-command.ts';

/**
 * What must hold of every verdict on headers, whatever the headers are: how a header is written does not matter, an
 * unknown one does not, and one more protection never makes it worse. Over random sets of headers, repeatable by seed.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 4711);
const SETS = Number(process.env['FUZZ_SETS'] ?? 150);

const VALUES: Readonly<Record<string, readonly string[]>> = {
  'Strict-Transport-Security': [
    'max-age=31536000',
    'max-age=300',
    'max-age=0',
    'max-age = "31536000" ; includeSubDomains',
    '31536000abc',
    '',
  ],
  'Content-Security-Policy': [
    "default-src 'self'",
    "default-src 'self'; script-src 'unsafe-inline'",
    "script-src 'self' https:",
    'frame-ancestors *',
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "script-src 'nonce-q83vASNFZ4mrze8BI0VniQ' 'strict-dynamic'",
    'upgrade-insecure-requests',
    '',
  ],
  'X-Frame-Options': ['DENY', 'SAMEORIGIN', 'ALLOW-FROM https://a.example', 'nonsense'],
  'X-Content-Type-Options': ['nosniff', 'NoSniff', 'off', 'nosniff, nosniff'],
  'Set-Cookie': [
    'sid=abc',
    'sid=abc; Secure; HttpOnly; SameSite=Lax',
    'theme=dark',
    '__Host-a=1; Secure; Path=/',
    'a=b; SameSite=None',
  ],
  'X-Powered-By': ['Express', 'PHP/8.2'],
  'Cache-Control': ['no-store', 'public, max-age=60'],
  'Referrer-Policy': ['no-referrer', 'unsafe-url'],
};

/** Present and good, each takes away findings and never adds one. */
const GOOD: readonly (readonly [string, string])[] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Strict-Transport-Security', 'max-age=31536000'],
];

type Header = readonly [name: string, value: string];
type Random = () => number;

function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function headersFrom(random: Random): Header[] {
  return Object.entries(VALUES).flatMap(([name, values]): Header[] => {
    const value = values[Math.floor(random() * values.length * 1.6)];
    return value === undefined ? [] : [[name, value]];
  });
}

const CHECKED = liveRules(rules);

async function verdictOf(headers: readonly Header[]): Promise<{ found: readonly string[]; score: number }> {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const text = [
    'GET https://app.example/ HTTP/1.1',
    '',
    'HTTP/1.1 200 OK',
    'Content-Type: text/html; charset=utf-8',
    ...lines,
    '',
    '<!doctype html>',
  ].join('\n');
  const documents = [{ path: 'live/1-home.http', text, language: 'http', tracked: 'untracked' }] as const;
  const project: Project = { root: '/', documents, files: [], gaps: [] };
  const { findings, outcomes } = await audit(project, CHECKED, { today: new Date('2026-11-22') });
  expect(outcomes.filter(({ status }) => status === 'crashed')).toEqual([]);
  const found = findings.map(({ rule, severity }) => `${rule} ${severity}`).toSorted();
  return { found, score: scoreOf({ rules: CHECKED, outcomes, findings }).value };
}

const shuffled = <T>(list: readonly T[], random: Random): T[] =>
  list
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

const inSomeCase = (name: string, random: Random): string =>
  [...name].map((letter) => (random() < 0.5 ? letter.toLowerCase() : letter.toUpperCase())).join('');

const holds = (title: string, check: (headers: readonly Header[], random: Random) => Promise<void>): void => {
  it(`${title}, over ${SETS} sets of headers, seed ${SEED}`, async () => {
    const random = randomFrom(SEED);
    for (let set = 0; set < SETS; set += 1) await check(headersFrom(random), random);
  }, 120_000);
};

describe('verdicts on headers', () => {
  holds('do not depend on the case of names', async (headers, random) => {
    const other = headers.map(([name, value]): Header => [inSomeCase(name, random), value]);
    expect(await verdictOf(other), JSON.stringify(headers)).toEqual(await verdictOf(headers));
  });

  holds('do not depend on the order of different fields', async (headers, random) => {
    expect(await verdictOf(shuffled(headers, random)), JSON.stringify(headers)).toEqual(await verdictOf(headers));
  });

  holds('do not depend on white space around values', async (headers) => {
    const padded = headers.map(([name, value]): Header => [name, `  ${value} \t`]);
    expect(await verdictOf(padded), JSON.stringify(headers)).toEqual(await verdictOf(headers));
  });

  holds('do not depend on fields nobody knows', async (headers) => {
    const more: Header[] = [['X-Whatever', 'max-age=0'], ...headers, ['__proto__', 'x']];
    expect(await verdictOf(more), JSON.stringify(headers)).toEqual(await verdictOf(headers));
  });

  holds('do not get better without a protection', async (headers) => {
    for (const [name, value] of GOOD) {
      const without = headers.filter((header) => header[0] !== name);
      const withIt = await verdictOf([...without, [name, value]]);
      expect(withIt.score, `${name} on ${JSON.stringify(headers)}`).toBeGreaterThanOrEqual(
        (await verdictOf(without)).score,
      );
    }
  });

  holds('gain no finding by a second, stricter policy', async (headers) => {
    const strict: Header = [
      'Content-Security-Policy',
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    ];
    const before = await verdictOf(headers);
    const after = await verdictOf([...headers, strict]);
    const known = new Set(before.found);
    expect(
      after.found.filter((finding) => !known.has(finding)),
      JSON.stringify(headers),
    ).toEqual([]);
  });

  holds('gain no more than notes by an equal duplicate', async (headers) => {
    const before = await verdictOf(headers);
    const once = headers.filter(([name]) => name !== 'Set-Cookie');
    const after = await verdictOf([...headers, ...once]);
    const known = new Set(before.found);
    const gained = after.found.filter((finding) => !known.has(finding) && !finding.endsWith(' info'));
    expect(gained, JSON.stringify(headers)).toEqual([]);
  });
});
